//! How far a message of the customer's has come, and taking it back before it leaves.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::endpoints::tickets::{Delivery, DeliveryState, MessagePath, Ticket, WithdrawReply};
use shared::{MessageId, Nothing, Timestamp};

use super::store::ThreadStore;
use crate::browser::{now, timer};
use crate::client::{self, Cause, Failure};
use crate::features::reply::use_withdrawn;
use crate::i18n::{format, m, t, undelivered};
use crate::icons::{Icon, IconView};
use crate::router::use_router;
use crate::ui::{ActionButton, Look, use_toasts, worded};

/// How far a message has come.
pub(super) fn delivery(store: ThreadStore, id: MessageId, sent_at: Timestamp, state: Delivery) -> AnyView {
    match (state.state, state.leaves_at) {
        (DeliveryState::Queued, Some(leaves_at)) => {
            view! { <Queued store=store id=id leaves_at=leaves_at/> }.into_any()
        }
        (DeliveryState::Queued, None) => line(Icon::Clock, t!(delivery_queued), "queued"),
        (DeliveryState::Sending, _) => line(Icon::Clock, t!(delivery_sending), "sending"),
        (DeliveryState::Delivered, _) => {
            line(Icon::Delivered, t!(delivery_delivered, time = format::time(sent_at)), "delivered")
        }
        (DeliveryState::Failed, _) => view! {
            <p class="delivery" data-state="failed">
                <IconView icon=Icon::Warning/>
                <span>{why_not(&state)}</span>
                {rewrite(store, id)}
            </p>
        }
        .into_any(),
    }
}

/// That something was not sent, and why.
pub(super) fn why_not(state: &Delivery) -> Signal<String> {
    let reason = state.reason.unwrap_or(shared::ProblemCode::Internal);
    t!(delivery_failed_because, reason = undelivered(reason).text())
}

/// Puts a message that was given up into a form again: into the reply box, or into that of a new ticket if its own never arrived.
pub(super) fn rewrite(store: ThreadStore, id: MessageId) -> AnyView {
    let router = use_router();
    // Once is enough: it would stand there twice.
    let done = RwSignal::new(false);
    let press = Callback::new(move |()| {
        let (Some(withdrawn), Some(message)) = (store.withdrawn, store.message(id)) else { return };
        done.set(true);
        let never_arrived = |ticket: &&Ticket| ticket.delivery.state == DeliveryState::Failed;
        let subject = store.ticket.with_untracked(|ticket| {
            ticket.as_ref().filter(never_arrived).map(|ticket| ticket.subject.as_str().to_owned())
        });
        match subject {
            Some(subject) => withdrawn.into_new_ticket(message, subject, router),
            None => withdrawn.bring_back(message),
        }
    });
    view! { <ActionButton label=t!(delivery_rewrite) disabled=done look=Look::Quiet on_press=press/> }.into_any()
}

fn line(icon: Icon, text: Signal<String>, state: &'static str) -> AnyView {
    view! { <p class="delivery" data-state=state><IconView icon=icon/>{text}</p> }.into_any()
}

/// Milliseconds before asking again when nobody knows whether it was taken back. Taking back twice is taking back once.
const AGAIN: [i32; 3] = [300, 1_000, 2_500];

async fn withdraw(path: MessagePath) -> Result<Nothing, Failure> {
    let mut pauses = AGAIN.into_iter();
    loop {
        let answer = client::call::<WithdrawReply>(path.clone(), (), &Nothing).await;
        let unknown = |failure: &Failure| matches!(failure.cause, Cause::Offline | Cause::TimedOut | Cause::Unusable);
        match (answer, pauses.next()) {
            (Err(failure), Some(pause)) if unknown(&failure) => timer::sleep(pause).await,
            (answer, _) => return answer,
        }
    }
}

/// Counts down to the moment that the message leaves.
#[component]
fn Queued(store: ThreadStore, id: MessageId, leaves_at: Timestamp) -> impl IntoView {
    let toasts = use_toasts();
    let withdrawn = use_withdrawn();
    let left = move || u32::try_from((leaves_at.millis() - now() + 999) / 1000).unwrap_or(0);
    let seconds = RwSignal::new(left());
    let busy = RwSignal::new(false);
    timer::every(500, move || {
        if seconds.get_untracked() != left() {
            seconds.set(left());
        }
    });
    let undo = Callback::new(move |()| {
        busy.set(true);
        // When the answer is lost, the message may be gone from the thread before it is known why.
        let message = store.message(id);
        spawn_local(async move {
            let answer = withdraw(MessagePath { ticket_id: store.id, message_id: id }).await;
            busy.try_set(false);
            match answer {
                Ok(Nothing) => {
                    store.take_out(id);
                    if let (Some(message), Some(withdrawn)) = (message, withdrawn) {
                        withdrawn.bring_back(message);
                    }
                    toasts.show(m!(undo_withdrawn));
                }
                Err(failure) if matches!(failure.cause, Cause::InProgress | Cause::NotFound) => {
                    toasts.show(m!(undo_too_late));
                    store.refresh();
                }
                Err(failure) => toasts.fail(worded(&failure)),
            }
        });
    });
    let gone = Memo::new(move |_| seconds.get() == 0);
    view! {
        <p class="delivery" data-state="queued">
            <IconView icon=Icon::Clock/>
            <span>
                {Signal::derive(move || {
                    if gone.get() { m!(delivery_sending).text() } else { m!(undo_leaves_in, count = seconds.get()).text() }
                })}
            </span>
            <ActionButton label=t!(undo_action) busy=busy disabled=gone look=Look::Quiet on_press=undo/>
        </p>
    }
}
