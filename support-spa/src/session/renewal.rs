//! Keeping the session alive while the customer is there.
//!
//! The token slides: it is renewed in its second hour while the customer does something, never in their absence, and never past the
//! absolute end. A session that nobody uses runs out by itself.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::endpoints::auth::RenewSession;
use shared::session::TOKEN_LIFETIME;

use super::{Session, State};
use crate::browser::{listen, now, timer};
use crate::client;

const MINUTE: i64 = 60_000;
/// How recent the last sign of life must be for a renewal.
const PRESENT: i64 = 10 * MINUTE;

/// What is to be done about a session at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    Nothing,
    Renewal,
    Expiry,
}

const fn due(now: i64, last_active: i64, expires_at: i64, absolute_end: i64) -> Due {
    if now >= expires_at {
        return Due::Expiry;
    }
    let half_spent = expires_at - now < (TOKEN_LIFETIME as i64) * 1000 * 3 / 4;
    let can_grow = expires_at < absolute_end;
    if half_spent && can_grow && now - last_active < PRESENT { Due::Renewal } else { Due::Nothing }
}

/// Renews and expires the session until the current owner is cleaned up.
pub fn keep_alive(session: Session) {
    let last_active = Rc::new(Cell::new(now()));
    for sign in ["pointerdown", "keydown", "visibilitychange"] {
        let last_active = Rc::clone(&last_active);
        listen::on_document(sign, move |_| last_active.set(now()));
    }
    timer::every(MINUTE as i32 / 2, move || check(session, last_active.get()));
}

fn check(session: Session, last_active: i64) {
    let State::Active(issued) = session.state.get_untracked() else { return };
    let (expires_at, end) = (issued.expires_at.millis(), issued.absolute_expires_at.millis());
    match due(now(), last_active, expires_at, end) {
        Due::Nothing => {}
        Due::Expiry => session.expire(Arc::clone(&issued)),
        Due::Renewal => spawn_local(async move {
            // A refusal ends the session by way of the client; anything else is tried again half a minute later.
            let Ok(renewed) = client::call::<RenewSession>((), (), &shared::Nothing).await else { return };
            // Whoever signed out meanwhile stays signed out.
            if session.state.try_get_untracked().is_some_and(|state| state == State::Active(issued)) {
                session.begin(renewed);
            }
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 60 * MINUTE;

    #[test]
    fn renews_only_what_is_used_and_can_grow() {
        let fresh = due(0, 0, 4 * HOUR, 12 * HOUR);
        assert_eq!(fresh, Due::Nothing);
        assert_eq!(due(90 * MINUTE, 89 * MINUTE, 4 * HOUR, 12 * HOUR), Due::Renewal);
        assert_eq!(due(90 * MINUTE, 20 * MINUTE, 4 * HOUR, 12 * HOUR), Due::Nothing);
        assert_eq!(due(11 * HOUR, 11 * HOUR, 12 * HOUR, 12 * HOUR), Due::Nothing);
        assert_eq!(due(4 * HOUR, 4 * HOUR, 4 * HOUR, 12 * HOUR), Due::Expiry);
    }
}
