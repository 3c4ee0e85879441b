//! The new-ticket form.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::endpoints::desk::{Field, ListTopics, Topic};
use shared::endpoints::tickets::{CreateTicket, FieldValue, MessageText, NewTicket, Subject};
use shared::{FieldCode, FieldId, Line, List, TicketId, TopicId};

use super::duplicate::DuplicateHint;
use super::fields::{TopicChoice, TopicFields, check};
use crate::browser::focus;
use crate::client::{self, Cause, Failure};
use crate::features::attachments::{AttachButton, DropZone, FileList};
use crate::features::drafts::{Draft, Place};
use crate::features::list::{TicketStore, use_tickets};
use crate::features::notices::Notices;
use crate::features::offline::use_online;
use crate::features::writing::{MessageEditor, SavedLine, Sender, Submission, SubmissionNote, Verdict, normalized};
use crate::i18n::{Key, format, keys, m, t, t_now};
use crate::router::{ListPlace, Page, Router, use_router};
use crate::session::use_session;
use crate::ui::{ActionButton, Confirm, Look, PageHeading, Toasts, dynamic, use_announcer, use_toasts};

/// What is wrong, by field: its id and a sentence.
#[derive(Clone, Copy)]
pub(super) struct Problems(RwSignal<Vec<(String, String)>>);

impl Problems {
    /// What is wrong with one field.
    pub(super) fn of(self, id: String) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.0.with(|all| all.iter().find(|(other, _)| *other == id).map(|(_, text)| text.clone()))
        })
    }
}

