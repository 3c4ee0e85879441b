//! The parts of the portal, without files to load.

use leptos::prelude::*;
use support_spa::features::my_data::MyDataPage;
use support_spa::features::new_ticket::NewTicketPane;
use support_spa::features::reply::ReplyForm;
use support_spa::features::settings::SettingsPage;
use support_spa::features::thread::{RatingForm, TicketPane};
use support_spa::parts::{Later, Loader, Loaders, Parts};

/// All of them are there as soon as somebody asks for them.
pub fn all_there() -> Parts {
    Parts::follow(Loaders {
        ticket: Loader { load, view: |id| made(view! { <TicketPane id=id/> }.into_any()) },
        reply: Loader { load, view: |store| made(view! { <ReplyForm store=store/> }.into_any()) },
        rating: Loader { load, view: |store| made(view! { <RatingForm store=store/> }.into_any()) },
        new_ticket: Loader { load, view: |()| made(view! { <NewTicketPane/> }.into_any()) },
        settings: Loader { load, view: |()| made(view! { <SettingsPage/> }.into_any()) },
        my_data: Loader { load, view: |()| made(view! { <MyDataPage/> }.into_any()) },
    })
}

fn load() -> Later<()> {
    Box::pin(async { Ok(()) })
}

fn made(view: AnyView) -> Later<AnyView> {
    Box::pin(async { Ok(view) })
}
