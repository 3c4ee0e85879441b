//! What the ticket is about, where it stands, and who moves next.

use leptos::prelude::*;
use shared::endpoints::tickets::{Delivery, DeliveryState, Ticket, TicketStatus};

use super::delivery::{rewrite, why_not};
use super::store::ThreadStore;
use crate::features::list::use_tickets;
use crate::i18n::{Key, format, next_move, t, t_now};
use crate::icons::{GaugeBars, Icon, IconView, status_name};
use crate::router::{Link, Page};
use crate::ui::{PageHeading, dynamic};

const fn step(status: TicketStatus) -> u32 {
    match status {
        TicketStatus::Received => 1,
        TicketStatus::Working => 2,
        TicketStatus::WaitingForYou => 3,
        TicketStatus::Resolved => 4,
    }
}

/// Characters from which a subject is set smaller.
const LONG: usize = 70;

/// The head of a ticket.
#[component]
pub(super) fn TicketHead(
    /// The ticket.
    store: ThreadStore,
    /// What can be done with it.
    children: Children,
) -> impl IntoView {
    let read = move |part: fn(&Ticket) -> String| {
        Memo::new(move |_| store.ticket.with(|ticket| ticket.as_ref().map(part).unwrap_or_default()))
    };
    let subject = read(|ticket| ticket.subject.as_str().to_owned());
    // A subject may be as long as a sentence; as large as a short one it would fill the window.
    let long = Signal::derive(move || (subject.with(|subject| subject.chars().count()) > LONG).then_some(""));
    let delivery = Memo::new(move |_| {
        store.ticket.with(|ticket| ticket.as_ref().map_or(Delivery::DELIVERED, |ticket| ticket.delivery.clone()))
    });
    let number = read(|ticket| ticket.number.map(|number| number.to_string()).unwrap_or_default());
    let numbered = Signal::derive(move || match number.get() {
        number if !number.is_empty() => t_now!(list_number, number = number),
        _ if delivery.with(|delivery| delivery.state == DeliveryState::Failed) => t_now!(list_not_delivered),
        _ => t_now!(list_number_pending),
    });
    let tickets = use_tickets();
    let back = Signal::derive(move || Page::Tickets(tickets.map(|tickets| tickets.place.get()).unwrap_or_default()));
    let undelivered = move || {
        let delivery = delivery.get();
        match delivery.state {
            DeliveryState::Delivered => ().into_any(),
            // What the ticket was opened with is its first message, and all that there can be is loaded.
            DeliveryState::Failed => view! {
                <div class="note failed">
                    <strong>{why_not(&delivery)}</strong>
                    " "
                    {store.messages.with_untracked(|messages| messages.first().map(|message| rewrite(store, message.id)))}
                </div>
            }
            .into_any(),
            DeliveryState::Queued | DeliveryState::Sending => view! {
                <div class="note">
                    <strong>{t!(thread_not_delivered_title)}</strong>
                    " "
                    {t!(thread_not_delivered_body)}
                </div>
            }
            .into_any(),
        }
    };
    view! {
        <header class="thread-head">
            <Link to=back class="back"><IconView icon=Icon::Back/>{t!(thread_back)}</Link>
            <div class="thread-title" data-long=long>
                <span class="number">{numbered}</span>
                <PageHeading><bdi>{subject}</bdi></PageHeading>
                <Gauge store=store/>
                <Details store=store/>
            </div>
            <div class="thread-actions">{children()}</div>
            {dynamic(undelivered)}
        </header>
    }
}

/// Four bars and the same in words.
#[component]
fn Gauge(store: ThreadStore) -> impl IntoView {
    let state = Memo::new(move |_| {
        store.ticket.with(|ticket| ticket.as_ref().map(|ticket| (ticket.status, ticket.status_since)))
    });
    // A signal of statuses would be the only one: what reads them asks.
    let status = move || state.get().map_or(TicketStatus::Received, |(status, _)| status);
    let named = Signal::derive(move || Some(status_name(status())));
    let since = Signal::derive(move || {
        let at = state.get().map(|(_, since)| format::short(since)).unwrap_or_default();
        t_now!(status_since, time = at)
    });
    let label = Signal::derive(move || {
        let status = status();
        t_now!(status_gauge_label, step = step(status), status = Key::from(status).text())
    });
    view! {
        <p class="gauge" data-status=named>
            <span class="visually-hidden">{label}": "</span>
            <GaugeBars status=named/>
            <strong>{Signal::derive(move || Key::from(status()).text())}</strong>
            <span>{since}" · "{Signal::derive(move || next_move(status()).text())}</span>
        </p>
    }
}

/// What was filled in beside the message, and who else takes part.
#[component]
fn Details(store: ThreadStore) -> impl IntoView {
    let details = Memo::new(move |_| {
        store.ticket.with(|ticket| {
            let ticket = ticket.as_ref()?;
            let fields = ticket.fields.iter().map(|field| (field.label.to_string(), field.value.to_string()));
            let participants = ticket.participants.iter().map(|name| name.to_string());
            Some((fields.collect::<Vec<_>>(), participants.collect::<Vec<_>>(), ticket.created_at))
        })
    });
    dynamic(move || {
        let Some((fields, participants, created_at)) = details.get() else { return ().into_any() };
        let count = participants.len();
        let fields = fields
            .into_iter()
            .map(|(label, value)| view! { <div><dt>{label}</dt><dd><bdi>{value}</bdi></dd></div> })
            .collect_view();
        let participants = (count > 0).then(|| {
            let names = Signal::derive(move || format::list(&participants));
            view! {
                <div class="participants">
                    <dt>{t!(thread_participants)}</dt>
                    <dd>{names}<p class="hint">{t!(thread_participants_hint)}</p></dd>
                </div>
            }
        });
        view! {
            <details class="details">
                <summary>{t!(thread_fields_label)}</summary>
                <p>{t!(thread_opened, time = format::full(created_at))}</p>
                <dl>
                    {fields}
                    {participants}
                </dl>
            </details>
        }
        .into_any()
    })
}
