//! Who may be where: which page somebody without a session sees, and where they go once they have one.

use leptos::prelude::*;

use crate::router::{ListPlace, Page, Router};
use crate::session::{Session, State};

/// Where somebody has to go instead of where they are.
#[must_use]
pub fn redirect(page: &Page, state: &State) -> Option<Page> {
    let tickets = || Page::Tickets(ListPlace::default());
    match (page, state) {
        (Page::NotFound, _) => None,
        (Page::SignIn { next }, State::Active(_)) => Some(next.as_deref().map_or_else(tickets, Page::of_address)),
        (Page::SignIn { .. }, State::SignedOut | State::Expired(_)) => None,
        (Page::Home, State::SignedOut) => Some(Page::SignIn { next: None }),
        (Page::Home, _) => Some(tickets()),
        // The list is where everybody goes anyway.
        (Page::Tickets(place), State::SignedOut) if *place == ListPlace::default() => Some(Page::SignIn { next: None }),
        (page, State::SignedOut) => Some(Page::SignIn { next: Some(page.address()) }),
        // A session that ran out keeps its page; see `sign_in::ExpiredDialog`.
        (_, State::Active(_) | State::Expired(_)) => None,
    }
}

/// Keeps everybody where they may be.
pub fn keep(router: Router, session: Session) {
    let check = move || {
        if let Some(page) = redirect(&router.page(), &session.state()) {
            router.replace(page);
        }
    };
    Effect::new(move |_| check());
}

/// The page to show: while somebody is being led elsewhere, where they are led to.
#[must_use]
pub fn settled(router: Router, session: Session) -> Page {
    let page = router.page();
    redirect(&page, &session.state()).unwrap_or(page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::TicketId;

    #[test]
    fn leads_to_signing_in_and_back() {
        let ticket = Page::Ticket(TicketId::from_bits(9));
        let Some(Page::SignIn { next: Some(next) }) = redirect(&ticket, &State::SignedOut) else {
            panic!("no redirect")
        };
        assert_eq!(Page::of_address(&next), ticket);
        assert_eq!(redirect(&Page::Home, &State::SignedOut), Some(Page::SignIn { next: None }));
        assert_eq!(redirect(&Page::SignIn { next: None }, &State::SignedOut), None);
        assert_eq!(redirect(&Page::NotFound, &State::SignedOut), None);
    }
}
