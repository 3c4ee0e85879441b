//! Who may be where: which page somebody without a session sees, and where they go once they have one.

use leptos::prelude::*;

use crate::router::{ListPlace, Page, Router};
use crate::session::{Session, State};

/// Where somebody has to go instead of where they are, and which part of that page the address points to then.
#[must_use]
pub fn redirect(page: &Page, fragment: &str, state: &State) -> Option<(Page, String)> {
    let there = |page| Some((page, String::new()));
    let tickets = Page::Tickets(ListPlace::default());
    match (page, state) {
        (Page::NotFound, _) => None,
        (Page::SignIn { next: Some(next) }, State::Active(_)) => {
            let fragment = next.split_once('#').map_or("", |(_, fragment)| fragment);
            Some((Page::of_address(next), fragment.to_owned()))
        }
        (Page::SignIn { next: None }, State::Active(_)) => there(tickets),
        (Page::SignIn { .. }, State::SignedOut | State::Expired(_)) => None,
        (Page::Home, State::SignedOut) => there(Page::SignIn { next: None }),
        (Page::Home, _) => there(tickets),
        // The list is where everybody goes anyway.
        (page, State::SignedOut) if *page == tickets => there(Page::SignIn { next: None }),
        (page, State::SignedOut) => there(Page::SignIn { next: Some(pointing(page.address(), fragment)) }),
        // A session that ran out keeps its page; see `sign_in::ExpiredDialog`.
        (_, State::Active(_) | State::Expired(_)) => None,
    }
}

/// An address that points to a part of its page.
fn pointing(address: String, fragment: &str) -> String {
    if fragment.is_empty() { address } else { [&address, "#", fragment].concat() }
}

/// Keeps everybody where they may be.
pub fn keep(router: Router, session: Session) {
    Effect::new(move |was_in: Option<bool>| {
        let state = session.state();
        let is_in = state != State::SignedOut;
        if let Some((page, fragment)) = redirect(&router.page(), &router.fragment_untracked(), &state) {
            // Whoever signs out has finished here; whoever comes without a session goes on where they wanted to be.
            if was_in == Some(true) && !is_in {
                router.replace(Page::SignIn { next: None });
            } else {
                router.replace_pointing(page, &fragment);
            }
        }
        is_in
    });
}

/// The page to show: while somebody is being led elsewhere, where they are led to.
#[must_use]
pub fn settled(router: Router, session: Session) -> Page {
    let page = router.page();
    redirect(&page, "", &session.state()).map_or(page, |(there, _)| there)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::TicketId;

    #[test]
    fn leads_to_signing_in_and_back() {
        let ticket = Page::Ticket(TicketId::from_bits(9));
        let Some((Page::SignIn { next: Some(next) }, _)) = redirect(&ticket, "ms_1", &State::SignedOut) else {
            panic!("no redirect")
        };
        assert_eq!(Page::of_address(&next), ticket);
        assert!(next.ends_with("#ms_1"), "{next}");
        let sign_in = || Page::SignIn { next: None };
        assert_eq!(redirect(&Page::Home, "", &State::SignedOut), Some((sign_in(), String::new())));
        assert_eq!(redirect(&sign_in(), "", &State::SignedOut), None);
        assert_eq!(redirect(&Page::NotFound, "", &State::SignedOut), None);
    }
}