/// The new-ticket form.
#[component]
pub fn NewTicketPane() -> impl IntoView {
    let Some(account) = use_session().account() else { return ().into_any() };
    let draft = Draft::open(account, Place::NewTicket);
    let (router, toasts, tickets, announcer) = (use_router(), use_toasts(), use_tickets(), use_announcer());
    let topics = RwSignal::new(Vec::<Topic>::new());
    let topics_failed = RwSignal::new(false);
    spawn_local(async move {
        match client::read::<ListTopics>(&(), &()).await {
            Ok((answer, _)) => {
                topics.try_set(answer.items.into_vec());
            }
            Err(_) => {
                topics_failed.try_set(true);
            }
        }
    });
    let fields = Signal::derive(move || {
        let chosen = draft.topic.get();
        topics.with(|topics| match topics.iter().find(|topic| topic.id.to_string() == chosen) {
            Some(topic) => topic.fields.to_vec(),
            None => asked_by_all(topics),
        })
    });
    let problems = Problems(RwSignal::new(Vec::new()));
    let sender = Sender::new(draft, move || {
        let asked = fields.get_untracked();
        async move {
            let verdict = attempt(draft, asked, router, toasts, tickets).await;
            if let Verdict::Rejected(Failure { cause: Cause::Invalid(errors), .. }) = &verdict {
                problems.0.try_set(errors.iter().map(|error| refused(error, draft)).collect());
            }
            verdict
        }
    });
    let submit = Callback::new(move |()| {
        let wrong = wrong(draft, &fields.get_untracked());
        match wrong.first() {
            Some((first, _)) => {
                announcer.interrupt(t_now!(new_ticket_errors_title, count = wrong.len()));
                focus::id(first.clone());
            }
            None if untrack(move || draft.files.failed()) > 0 => focus::id("ticket-files"),
            None => sender.send(),
        }
        problems.0.set(wrong);
    });
    Effect::new(move |_| {
        if let Some(at) = draft.restored.get() {
            announcer.say(t_now!(new_ticket_restored, time = format::short(at)));
        }
    });
    let restored = move || match draft.restored.get() {
        Some(at) => view! { <p class="note">{t!(new_ticket_restored, time = format::short(at))}</p> }.into_any(),
        None => ().into_any(),
    };
    let topics_note = move || {
        if topics_failed.get() {
            view! { <p class="hint">{t!(new_ticket_topics_failed)}</p> }.into_any()
        } else {
            ().into_any()
        }
    };
    let online = use_online();
    let label = Signal::derive(move || {
        let key = if online.get() { keys::new_ticket_submit } else { keys::new_ticket_submit_offline };
        key.text()
    });
    let subject_error = problems.of("subject".to_owned());
    let subject_problem = move || match subject_error.get() {
        Some(text) => view! { <p class="field-error" id="subject-error">{text}</p> }.into_any(),
        None => ().into_any(),
    };
    view! {
        <div class="new-ticket">
            <PageHeading>{t!(new_ticket_title)}</PageHeading>
            <p class="lead">{t!(new_ticket_lead)}</p>
            <Notices compact=false/>
            {dynamic(restored)}
            <form
                novalidate
                on:submit=move |event| {
                    event.prevent_default();
                    submit.run(());
                }
            >
                <DropZone files=draft.files>
                    <TopicChoice topics=topics.into() chosen=draft.topic problems=problems/>
                    {dynamic(topics_note)}
                    <div class="field">
                        <label for="subject">{t!(new_ticket_subject_label)}</label>
                        <input
                            id="subject"
                            type="text"
                            maxlength="200"
                            autocomplete="off"
                            placeholder=t!(new_ticket_subject_placeholder)
                            aria-required="true"
                            aria-invalid=Signal::derive(move || subject_error.get().is_some().then_some("true"))
                            aria-describedby=Signal::derive(move || subject_error.get().is_some().then_some("subject-error"))
                            bind:value=draft.subject
                        />
                        {dynamic(subject_problem)}
                    </div>
                    <DuplicateHint subject=draft.subject/>
                    <TopicFields fields=fields values=draft.fields problems=problems/>
                    <MessageEditor
                        id="ticket-body"
                        label=keys::new_ticket_body_label
                        placeholder=keys::new_ticket_body_placeholder
                        body=draft.body
                        files=draft.files
                        error=problems.of("ticket-body".to_owned())
                        rows=8
                        on_submit=submit
                    />
                    <p class="hint">{t!(new_ticket_body_hint)}</p>
                    <div class="field" id="ticket-files" tabindex="-1">
                        <AttachButton files=draft.files/>
                        <p class="hint">{t!(files_hint)}</p>
                        <FileList files=draft.files/>
                    </div>
                    <SubmissionNote sender=sender/>
                    <div class="tools">
                        <SavedLine draft=draft/>
                        <Discard draft=draft/>
                        <span class="grow"></span>
                        <ActionButton
                            label=label
                            busy_label=t!(new_ticket_submitting)
                            busy=Signal::derive(move || sender.state.get() == Submission::Sending)
                            look=Look::Primary
                            submits=true
                        />
                    </div>
                </DropZone>
            </form>
        </div>
    }
    .into_any()
}

/// Throws the draft away, once it is certain that this is meant.
#[component]
fn Discard(draft: Draft) -> impl IntoView {
    let toasts = use_toasts();
    let asking = RwSignal::new(false);
    let some = Memo::new(move |_| !draft.is_empty());
    let confirm = Callback::new(move |()| {
        asking.set(false);
        draft.clear();
        toasts.show(m!(new_ticket_discarded));
        focus::id("subject");
    });
    let ask = Callback::new(move |()| asking.set(true));
    let cancel = Callback::new(move |()| asking.set(false));
    let button = move || {
        if some.get() {
            view! { <ActionButton label=t!(new_ticket_discard) look=Look::Quiet on_press=ask/> }.into_any()
        } else {
            ().into_any()
        }
    };
    let dialog = move || {
        if !asking.get() {
            return ().into_any();
        }
        view! {
            <Confirm
                title=t!(new_ticket_discard_title)
                body=t!(new_ticket_discard_body)
                action=t!(new_ticket_discard_action)
                on_confirm=confirm
                on_cancel=cancel
            />
        }
        .into_any()
    };
    view! {
        {dynamic(button)}
        {dynamic(dialog)}
    }
}

