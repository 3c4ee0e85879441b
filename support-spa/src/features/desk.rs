//! The list beside the ticket on a wide screen, one of them on a narrow one.

use leptos::prelude::*;

use crate::bandz::Scene;
use crate::features::list::{TicketListPane, TicketStore};
use crate::i18n::t;
use crate::parts::use_parts;
use crate::router::{Page, use_router};
use crate::ui::{EmptyState, PageSkeleton, ThreadSkeleton, dynamic};

/// What stands beside the list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pane {
    Nothing,
    NewTicket,
    Ticket(shared::TicketId),
}

/// List and ticket.
#[component]
pub fn Desk(
    /// The list.
    tickets: TicketStore,
) -> impl IntoView {
    let router = use_router();
    let parts = use_parts();
    let pane = Memo::new(move |before: Option<&Pane>| match router.page() {
        Page::Ticket(id) => Pane::Ticket(id),
        Page::NewTicket => Pane::NewTicket,
        Page::Tickets(_) => Pane::Nothing,
        _ => before.copied().unwrap_or(Pane::Nothing),
    });
    // The style sheet shows the pane that is meant where there is room for one only.
    let name = Signal::derive(move || match pane.get() {
        Pane::Nothing => Some("list"),
        Pane::NewTicket => Some("new"),
        Pane::Ticket(_) => Some("ticket"),
    });
    let content = move || match pane.get() {
        Pane::Nothing => view! {
            <EmptyState scene=Scene::Welcome title=t!(list_choose_title) body=t!(list_choose_body)/>
        }
        .into_any(),
        Pane::NewTicket => parts.new_ticket.show((), || view! { <PageSkeleton class="new-ticket"/> }.into_any()),
        Pane::Ticket(id) => parts.ticket.show(id, || view! { <ThreadSkeleton/> }.into_any()),
    };
    view! {
        <div class="desk" data-pane=name>
            <section class="list-pane" aria-label=t!(list_title)>
                <TicketListPane store=tickets/>
            </section>
            <div class="ticket-pane">{dynamic(content)}</div>
        </div>
    }
}
