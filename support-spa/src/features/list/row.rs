//! One ticket in the list.

use leptos::prelude::*;
use shared::TicketId;
use shared::endpoints::tickets::{AuthorKind, DeliveryState, TicketStatus, TicketSummary};

use super::store::TicketStore;
use crate::i18n::{Key, format, keys, t, t_now};
use crate::icons::{StatusGlyph, status_name};
use crate::router::{Link, Page, use_router};
use crate::ui::{Time, dynamic};

/// A status as a glyph and a word.
#[component]
pub fn StatusWord(
    /// Which.
    status: TicketStatus,
) -> impl IntoView {
    view! {
        <span class="status" data-status=status_name(status)>
            <StatusGlyph status=status/>
            <span>{Key::from(status).signal()}</span>
        </span>
    }
    .into_any()
}

/// One ticket in the list, a link to it. The link stays while what it says changes, and with it the focus.
pub(super) fn row(store: TicketStore, id: TicketId) -> AnyView {
    let router = use_router();
    let ticket = Memo::new(move |before: Option<&Option<TicketSummary>>| {
        let found = store.items.with(|items| items.iter().find(|item| item.id == id).cloned());
        found.or_else(|| before.cloned().flatten())
    });
    let page = Page::Ticket(id);
    let here = page.clone();
    let current = Signal::derive(move || router.page() == here);
    let unread = move || ticket.with(|ticket| ticket.as_ref().is_some_and(|ticket| ticket.unread));
    let content = move || ticket.get().map_or_else(|| ().into_any(), content);
    view! {
        <li class="row" class:unread=unread>
            <Link to=page class="row-link" current=current>
                {dynamic(content)}
            </Link>
        </li>
    }
    .into_any()
}

fn content(ticket: TicketSummary) -> AnyView {
    let snippet = snippet(&ticket);
    let number = match (ticket.delivery.state, ticket.number) {
        (DeliveryState::Failed, _) => t!(list_not_delivered),
        (_, Some(number)) => t!(list_number, number = number.to_string()),
        (_, None) => t!(list_on_its_way),
    };
    let counts = Signal::derive(move || {
        let messages = t_now!(list_messages, count = ticket.message_count);
        match ticket.attachment_count {
            0 => messages,
            files => [messages, t_now!(list_files, count = files)].join(" · "),
        }
    });
    view! {
        <span class="row-dot" aria-hidden="true"></span>
        <span class="row-title">
            {ticket.unread.then(|| view! { <span class="visually-hidden">{t!(list_unread)} ": "</span> })}
            <bdi>{ticket.subject.as_str().to_owned()}</bdi>
        </span>
        <span class="row-time"><Time at=ticket.last_activity_at/></span>
        <span class="row-text"><bdi>{snippet}</bdi></span>
        <span class="row-meta">
            <StatusWord status=ticket.status/>
            <span class="number">{number}</span>
            <span>{counts}</span>
        </span>
    }
    .into_any()
}

fn snippet(ticket: &TicketSummary) -> Signal<String> {
    let text = ticket.snippet.as_str().to_owned();
    let name = ticket.last_author.name.as_ref().map(|name| name.as_str().to_owned());
    match (ticket.last_author.kind, name) {
        _ if text.is_empty() => keys::list_no_preview.signal(),
        (AuthorKind::You, _) => t!(list_you_prefix, text = text.clone()),
        (_, Some(name)) => t!(list_author_prefix, name = name.clone(), text = text.clone()),
        (_, None) => Signal::stored(text),
    }
}

/// A number for a tab, formatted for the language.
pub(super) fn count(number: u32) -> String {
    format::number(f64::from(number))
}
