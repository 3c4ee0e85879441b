//! The bar across the top.

use leptos::prelude::*;

use super::menu::AccountMenu;
use crate::bandz::BandzMark;
use crate::features::list::{Search, TicketStore};
use crate::features::live::LiveBadge;
use crate::i18n::t;
use crate::icons::{Icon, IconView};
use crate::router::{Link, ListPlace, Page, use_router};

/// Name, search, connection, new ticket, account.
#[component]
pub fn Bar(
    /// The list, for the search.
    tickets: TicketStore,
) -> impl IntoView {
    let router = use_router();
    let writing = Signal::derive(move || router.page() == Page::NewTicket);
    view! {
        <header class="bar">
            <Link to=Page::Tickets(ListPlace::default()) class="mark" label=t!(app_home)>
                <BandzMark/>
                <span class="mark-name" aria-hidden="true">"raxx "<span>"support"</span></span>
            </Link>
            <Search store=tickets/>
            <span class="grow"></span>
            <LiveBadge/>
            <Link to=Page::NewTicket class="button primary new" current=writing>
                <IconView icon=Icon::Plus/>
                <span>{t!(list_new)}</span>
            </Link>
            <AccountMenu/>
        </header>
    }
}
