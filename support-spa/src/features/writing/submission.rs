//! Sending what was written: once, whatever happens on the way.
//!
//! Both forms share this machine. What was written stays in the form, with its key, until an answer says that it was accepted. Every
//! other outcome keeps it there and can be tried again with the same key, so that a message of which nobody knows whether it arrived
//! arrives once.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::{now, timer};
use crate::client::{Cause, Failure};
use crate::features::drafts::Draft;
use crate::features::offline::outbox::{Waiting, use_waiting};
use crate::features::offline::use_online;
use crate::i18n::{Message, m};
use crate::session::{Session, use_session};
use crate::ui::{Announcer, Toasts, use_announcer, use_toasts};

/// Where sending stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Submission {
    /// It is being written.
    Writing,
    /// It waits, and goes by itself as soon as what it waits for is there.
    Held(Hold),
    /// It is on its way.
    Sending,
    /// It was not accepted, or nobody knows. The text is kept, and trying again sends it once.
    Failed(Failure),
}

/// What a message waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// Files that are still being uploaded.
    Files,
    /// A connection.
    Connection,
    /// Signing in again.
    Session,
}

/// Milliseconds before what waits is tried again when the browser believes in a connection that is not there.
const REST: i32 = 5_000;

/// What an attempt came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was accepted, and the form emptied.
    Accepted,
    /// It was not.
    Rejected(Failure),
}

/// Text as the contract has it: one kind of line end, nothing around it.
#[must_use]
pub fn normalized(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.trim_end().trim_start_matches('\n').to_owned()
}

/// One form's sending.
#[derive(Clone, Copy)]
pub struct Sender {
    pub(super) draft: Draft,
    /// Where it stands.
    pub state: RwSignal<Submission>,
    session: Session,
    online: Signal<bool>,
    announcer: Announcer,
    waiting: Option<Waiting>,
    /// What waits has just been tried in vain.
    resting: RwSignal<bool>,
    attempt: StoredValue<Box<dyn Fn() + Send + Sync>>,
}

