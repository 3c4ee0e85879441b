//! Says which page has opened: in the title, and to screen readers.

use leptos::prelude::*;

use crate::browser::{document, programs};
use crate::features::list::TicketStore;
use crate::i18n::{m, t_now};
use crate::router::{Page, Router};
use crate::ui::Announcer;

/// Keeps the document's title, and announces every page but the first, which the browser announces.
pub fn announce_pages(router: Router, tickets: TicketStore, announcer: Announcer) {
    let title = Memo::new(move |_| name(&router.page(), tickets));
    Effect::new(move |_| {
        let title = m!(app_title, page = title.get()).text();
        if let Some(document) = document() {
            document.set_title(&title);
        }
    });
    Effect::new(move |before: Option<Page>| {
        let page = router.page();
        if before.map_or_else(programs::took_over, |before| !before.is_same_place(&page)) {
            announcer.say(t_now!(app_page_opened, page = untrack(|| name(&page, tickets))));
        }
        page
    });
}

fn name(page: &Page, tickets: TicketStore) -> String {
    match page {
        Page::Home | Page::Tickets(_) => {
            let unread = tickets.items.with(|items| items.iter().filter(|item| item.unread).count());
            match unread {
                0 => t_now!(list_page),
                some => [&["(", &some.to_string(), ")"].concat(), t_now!(list_page).as_str()].join(" "),
            }
        }
        Page::SignIn { .. } => t_now!(sign_in_page),
        Page::NewTicket => t_now!(new_ticket_page),
        Page::Ticket(id) => {
            let known =
                tickets.items.with(|items| items.iter().find(|item| item.id == *id).and_then(|item| item.number));
            match known {
                Some(number) => t_now!(thread_page, number = number.to_string()),
                None => t_now!(thread_page_unnumbered),
            }
        }
        Page::Settings => t_now!(settings_page),
        Page::MyData => t_now!(my_data_page),
        Page::NotFound => t_now!(missing_page_page),
    }
}
