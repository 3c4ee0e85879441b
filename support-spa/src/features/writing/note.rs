//! How sending stands, below the box.

use leptos::prelude::*;

use super::submission::{Sender, Submission, words_of};
use crate::client::Cause;
use crate::i18n::{m, t};
use crate::ui::{ActionButton, Look, dynamic, reason, reference_line, worded};

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