impl Sender {
    /// A sender for a draft. `attempt` sends what is in the form, and is called again by whatever held it.
    #[must_use]
    pub fn new<F>(draft: Draft, attempt: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Verdict> + 'static,
    {
        let (state, resting) = (RwSignal::new(Submission::Writing), RwSignal::new(false));
        let (announcer, toasts) = (use_announcer(), use_toasts());
        let session = use_session();
        let run = move || {
            state.set(Submission::Sending);
            let attempt = attempt();
            spawn_local(async move {
                let verdict = attempt.await;
                if settle(draft, state, announcer, toasts, verdict) {
                    rest(draft, resting);
                }
            });
        };
        let sender = Self {
            draft,
            state,
            session,
            online: use_online(),
            announcer,
            waiting: use_waiting(),
            resting,
            attempt: StoredValue::new(Box::new(run)),
        };
        Effect::new(move |before| sender.release(before));
        // What another tab has sent or thrown away is no longer this one's to hold or to try again.
        Effect::new(move |_| {
            let idle = matches!(state.get(), Submission::Held(_) | Submission::Failed(_));
            if idle && draft.is_empty() {
                state.set(Submission::Writing);
            }
        });
        sender
    }

    /// Sends, or says what has to happen before.
    pub fn send(self) {
        if matches!(self.state.get_untracked(), Submission::Sending) {
            return;
        }
        let hold = self.hold();
        match hold {
            None => self.attempt.with_value(|attempt| attempt()),
            Some(hold) => {
                // The wish survives whatever happens to the page.
                let since = self.draft.waiting.get_untracked();
                self.draft.waiting.set(since.or_else(|| Some(now())));
                self.keep_wish();
                self.state.set(Submission::Held(hold));
                self.announcer.say(words_of(hold, self.draft.files.under_way()).text());
            }
        }
    }

    /// Takes the wish to send back.
    pub fn recall(self) {
        self.draft.waiting.set(None);
        self.keep_wish();
        self.state.set(Submission::Writing);
    }

    /// Saves at once that it is to be sent, or not: whoever sends what waits must not have missed it.
    fn keep_wish(self) {
        let account = untrack(move || self.session.account());
        spawn_local(async move {
            self.draft.save_now().await;
            if let (Some(waiting), Some(account)) = (self.waiting, account) {
                waiting.recount(account);
            }
        });
    }

    fn hold(self) -> Option<Hold> {
        if !self.online.get_untracked() {
            Some(Hold::Connection)
        } else if untrack(move || self.session.has_expired()) {
            Some(Hold::Session)
        } else if untrack(move || self.draft.files.under_way()) > 0 {
            Some(Hold::Files)
        } else {
            None
        }
    }

    /// Sends what was held as soon as nothing holds it any more. Takes and answers whether calls could be made, before and now.
    fn release(self, before: Option<bool>) -> bool {
        let held = match self.state.get() {
            Submission::Held(hold) => Some(hold),
            Submission::Writing if self.draft.waiting.get().is_some() => Some(Hold::Connection),
            _ => None,
        };
        let connected = self.online.get() && self.session.is_active();
        if connected && before == Some(false) {
            self.draft.files.resume();
        }
        let free = connected && !self.resting.get() && self.draft.files.under_way() == 0;
        let (failed, stopped) = untrack(move || (self.draft.files.failed(), self.draft.files.stopped()));
        match held {
            None => {}
            Some(hold) if !free => self.show_hold(hold),
            Some(_) if failed == 0 => self.send(),
            Some(_) if failed == stopped => rest(self.draft, self.resting),
            Some(_) => self.recall(),
        }
        connected
    }
}

impl Sender {
    /// What waited before a reload says so again.
    fn show_hold(self, hold: Hold) {
        if self.state.get_untracked() == Submission::Writing {
            self.state.set(Submission::Held(hold));
        }
    }
}

/// Lets what waits rest for a while.
fn rest(draft: Draft, resting: RwSignal<bool>) {
    resting.try_set(true);
    timer::after(REST, move || {
        if !resting.is_disposed() {
            draft.files.resume();
            resting.set(false);
        }
    });
}

/// Shows what an attempt came to. Answers whether it waits on, and is to be tried again later.
fn settle(draft: Draft, state: RwSignal<Submission>, announcer: Announcer, toasts: Toasts, verdict: Verdict) -> bool {
    let waits = draft.waiting.try_get_untracked().flatten().is_some();
    match verdict {
        Verdict::Accepted => {
            state.try_set(Submission::Writing);
        }
        // The key makes it arrive once, however often it is tried.
        Verdict::Rejected(failure) if waits && matches!(failure.cause, Cause::Offline | Cause::TimedOut) => {
            state.try_set(Submission::Held(Hold::Connection));
            return true;
        }
        Verdict::Rejected(failure) if failure.cause == Cause::SessionEnded => {
            draft.waiting.try_set(Some(now()));
            state.try_set(Submission::Held(Hold::Session));
        }
        // Its page has been left meanwhile.
        Verdict::Rejected(_) if state.is_disposed() => toasts.fail(m!(delivery_announced_failed)),
        Verdict::Rejected(failure) => {
            draft.waiting.try_set(None);
            announcer.interrupt(m!(delivery_announced_failed).text());
            state.try_set(Submission::Failed(failure));
        }
    }
    false
}

pub(super) fn words_of(hold: Hold, uploads: usize) -> Message {
    match hold {
        Hold::Files => m!(files_still_uploading, count = uploads),
        Hold::Connection => m!(delivery_queued_offline),
        Hold::Session => m!(session_expired_sending),
    }
}

#[cfg(test)]
mod tests {
    use super::normalized;

    #[test]
    fn one_text_has_one_spelling() {
        assert_eq!(normalized("a\r\nb\rc\n\n"), "a\nb\nc");
        assert_eq!(normalized("\n  code\n"), "  code");
        assert_eq!(normalized(" \n "), " ".trim_end());
    }
}
