//! Who is signed in, for how long, and what happens when that ends.
//!
//! The token lives in `sessionStorage` and nowhere else that lasts. A session that runs out is [`State::Expired`] and not forgotten: the
//! page and every word on it stay, and the same customer signs in again on top of them.

mod kept;
mod renewal;
pub mod tabs;

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use leptos::prelude::*;
use shared::CustomerId;
use shared::endpoints::auth::{Customer, EndSession, PasskeySession, Session as Issued};

use crate::client;
use crate::features::drafts;
use crate::features::offline::seen;

pub use renewal::keep_alive;

thread_local! {
    static HERE: Cell<Option<CustomerId>> = const { Cell::new(None) };
}

/// Whether this is the customer who is signed in, or was until the session ran out. What was begun for another one must not end here:
/// nothing of theirs is kept any more, and nothing is sent with somebody else's token.
#[must_use]
pub fn is_here(account: CustomerId) -> bool {
    HERE.get() == Some(account)
}

/// Whether somebody is signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// Nobody.
    #[default]
    SignedOut,
    /// Somebody.
    Active(Arc<Issued>),
    /// Somebody was, until the session ran out. What they see and wrote stays.
    Expired(Arc<Issued>),
}

/// The session, as a handle that is copied to whoever needs it.
#[derive(Clone, Copy, Debug)]
pub struct Session {
    state: RwSignal<State>,
}

/// The session of this tab.
///
/// # Panics
/// Never inside the app, which provides it at its root.
#[must_use]
pub fn use_session() -> Session {
    use_context().unwrap_or_else(Session::new)
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

impl Session {
    /// Nobody is signed in.
    #[must_use]
    pub fn new() -> Self {
        Self { state: RwSignal::new(State::SignedOut) }
    }

    /// Takes up what this tab kept, and from now on hears when the token is refused.
    pub fn restore(self) {
        if let Some(issued) = kept::read() {
            self.adopt(issued);
        }
        client::on_refused(move |token| self.refuse(token));
    }

    /// The state, tracked.
    #[must_use]
    pub fn state(self) -> State {
        self.state.get()
    }

    /// The customer, also of a session that has run out; tracked.
    #[must_use]
    pub fn customer(self) -> Option<Customer> {
        self.state.with(|state| issued_in(state).map(|issued| issued.customer.clone()))
    }

    /// Whose drafts and memories these are; not tracked.
    #[must_use]
    pub fn account(self) -> Option<CustomerId> {
        self.state.with_untracked(|state| issued_in(state).map(|issued| issued.customer.id))
    }

    /// Whether calls can be made; tracked.
    #[must_use]
    pub fn is_active(self) -> bool {
        self.state.with(|state| matches!(state, State::Active(_)))
    }

    /// Whether the session has run out; tracked.
    #[must_use]
    pub fn has_expired(self) -> bool {
        self.state.with(|state| matches!(state, State::Expired(_)))
    }

    /// Begins or renews a session. Answers whether it is the same customer as before, when there was one.
    pub fn begin(self, issued: Issued) -> bool {
        let same = self.account().is_none_or(|before| before == issued.customer.id);
        kept::write(&issued);
        tabs::announce_session();
        self.adopt(issued);
        same
    }

    fn adopt(self, issued: Issued) {
        client::set_token(Some(issued.token.as_str().to_owned()));
        HERE.set(Some(issued.customer.id));
        self.state.set(State::Active(Arc::new(issued)));
    }

    /// The token is not accepted any more.
    fn refuse(self, token: &str) {
        let current = self.state.with_untracked(|state| match state {
            State::Active(issued) if issued.token.as_str() == token => Some(Arc::clone(issued)),
            _ => None,
        });
        if let Some(issued) = current {
            self.expire(issued);
        }
    }

    pub(self) fn expire(self, issued: Arc<Issued>) {
        client::set_token(None);
        kept::forget();
        self.state.set(State::Expired(issued));
    }

    /// Signs out here and in every other tab: the token is revoked, drafts and memories of this account are wiped.
    ///
    /// The device comes first, since a tab may be closed at any moment. Answers when nothing is left on it, whatever the server says.
    pub async fn end(self) {
        let account = self.account();
        // The call takes the token with it when it begins, which it does here. Nobody waits for its answer: signing out must work without
        // a connection too, and the token dies by itself within hours.
        let mut telling = pin!(client::call::<EndSession>((), (), &shared::Nothing));
        poll_fn(|context| {
            let _ = telling.as_mut().poll(context);
            Poll::Ready(())
        })
        .await;
        // What is on its way or still unsaved when the session has gone is not kept any more.
        self.forget();
        tabs::announce_end();
        if let Some(account) = account {
            drafts::wipe(account).await;
            seen::wipe(account).await;
        }
    }

    /// Forgets the session without telling anybody, as when another tab has signed out.
    pub fn forget(self) {
        client::set_token(None);
        HERE.set(None);
        kept::forget();
        self.state.set(State::SignedOut);
    }
}

fn issued_in(state: &State) -> Option<&Arc<Issued>> {
    match state {
        State::SignedOut => None,
        State::Active(issued) | State::Expired(issued) => Some(issued),
    }
}

/// Decodes a session that another part of the portal has kept as text.
pub(crate) fn decode(text: &str) -> Option<Issued> {
    <<PasskeySession as shared::Endpoint>::Response as shared::ResponseBody>::decode(text.as_bytes()).ok()
}
