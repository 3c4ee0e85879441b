//! The reply box below a thread.

use std::sync::Arc;

use leptos::prelude::*;
use send_wrapper::SendWrapper;
use shared::List;
use shared::MessageId;
use shared::endpoints::tickets::{MessageText, NewReply, Reply, TicketStatus};

use super::withdrawn::use_withdrawn;
use crate::browser::focus;
use crate::client::{self, Cause};
use crate::features::attachments::{AttachButton, DropZone, FileList};
use crate::features::drafts::{Draft, Place};
use crate::features::offline::use_online;
use crate::features::thread::ThreadStore;
use crate::features::writing::{
    AsideNote, MessageEditor, SavedLine, Sender, Submission, SubmissionNote, Verdict, normalized,
};
use crate::i18n::{Key, format, keys, m, t, t_now};
use crate::session::use_session;
use crate::ui::{ActionButton, Look, dynamic, use_announcer, use_toasts};

const BOX: &str = "reply-body";

/// The reply box.
#[component]
pub fn ReplyForm(
    /// The ticket.
    store: ThreadStore,
) -> impl IntoView {
    let Some(account) = use_session().account() else { return ().into_any() };
    let draft = Draft::open(account, Place::Reply(store.id));
    let problem = RwSignal::new(None::<Key>);
    let withdrawn = use_withdrawn();
    let toasts = use_toasts();
    let announcer = use_announcer();
    let sender = Sender::new(draft, move || attempt(store, draft));
    let send = Callback::new(move |()| {
        let text = normalized(&draft.body.get_untracked());
        let wrong = match MessageText::new(text) {
            Ok(_) if untrack(move || draft.files.failed()) > 0 => return focus::id("reply-files"),
            Ok(_) => None,
            Err(violation) if violation.code == shared::FieldCode::Required => Some(keys::composer_empty),
            Err(violation) => Some(Key::from(violation.code)),
        };
        problem.set(wrong);
        if wrong.is_some() {
            focus::id(BOX);
        } else {
            sender.send();
        }
    });
    Effect::new(move |_| {
        draft.body.track();
        problem.set(None);
    });
    // A reply that was taken back is in the box again, before whatever was written meanwhile.
    Effect::new(move |_| {
        let Some(record) = withdrawn.and_then(|withdrawn| withdrawn.take()) else { return };
        draft.put_back(record);
        focus::id(BOX);
    });
    let discard = Callback::new(move |()| {
        let before = SendWrapper::new(draft.record());
        draft.clear();
        let undo = Arc::new(move || draft.put_back((*before).clone()));
        let action = Some(crate::ui::ToastAction { label: keys::composer_undo_discard, run: undo });
        toasts.show(crate::ui::Toast { text: m!(composer_discarded), urgent: false, action });
        focus::id(BOX);
    });
    Effect::new(move |_| {
        if let Some(at) = draft.restored.get() {
            announcer.say(t_now!(composer_restored, time = format::time(at)));
        }
    });
    let online = use_online();
    let sending = Signal::derive(move || sender.state.get() == Submission::Sending);
    let label = Signal::derive(move || {
        let key = if online.get() { keys::composer_send } else { keys::composer_send_offline };
        key.text()
    });
    let reopens = Memo::new(move |_| {
        store.ticket.with(|ticket| ticket.as_ref().is_some_and(|ticket| ticket.status == TicketStatus::Resolved))
    });
    let hint = move || {
        if reopens.get() { view! { <p class="hint">{t!(composer_reopens)}</p> }.into_any() } else { ().into_any() }
    };
    let discardable = Memo::new(move |_| !draft.is_empty());
    let discard_button = move || {
        if discardable.get() {
            view! { <ActionButton label=t!(composer_discard) look=Look::Quiet on_press=discard/> }.into_any()
        } else {
            ().into_any()
        }
    };
    view! {
        <section class="reply" aria-labelledby="reply-title">
            <h2 id="reply-title" class="visually-hidden">{t!(composer_label)}</h2>
            <ArrivedMeanwhile store=store draft=draft/>
            <form
                novalidate
                on:submit=move |event| {
                    event.prevent_default();
                    send.run(());
                }
            >
                <DropZone files=draft.files class="reply-box">
                    <MessageEditor
                        id=BOX
                        label=keys::composer_label
                        placeholder=keys::composer_placeholder
                        body=draft.body
                        files=draft.files
                        error=Signal::derive(move || problem.get().map(Key::text))
                        label_is_hidden=true
                        on_submit=send
                    />
                    <div id="reply-files" tabindex="-1"><FileList files=draft.files/></div>
                    {dynamic(hint)}
                    <AsideNote draft=draft/>
                    <SubmissionNote sender=sender/>
                    <div class="tools">
                        <AttachButton files=draft.files/>
                        <SavedLine draft=draft/>
                        {dynamic(discard_button)}
                        <span class="grow"></span>
                        <kbd class="shortcut" aria-hidden="true">{crate::features::writing::send_shortcut().signal()}</kbd>
                        <ActionButton
                            label=label
                            busy_label=t!(delivery_sending)
                            busy=sending
                            look=Look::Primary
                            submits=true
                        />
                    </div>
                </DropZone>
            </form>
        </section>
    }
    .into_any()
}

async fn attempt(store: ThreadStore, draft: Draft) -> Verdict {
    let record = draft.record();
    let Ok(body) = MessageText::new(normalized(&record.body)) else { return Verdict::Accepted };
    let request = NewReply { body, uploads: List::fitted(draft.files.upload_ids()) };
    if let Err(failure) = draft.begin_attempt().await {
        return Verdict::Rejected(failure);
    }
    match client::call_once::<Reply>(store.path(), &request, &record.key).await {
        Ok(message) => {
            if let Some(withdrawn) = store.withdrawn {
                withdrawn.remember(message.id, record.clone());
            }
            draft.sent(record);
            store.add(message);
            Verdict::Accepted
        }
        // Kept and on its way: the thread shows how far it has come.
        Err(failure) if matches!(failure.cause, Cause::AcceptedUnconfirmed(_)) => {
            draft.sent(record);
            store.refresh();
            Verdict::Accepted
        }
        Err(failure) => Verdict::Rejected(failure),
    }
}

/// Says that the team answered while the customer was writing.
#[component]
fn ArrivedMeanwhile(store: ThreadStore, draft: Draft) -> impl IntoView {
    let arrived = RwSignal::new(None::<(MessageId, Option<String>)>);
    Effect::new(move |before: Option<Option<MessageId>>| {
        let newest = store.newest_answer();
        let id = newest.as_ref().map(|(id, _)| *id);
        let writing = draft.body.with_untracked(|body| !body.trim().is_empty());
        if before.is_some_and(|before| before != id) && writing {
            arrived.set(newest);
        }
        id
    });
    dynamic(move || {
        let Some((id, name)) = arrived.get() else { return ().into_any() };
        let text = match name {
            Some(name) => t!(composer_answer_arrived_by, name = name.clone()),
            None => t!(composer_answer_arrived),
        };
        let show = Callback::new(move |()| {
            arrived.set(None);
            focus::id(id.to_string());
        });
        let dismiss = Callback::new(move |()| arrived.set(None));
        view! {
            <div class="note arrived">
                <p>{text}</p>
                <ActionButton label=t!(composer_answer_show) look=Look::Quiet on_press=show/>
                <ActionButton label=t!(app_dismiss) look=Look::Quiet on_press=dismiss/>
            </div>
        }
        .into_any()
    })
}