/// What is wrong before the server is asked, in the order of the page.
fn wrong(draft: Draft, fields: &[Field]) -> Vec<(String, String)> {
    let mut wrong = Vec::new();
    let worded = |code: FieldCode| Key::from(code).text();
    if let Err(violation) = Subject::new(draft.subject.get_untracked().trim()) {
        wrong.push(("subject".to_owned(), worded(violation.code)));
    }
    for field in fields {
        let id = field.id.to_string();
        if let Some(text) = check(field, &value_of(draft, &id)) {
            wrong.push((id, text));
        }
    }
    if let Err(violation) = MessageText::new(normalized(&draft.body.get_untracked())) {
        wrong.push(("ticket-body".to_owned(), worded(violation.code)));
    }
    wrong
}

fn value_of(draft: Draft, id: &str) -> String {
    let find = |values: &crate::features::drafts::Fields| {
        values.iter().find(|(other, _)| other == id).map(|(_, value)| value.trim().to_owned())
    };
    draft.fields.with_untracked(find).unwrap_or_default()
}

/// What is asked for whatever the topic is, and so without one too.
fn asked_by_all(topics: &[Topic]) -> Vec<Field> {
    let Some((first, others)) = topics.split_first() else { return Vec::new() };
    let everywhere = |field: &&Field| {
        field.required && others.iter().all(|topic| topic.fields.iter().any(|other| other.id == field.id))
    };
    first.fields.iter().filter(everywhere).cloned().collect()
}

/// Where a refusal of the server belongs on the page.
fn refused(error: &shared::FieldError, draft: Draft) -> (String, String) {
    let path = error.field.as_str();
    let id = if path == "subject" {
        "subject".to_owned()
    } else if path == "topic_id" || path == "fields" {
        "topic".to_owned()
    } else if let Some(rest) = path.strip_prefix("fields[") {
        let index = rest.split(']').next().and_then(|index| index.parse::<usize>().ok());
        let id =
            index.and_then(|index| draft.fields.with_untracked(|fields| fields.get(index).map(|(id, _)| id.clone())));
        id.unwrap_or_else(|| "topic".to_owned())
    } else if path.starts_with("uploads") {
        "ticket-files".to_owned()
    } else {
        "ticket-body".to_owned()
    };
    (id, Key::from(error.code).text())
}

async fn attempt(
    draft: Draft,
    fields: Vec<Field>,
    router: Router,
    toasts: Toasts,
    tickets: Option<TicketStore>,
) -> Verdict {
    let subject = Subject::new(draft.subject.get_untracked().trim());
    let body = MessageText::new(normalized(&draft.body.get_untracked()));
    let (Ok(subject), Ok(body)) = (subject, body) else { return Verdict::Accepted };
    let filled = fields.iter().filter_map(|field| {
        let value = value_of(draft, &field.id.to_string());
        let value = Line::new(value).ok().filter(|value: &Line<0, 500>| !value.is_empty())?;
        Some(FieldValue { field_id: FieldId::from_bits(field.id.bits()), value })
    });
    let request = NewTicket {
        topic_id: TopicId::parse(&draft.topic.get_untracked()).ok(),
        subject,
        body,
        fields: List::fitted(filled.collect()),
        uploads: List::fitted(draft.files.upload_ids()),
    };
    draft.save_now().await;
    let opened: Option<TicketId> = match client::call_once::<CreateTicket>((), &request, &draft.key()).await {
        Ok(ticket) => {
            toasts.show(m!(new_ticket_sent));
            Some(ticket.id)
        }
        Err(Failure { cause: Cause::AcceptedUnconfirmed(ticket_id), .. }) => {
            toasts.show(m!(new_ticket_sent_body_unnumbered));
            ticket_id
        }
        Err(failure) => return Verdict::Rejected(failure),
    };
    draft.clear();
    if let Some(tickets) = tickets {
        tickets.refresh();
    }
    router.replace(opened.map_or_else(|| Page::Tickets(ListPlace::default()), Page::Ticket));
    Verdict::Accepted
}
