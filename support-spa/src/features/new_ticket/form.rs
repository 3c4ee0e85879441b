//! The new-ticket form.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::endpoints::desk::Topic;
use shared::endpoints::tickets::{CreateTicket, NewTicket};
use shared::{CustomerId, TicketId};

use super::duplicate::DuplicateHint;
use super::fields::{TopicChoice, TopicFields};
use super::problems::Problems;
use super::request::{self, BODY, FILES, SUBJECT, asked, refused, wrong};
use crate::bandz::{Bandz, Scene};
use crate::browser::focus;
use crate::client::{self, Cause, Failure};
use crate::features::attachments::{AttachButton, DropZone, FileList};
use crate::features::drafts::{Draft, Place, Record};
use crate::features::list::{TicketStore, use_tickets};
use crate::features::notices::Notices;
use crate::features::offline::use_online;
use crate::features::writing::{AsideNote, MessageEditor, SavedLine, Sender, Submission, SubmissionNote, Verdict};
use crate::i18n::{format, keys, m, t, t_now};
use crate::router::{ListPlace, Page, Router, use_router};
use crate::session::use_session;
use crate::ui::{ActionButton, Confirm, Look, PageHeading, Toasts, dynamic, use_announcer, use_toasts};

/// What is known of the topics.
#[derive(Clone, PartialEq, Eq)]
enum Topics {
    Loading,
    Failed,
    Known(Vec<Topic>),
}

impl Topics {
    async fn load(account: CustomerId) -> Self {
        request::topics(account).await.map_or(Self::Failed, Self::Known)
    }

    /// As last seen at once, then as they are. What is shown stays when it is the same, or when there is no answer.
    async fn follow(shown: RwSignal<Self>, account: CustomerId) {
        let show = |topics: Self| {
            let differs = shown.try_with_untracked(|shown| *shown != topics);
            if differs == Some(true) {
                shown.set(topics);
            }
        };
        let is_known = || shown.try_with_untracked(|shown| matches!(shown, Self::Known(_))) == Some(true);
        if !is_known()
            && let Some(seen) = request::seen_topics(account).await
        {
            show(Self::Known(seen));
        }
        match Self::load(account).await {
            Self::Failed if is_known() => {}
            topics => show(topics),
        }
    }

    fn list(&self) -> &[Topic] {
        match self {
            Self::Loading | Self::Failed => &[],
            Self::Known(topics) => topics,
        }
    }
}

/// The new-ticket form.
#[component]
pub fn NewTicketPane() -> impl IntoView {
    let session = use_session();
    let Some(account) = session.account() else { return ().into_any() };
    let draft = Draft::open(account, Place::NewTicket);
    let (router, toasts, tickets, announcer) = (use_router(), use_toasts(), use_tickets(), use_announcer());
    let (topics, online) = (RwSignal::new(Topics::Loading), use_online());
    // Again whenever there is a connection or a session that was not there.
    Effect::new(move |_| {
        online.track();
        if session.is_active() {
            spawn_local(Topics::follow(topics, account));
        }
    });
    let listed = Signal::derive(move || topics.with(|topics| topics.list().to_vec()));
    let coming = Signal::derive(move || topics.with(|topics| *topics == Topics::Loading));
    let fields = Signal::derive(move || {
        let chosen = draft.topic.get();
        topics.with(|topics| asked(topics.list(), &chosen))
    });
    let problems = Problems::new(draft);
    let sender = Sender::new(draft, move || {
        let (record, uploads, known) = (draft.record(), draft.files.upload_ids(), topics.get_untracked());
        async move {
            // What waited from an earlier visit may go before the topics have come.
            let known = if known == Topics::Loading { Topics::load(account).await } else { known };
            let asked = asked(known.list(), &record.topic);
            let Some(request) = request::request(&record, &asked, uploads) else {
                problems.set(&record, wrong(&record, &asked));
                return Verdict::Rejected(Failure::new(Cause::Invalid(Vec::new())));
            };
            let verdict = attempt(draft, record.clone(), request.clone(), router, toasts, tickets).await;
            if let Verdict::Rejected(Failure { cause: Cause::Invalid(errors), .. }) = &verdict {
                problems.set(&record, errors.iter().map(|error| refused(error, &request)).collect());
            }
            verdict
        }
    });
    let submit = Callback::new(move |()| {
        let record = draft.record();
        let wrong = wrong(&record, &fields.get_untracked());
        match wrong.first() {
            Some((first, _)) => {
                announcer.interrupt(t_now!(new_ticket_errors_title, count = wrong.len()));
                focus::id(first.clone());
            }
            None if untrack(move || draft.files.failed()) > 0 => focus::id(FILES),
            None => sender.send(),
        }
        problems.set(&record, wrong);
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
        if topics.with(|topics| *topics == Topics::Failed) {
            view! { <p class="hint bone-field">{t!(new_ticket_topics_failed)}</p> }.into_any()
        } else {
            ().into_any()
        }
    };
    let label = Signal::derive(move || {
        let key = if online.get() { keys::new_ticket_submit } else { keys::new_ticket_submit_offline };
        key.text()
    });
    let sending = Signal::derive(move || sender.state.get() == Submission::Sending);
    let on_its_way = move || {
        if sending.get() {
            view! { <div class="with-bandz late"><Bandz scene=Scene::Sending/></div> }.into_any()
        } else {
            ().into_any()
        }
    };
    let subject_error = problems.of(SUBJECT.to_owned());
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
                    <TopicChoice topics=listed coming=coming chosen=draft.topic problems=problems/>
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
                        id=BODY
                        label=keys::new_ticket_body_label
                        placeholder=keys::new_ticket_body_placeholder
                        body=draft.body
                        files=draft.files
                        error=problems.of(BODY.to_owned())
                        rows=8
                        on_submit=submit
                    />
                    <p class="hint">{t!(new_ticket_body_hint)}</p>
                    <div class="field" id=FILES tabindex="-1">
                        <AttachButton files=draft.files/>
                        <p class="hint">{t!(files_hint)}</p>
                        <FileList files=draft.files/>
                    </div>
                    <AsideNote draft=draft/>
                    <SubmissionNote sender=sender/>
                    {dynamic(on_its_way)}
                    <div class="tools">
                        <SavedLine draft=draft/>
                        <Discard draft=draft/>
                        <span class="grow"></span>
                        <ActionButton
                            label=label
                            busy_label=t!(new_ticket_submitting)
                            busy=sending
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
        focus::id(SUBJECT);
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

async fn attempt(
    draft: Draft,
    record: Record,
    request: NewTicket,
    router: Router,
    toasts: Toasts,
    tickets: Option<TicketStore>,
) -> Verdict {
    if let Err(failure) = draft.begin_attempt().await {
        return Verdict::Rejected(failure);
    }
    let opened: Option<TicketId> = match client::call_once::<CreateTicket>((), &request, &record.key).await {
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
    draft.sent(record);
    if let Some(tickets) = tickets {
        tickets.refresh();
    }
    // Whoever has left the form meanwhile stays where they are.
    if router.page_untracked() == Page::NewTicket {
        router.replace(opened.map_or_else(|| Page::Tickets(ListPlace::default()), Page::Ticket));
    }
    Verdict::Accepted
}
