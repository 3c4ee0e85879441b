//! The parts of the portal, without files to load.

use leptos::prelude::*;
use support_spa::features::my_data::MyDataPage;
use support_spa::features::new_ticket::NewTicketPane;
use support_spa::features::offline::outbox;
use support_spa::features::reply::ReplyForm;
use support_spa::features::settings::SettingsPage;
use support_spa::features::thread::{RatingForm, TicketPane};
use support_spa::parts::{Later, Loader, Loaders, Parts};

/// All of them are there as soon as somebody asks for them.
pub fn all_there() -> Parts {
    Parts::follow(loaders())
}

/// How all of them are made.
pub fn loaders() -> Loaders {
    Loaders {
        ticket: Loader { load, call: |id| made(view! { <TicketPane id=id/> }.into_any()) },
        reply: Loader { load, call: |store| made(view! { <ReplyForm store=store/> }.into_any()) },
        rating: Loader { load, call: |store| made(view! { <RatingForm store=store/> }.into_any()) },
        new_ticket: Loader { load, call: |()| made(view! { <NewTicketPane/> }.into_any()) },
        settings: Loader { load, call: |()| made(view! { <SettingsPage/> }.into_any()) },
        my_data: Loader { load, call: |()| made(view! { <MyDataPage/> }.into_any()) },
        outbox: Loader { load, call: |waited| Box::pin(async { Ok(outbox::send(waited).await) }) },
    }
}

fn load() -> Later<()> {
    Box::pin(async { Ok(()) })
}

fn made(view: AnyView) -> Later<AnyView> {
    Box::pin(async { Ok(view) })
}
