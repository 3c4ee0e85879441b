//! The program of the portal, for whoever is signed in.
//!
//! The functions marked `wasm_split` are cut out of it by `cargo xtask build portal`, with all that only they use, and are loaded when
//! they are needed. Everything else is what a first page waits for.

#![cfg_attr(target_arch = "wasm32", no_main)]
#![cfg_attr(target_arch = "wasm32", allow(unreachable_pub, reason = "wasm-bindgen exports public functions only"))]

#[cfg(target_arch = "wasm32")]
mod program {
    use std::pin::Pin;

    use leptos::prelude::*;
    use leptos::wasm_split::{self, SplitLoaderError, wasm_split};
    use shared::TicketId;
    use support_spa::features::my_data::MyDataPage;
    use support_spa::features::new_ticket::NewTicketPane;
    use support_spa::features::offline::outbox::{self, Sent, Waited};
    use support_spa::features::reply::ReplyForm;
    use support_spa::features::settings::SettingsPage;
    use support_spa::features::thread::{RatingForm, ThreadStore, TicketPane};
    use support_spa::parts::{Loader, Loaders, Lost};
    use wasm_bindgen::prelude::wasm_bindgen;

    type Made = Result<AnyView, SplitLoaderError>;

    #[wasm_split(ticket, wasm_split_path = wasm_split, fallible, preload(load_ticket))]
    fn ticket(id: TicketId) -> Made {
        Ok(view! { <TicketPane id=id/> }.into_any())
    }

    #[wasm_split(reply, wasm_split_path = wasm_split, fallible, preload(load_reply))]
    fn reply(store: ThreadStore) -> Made {
        Ok(view! { <ReplyForm store=store/> }.into_any())
    }

    // It comes together with the reply box: by itself it would be small, and share much.
    #[wasm_split(reply, wasm_split_path = wasm_split, fallible, preload(load_rating))]
    fn rating(store: ThreadStore) -> Made {
        Ok(view! { <RatingForm store=store/> }.into_any())
    }

    #[wasm_split(new_ticket, wasm_split_path = wasm_split, fallible, preload(load_new_ticket))]
    fn new_ticket() -> Made {
        Ok(view! { <NewTicketPane/> }.into_any())
    }

    #[wasm_split(outbox, wasm_split_path = wasm_split, fallible, preload(load_outbox))]
    fn send(waited: Waited) -> Result<Pin<Box<dyn Future<Output = Sent>>>, SplitLoaderError> {
        Ok(Box::pin(outbox::send(waited)))
    }

    #[wasm_split(settings, wasm_split_path = wasm_split, fallible, preload(load_settings))]
    fn settings() -> Made {
        Ok(view! { <SettingsPage/> }.into_any())
    }

    #[wasm_split(my_data, wasm_split_path = wasm_split, fallible, preload(load_my_data))]
    fn my_data() -> Made {
        Ok(view! { <MyDataPage/> }.into_any())
    }

    macro_rules! loader {
        ($load:ident, $view:ident($($argument:ident)?)) => {
            Loader {
                load: || Box::pin(async { $load().await.map_err(|_| Lost) }),
                call: |loader!(@pattern $($argument)?)| {
                    Box::pin(async move { $view($($argument)?).await.map_err(|_| Lost) })
                },
            }
        };
        (@pattern $argument:ident) => { $argument };
        (@pattern) => { () };
    }

    /// Puts the portal in place of whatever stands there.
    #[wasm_bindgen]
    pub fn start() {
        support_spa::start::portal(Loaders {
            ticket: loader!(load_ticket, ticket(id)),
            reply: loader!(load_reply, reply(store)),
            rating: loader!(load_rating, rating(store)),
            new_ticket: loader!(load_new_ticket, new_ticket()),
            settings: loader!(load_settings, settings()),
            my_data: loader!(load_my_data, my_data()),
            outbox: Loader {
                load: || Box::pin(async { load_outbox().await.map_err(|_| Lost) }),
                call: |waited| Box::pin(async move { Ok(send(waited).await.map_err(|_| Lost)?.await) }),
            },
        });
    }
}

/// A browser runs this; on the host there is nothing to do.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
