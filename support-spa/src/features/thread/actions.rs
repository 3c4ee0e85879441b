//! Resolve, reopen, print.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::endpoints::tickets::{RequestedStatus, SetStatus, StatusChange};

use super::store::ThreadStore;
use crate::browser::window;
use crate::client;
use crate::i18n::{keys, m, t};
use crate::icons::{Icon, IconView};
use crate::ui::{ActionButton, Toast, ToastAction, Toasts, dynamic, use_toasts};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Idle,
    Running,
}

/// What can be done with a ticket beside writing.
#[component]
pub(super) fn TicketActions(
    /// The ticket.
    store: ThreadStore,
) -> impl IntoView {
    let toasts = use_toasts();
    let change = RwSignal::new(Change::Idle);
    let can = Memo::new(move |_| {
        store
            .ticket
            .with(|ticket| ticket.as_ref().map_or((false, false), |ticket| (ticket.can.resolve, ticket.can.reopen)))
    });
    let busy = Signal::derive(move || change.get() == Change::Running);
    let request = move |wanted| {
        if change.get_untracked() == Change::Idle {
            change.set(Change::Running);
            spawn_local(set(store, toasts, change, wanted));
        }
    };
    let resolve = Callback::new(move |()| request(RequestedStatus::Resolved));
    let reopen = Callback::new(move |()| request(RequestedStatus::Reopened));
    let button = move || match can.get() {
        (true, _) => view! {
            <ActionButton label=t!(resolve_action) busy_label=t!(resolve_working) busy=busy on_press=resolve/>
        }
        .into_any(),
        (false, true) => view! {
            <ActionButton label=t!(reopen_action) busy_label=t!(reopen_working) busy=busy on_press=reopen/>
        }
        .into_any(),
        (false, false) => ().into_any(),
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

async fn set(store: ThreadStore, toasts: Toasts, change: RwSignal<Change>, wanted: RequestedStatus) {
    let answer = client::call_until_known::<SetStatus>(store.path(), &StatusChange { status: wanted }).await;
    change.try_set(Change::Idle);
    let resolving = wanted == RequestedStatus::Resolved;
    match answer {
        Ok(state) => {
            store.set_state(state);
            let undo = Arc::new(move || {
                change.try_set(Change::Running);
                spawn_local(Box::pin(set(store, toasts, change, RequestedStatus::Reopened)));
            });
            toasts.show(if resolving {
                let action = Some(ToastAction { label: keys::resolve_undo, run: undo });
                Toast { text: m!(resolve_done), urgent: false, action }
            } else {
                Toast::from(m!(reopen_done))
            });
        }
        Err(failure) => {
            toasts.fail(if resolving { m!(resolve_failed) } else { m!(reopen_failed) });
            // Should it have been done all the same, the ticket shows that.
            if failure.outcome_unknown() {
                store.refresh();
            }
        }
    }
}
