//! Sending what was written: once, whatever happens on the way.
//!
//! Both forms share this machine. What was written stays in the form, with its key, until an answer says that it was accepted. Every
//! other outcome keeps it there and can be tried again with the same key, so that a message of which nobody knows whether it arrived
//! arrives once.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::client::{Cause, Failure};
use crate::features::drafts::Draft;
use crate::features::offline::use_online;
use crate::i18n::{Message, m, t};
use crate::session::{Session, use_session};
use crate::ui::{ActionButton, Announcer, Look, dynamic, reason, reference_line, use_announcer, worded};

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
    draft: Draft,
    /// Where it stands.
    pub state: RwSignal<Submission>,
    session: Session,
    online: Signal<bool>,
    announcer: Announcer,
    attempt: StoredValue<Box<dyn Fn() + Send + Sync>>,
}

impl Sender {
    /// A sender for a draft. `attempt` sends what is in the form, and is called again by whatever held it.
    #[must_use]
    pub fn new<F>(draft: Draft, attempt: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Verdict> + 'static,
    {
        let state = RwSignal::new(Submission::Writing);
        let announcer = use_announcer();
        let session = use_session();
        let run = move || {
            state.set(Submission::Sending);
            let attempt = attempt();
            spawn_local(async move {
                let verdict = attempt.await;
                settle(draft, state, announcer, verdict);
            });
        };
        let sender =
            Self { draft, state, session, online: use_online(), announcer, attempt: StoredValue::new(Box::new(run)) };
        Effect::new(move |_| sender.release());
        sender
    }

    /// Sends, or says what has to happen before.
    pub fn send(self) {
        if matches!(self.state.get_untracked(), Submission::Sending) {
            return;
        }
        let hold = self.hold();
        match hold {
            None => {
                self.draft.waiting.set(false);
                self.attempt.with_value(|attempt| attempt());
            }
            Some(hold) => {
                // The wish survives a reload when it cannot be met now.
                self.draft.waiting.set(hold != Hold::Files);
                self.state.set(Submission::Held(hold));
                self.announcer.say(words_of(hold, self.draft.files.under_way()).text());
            }
        }
    }

    /// Takes the wish to send back.
    pub fn recall(self) {
        self.draft.waiting.set(false);
        self.state.set(Submission::Writing);
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

    /// Sends what was held as soon as nothing holds it any more.
    fn release(self) {
        let held = match self.state.get() {
            Submission::Held(hold) => Some(hold),
            Submission::Writing if self.draft.waiting.get() => Some(Hold::Connection),
            _ => None,
        };
        let free = self.online.get() && self.session.is_active() && self.draft.files.under_way() == 0;
        if held.is_some() && free {
            if untrack(move || self.draft.files.failed()) == 0 {
                self.send();
            } else {
                self.recall();
            }
        }
    }
}

fn settle(draft: Draft, state: RwSignal<Submission>, announcer: Announcer, verdict: Verdict) {
    match verdict {
        Verdict::Accepted => {
            state.try_set(Submission::Writing);
        }
        Verdict::Rejected(failure) if failure.cause == Cause::SessionEnded => {
            draft.waiting.try_set(true);
            state.try_set(Submission::Held(Hold::Session));
        }
        Verdict::Rejected(failure) => {
            announcer.interrupt(m!(delivery_announced_failed).text());
            state.try_set(Submission::Failed(failure));
        }
    }
}

fn words_of(hold: Hold, uploads: usize) -> Message {
    match hold {
        Hold::Files => m!(files_still_uploading, count = uploads),
        Hold::Connection => m!(delivery_queued_offline),
        Hold::Session => m!(session_expired_sending),
    }
}

/// Says how sending stands, and what can be done about it.
#[component]
pub fn SubmissionNote(
    /// The sender.
    sender: Sender,
) -> impl IntoView {
    let draft = sender.draft;
    let failed_files = Memo::new(move |_| draft.files.failed());
    let recall = Callback::new(move |()| sender.recall());
    let retry = Callback::new(move |()| sender.send());
    let renew = Callback::new(move |()| {
        draft.renew_key();
        sender.send();
    });
    let note = move || match sender.state.get() {
        Submission::Writing | Submission::Sending => ().into_any(),
        Submission::Held(hold) => {
            let uploads = draft.files.under_way();
            view! {
                <div class="note held" data-state="held">
                    <p>{words_of(hold, uploads).signal()}</p>
                    <ActionButton label=t!(app_cancel) look=Look::Quiet on_press=recall/>
                </div>
            }
            .into_any()
        }
        Submission::Failed(failure) => {
            let why = Signal::derive({
                let failure = failure.clone();
                move || m!(delivery_failed_because, reason = reason(&failure).text()).text()
            });
            let action = match failure.cause {
                // The key was used with another text: what was accepted then was not this. Sending it is a new submission.
                Cause::IdempotencyConflict => {
                    view! { <ActionButton label=t!(composer_answer_send_anyway) on_press=renew/> }
                }
                _ => view! { <ActionButton label=t!(delivery_retry) on_press=retry/> },
            };
            view! {
                <div class="note failed" data-state="failed">
                    <p><strong>{why}</strong></p>
                    <p>{worded(&failure).signal()}</p>
                    {reference_line(failure.reference)}
                    {action}
                </div>
            }
            .into_any()
        }
    };
    let files_note = move || match failed_files.get() {
        0 => ().into_any(),
        count => view! { <p class="note failed">{t!(files_some_failed, count = count)}</p> }.into_any(),
    };
    view! {
        {dynamic(files_note)}
        {dynamic(note)}
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
