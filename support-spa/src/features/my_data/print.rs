//! Everything, ready for paper.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::TicketId;
use shared::endpoints::account::{Export, ExportData, ExportedTicket};
use shared::endpoints::tickets::{AuthorKind, Message};

use crate::browser::window;
use crate::client::{self, Failure};
use crate::features::thread::rich_text::{Images, rich_text};
use crate::i18n::{Key, format, t, t_now};
use crate::ui::{ActionButton, FailureNotice, Look, PageHeading, dynamic};

/// The printable view.
#[component]
pub(super) fn PrintView(
    /// Back to the page.
    on_close: Callback<()>,
) -> impl IntoView {
    let data = RwSignal::new(None::<Result<Export, Failure>>);
    let load = move || {
        data.set(None);
        spawn_local(async move {
            let answer = client::read::<ExportData>(&(), &()).await;
            data.try_set(Some(answer.map(|(export, _)| export)));
        });
    };
    load();
    let print = Callback::new(move |()| {
        if let Some(window) = window() {
            let _ = window.print();
        }
    });
    let retry = Callback::new(move |()| load());
    let body = move || match data.get() {
        None => view! { <span class="bone bone-block" aria-busy="true"></span> }.into_any(),
        Some(Err(failure)) => {
            view! { <FailureNotice failure=failure title=t!(my_data_failed) on_retry=retry/> }.into_any()
        }
        Some(Ok(export)) => document(export),
    };
    view! {
        <div class="page print-view">
            <div class="actions no-print">
                <ActionButton label=t!(my_data_print_back) on_press=on_close/>
                <ActionButton label=t!(my_data_print_now) look=Look::Primary on_press=print/>
            </div>
            <PageHeading>{t!(my_data_print_view_title)}</PageHeading>
            {dynamic(body)}
        </div>
    }
}

fn document(export: Export) -> AnyView {
    let made = {
        let name = export.customer.name.into_string();
        t!(my_data_print_view_made, time = format::full(export.generated_at), name = name.clone())
    };
    let truncated = export.truncated.then(|| view! { <p class="note">{t!(my_data_truncated)}</p> });
    let tickets: Vec<AnyView> = export.tickets.into_iter().map(ticket).collect();
    view! { {line(made)} {truncated} {tickets} }.into_any()
}

fn ticket(ticket: ExportedTicket) -> AnyView {
    let number = ticket.number.map(|number| ["#", &number.to_string(), " "].concat());
    let opened = Signal::derive(move || {
        [Key::from(ticket.status).text(), t_now!(thread_opened, time = format::full(ticket.created_at))].join(" · ")
    });
    let fields = ticket.fields.iter().map(|field| line(Signal::stored([&*field.label, &*field.value].join(": "))));
    let mut lines: Vec<AnyView> = fields.collect();
    if let Some(rating) = ticket.rating {
        let comment = rating.comment.map(|comment| [" · ", &comment].concat()).unwrap_or_default();
        let score = rating.score;
        lines.push(line(Signal::derive(move || {
            [t_now!(rating_yours, score = Key::from(score).text()), comment.clone()].concat()
        })));
    }
    let messages: Vec<AnyView> = ticket.messages.into_iter().map(|each| message(ticket.id, each)).collect();
    view! {
        <section class="print-ticket">
            <h2>{number}<bdi>{ticket.subject.into_string()}</bdi></h2>
            {line(opened)}
            {lines}
            {messages}
        </section>
    }
    .into_any()
}

fn message(ticket_id: TicketId, message: Message) -> AnyView {
    let name = match (message.author.kind, message.author.name) {
        (AuthorKind::You, _) => t!(thread_you),
        (_, Some(name)) => Signal::stored(name.into_string()),
        (_, None) => t!(thread_team),
    };
    let images = Images::of(ticket_id, &message.attachments).named();
    let quote = (!message.quoted.is_empty())
        .then(|| view! { <blockquote>{vec![rich_text(&message.quoted, &images)]}</blockquote> }.into_any());
    let files: Vec<String> = message.attachments.iter().map(|file| file.name.as_str().to_owned()).collect();
    let files = (!files.is_empty()).then(|| {
        let names = Signal::derive(move || [t_now!(thread_attachments_label), format::list(&files)].join(": "));
        line(names)
    });
    view! {
        <div class="print-message">
            <h3>{name}" · "{Signal::derive(move || format::full(message.sent_at))}</h3>
            {rich_text(&message.body, &images)}
            {quote}
            {files}
        </div>
    }
    .into_any()
}

fn line(text: Signal<String>) -> AnyView {
    view! { <p class="hint">{text}</p> }.into_any()
}
