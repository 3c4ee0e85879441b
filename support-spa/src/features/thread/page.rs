//! The ticket's pane.

use leptos::html;
use leptos::prelude::*;
use shared::TicketId;
use shared::endpoints::tickets::{Ticket, TicketStatus};

use super::actions::TicketActions;
use super::head::TicketHead;
use super::lightbox::{Lightbox, LightboxView};
use super::messages::Messages;
use super::place;
use super::store::ThreadStore;
use crate::bandz::Scene;
use crate::browser::listen;
use crate::client::Cause;
use crate::features::list::{Load, use_tickets};
use crate::features::live::use_live;
use crate::features::reply::Withdrawn;
use crate::i18n::{format, t};
use crate::parts::use_parts;
use crate::router::{Link, ListPlace, Page, use_router};
use crate::session::use_session;
use crate::ui::{EmptyState, FailureNotice, ThreadSkeleton, dynamic, worded};

/// A ticket: head, messages, reply.
#[component]
pub fn TicketPane(
    /// Which.
    id: TicketId,
) -> impl IntoView {
    let session = use_session();
    if let Some(account) = session.account() {
        provide_context(Withdrawn::new(account, id));
    }
    let store = ThreadStore::open(id, session, use_tickets());
    provide_context(Lightbox::default());
    use_live().on_ticket(id, move || store.refresh());
    listen::on_document("visibilitychange", move |_| store.mark_read());
    let shown = Memo::new(move |_| match store.load.get() {
        _ if store.ticket.with(Option::is_some) => Shown::Ticket,
        Load::Failed(failure) if failure.cause == Cause::NotFound => Shown::Missing,
        Load::Failed(failure) => Shown::Failed(failure),
        _ => Shown::Loading,
    });
    dynamic(move || match shown.get() {
        Shown::Loading => view! { <ThreadSkeleton/> }.into_any(),
        Shown::Missing => missing(),
        Shown::Failed(failure) => view! {
            <FailureNotice
                failure=failure
                title=t!(thread_failed_title)
                is_page=true
                on_retry=Callback::new(move |()| store.refresh())
            />
        }
        .into_any(),
        Shown::Ticket => view! { <Loaded store=store/> }.into_any(),
    })
}

#[derive(Clone, PartialEq, Eq)]
enum Shown {
    Loading,
    Missing,
    Failed(crate::client::Failure),
    Ticket,
}

fn missing() -> AnyView {
    view! {
        <EmptyState scene=Scene::NotFound title=t!(thread_missing_title) body=t!(thread_missing_body) is_page=true>
            <Link to=Page::Tickets(ListPlace::default()) class="button primary">{t!(thread_missing_action)}</Link>
        </EmptyState>
    }
    .into_any()
}

#[component]
fn Loaded(store: ThreadStore) -> impl IntoView {
    let can = Memo::new(move |_| store.ticket.with(|ticket| ticket.as_ref().map(|ticket| ticket.can)));
    let can_reply = Memo::new(move |_| can.get().is_some_and(|can| can.reply));
    // A rating is asked for when the help is over, and stays changeable afterwards.
    let can_rate = Memo::new(move |_| {
        let over = |ticket: &Ticket| ticket.status == TicketStatus::Resolved || ticket.rating.is_some();
        store.ticket.with(|ticket| ticket.as_ref().is_some_and(|ticket| ticket.can.rate && over(ticket)))
    });
    let outdated = move || {
        let stale = store.ticket.with(|ticket| ticket.as_ref().filter(|ticket| ticket.stale).map(|it| it.synced_at));
        match (store.load.get(), stale) {
            (Load::Outdated(failure), _) => {
                view! { <p class="note outdated">{worded(&failure).signal()}</p> }.into_any()
            }
            (_, Some(at)) => {
                view! { <p class="note outdated">{t!(list_stale, time = format::time(at))}</p> }.into_any()
            }
            _ => ().into_any(),
        }
    };
    // The thread is there before the forms below it.
    let parts = use_parts();
    let rating = move || if can_rate.get() { parts.rating.show_form(store, "rating") } else { ().into_any() };
    let router = use_router();
    let node = NodeRef::<html::Article>::new();
    Effect::new(move |_| {
        if let Some(thread) = node.get() {
            let leads_elsewhere = untrack(move || !router.fragment().is_empty());
            place::keep(&thread, leads_elsewhere);
        }
    });
    let reply = move || {
        if can_reply.get() {
            parts.reply.show_form(store, "reply")
        } else {
            view! { <p class="note">{t!(composer_cannot_reply)}</p> }.into_any()
        }
    };
    view! {
        <article class="thread" node_ref=node>
            <TicketHead store=store>
                <TicketActions store=store/>
            </TicketHead>
            {dynamic(outdated)}
            <Messages store=store/>
            {dynamic(rating)}
            {dynamic(reply)}
        </article>
        <LightboxView/>
    }
}
