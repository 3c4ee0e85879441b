//! Resolve, reopen, print.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::endpoints::tickets::{
    Capabilities, GetTicket, RequestedStatus, SetStatus, StatusChange, ThreadQuery, TicketState, TicketStatus,
};

use super::store::ThreadStore;
use crate::browser::window;
use crate::client::{self, Failure};
use crate::i18n::{keys, m, t};
use crate::icons::{Icon, IconView};
use crate::ui::{ActionButton, Toast, ToastAction, Toasts, because, dynamic, use_toasts, worded};

/// What can be done with a ticket beside writing.
#[component]
pub(super) fn TicketActions(
    /// The ticket.
    store: ThreadStore,
) -> impl IntoView {
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let can = Memo::new(move |_| store.ticket.with(|ticket| ticket.as_ref().map(|ticket| ticket.can)));
    let request = move |wanted| {
        if !busy.get_untracked() {
            busy.set(true);
            spawn_local(set(store, toasts, busy, wanted));
        }
    };
    let resolve = Callback::new(move |()| request(RequestedStatus::Resolved));
    let reopen = Callback::new(move |()| request(RequestedStatus::Reopened));
    let button = move || match can.get() {
        Some(Capabilities { resolve: true, .. }) => view! {
            <ActionButton label=t!(resolve_action) busy_label=t!(resolve_working) busy=busy on_press=resolve/>
        }
        .into_any(),
        Some(Capabilities { reopen: true, .. }) => view! {
            <ActionButton label=t!(reopen_action) busy_label=t!(reopen_working) busy=busy on_press=reopen/>
        }
        .into_any(),
        _ => ().into_any(),
    };
    let print = move |_| {
        if let Some(window) = window() {
            let _ = window.print();
        }
    };
    view! {
        {dynamic(button)}
        <button type="button" class="icon-button" aria-label=t!(thread_print) on:click=print>
            <IconView icon=Icon::Print/>
        </button>
    }
}

async fn set(store: ThreadStore, toasts: Toasts, busy: RwSignal<bool>, wanted: RequestedStatus) {
    let resolving = wanted == RequestedStatus::Resolved;
    let what = if resolving { m!(resolve_failed) } else { m!(reopen_failed) };
    let outcome = match client::call::<SetStatus>(store.path(), (), &StatusChange { status: wanted }).await {
        Err(failure) if failure.outcome_unknown() => found(store, resolving, failure).await,
        Ok(state) => Outcome::Done(state),
        Err(failure) => Outcome::Refused(failure),
    };
    busy.try_set(false);
    match outcome {
        Outcome::Done(state) => {
            store.set_state(state);
            let undo = Arc::new(move || {
                // The note outlives the page; while that is there, one change is made after the other.
                if busy.try_get_untracked() != Some(true) {
                    busy.try_set(true);
                    spawn_local(Box::pin(set(store, toasts, busy, RequestedStatus::Reopened)));
                }
            });
            toasts.show(if resolving {
                let action = Some(ToastAction { label: keys::resolve_undo, run: undo });
                Toast { text: m!(resolve_done), urgent: false, action }
            } else {
                Toast::from(m!(reopen_done))
            });
        }
        Outcome::Refused(failure) => toasts.fail(because(&what, &failure)),
        Outcome::Unknown(failure) => {
            toasts.fail(worded(&failure));
            store.refresh();
        }
    }
}

/// What came of a change.
enum Outcome {
    Done(TicketState),
    /// The ticket is as it was.
    Refused(Failure),
    /// Nobody could be asked what the ticket is now.
    Unknown(Failure),
}

/// What came of a change whose answer is none: the ticket itself says it.
async fn found(store: ThreadStore, resolving: bool, failure: Failure) -> Outcome {
    match client::read::<GetTicket>(&store.path(), &ThreadQuery::default()).await {
        Ok((ticket, _)) if ticket.stale => Outcome::Unknown(failure),
        Ok((ticket, _)) if (ticket.status == TicketStatus::Resolved) == resolving => {
            Outcome::Done(TicketState { status: ticket.status, status_since: ticket.status_since, can: ticket.can })
        }
        Ok(_) => Outcome::Refused(failure),
        Err(_) => Outcome::Unknown(failure),
    }
}
