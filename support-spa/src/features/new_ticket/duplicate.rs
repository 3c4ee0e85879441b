//! Says that much the same has been asked already.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::timer;
use crate::features::list::{open_tickets, similar, use_tickets};
use crate::features::offline::use_online;
use crate::i18n::{t, t_now};
use crate::router::{Link, Page};
use crate::session::use_session;
use crate::ui::{ActionButton, Look, dynamic};

/// A hint at an open ticket that looks the same. It never stands in the way.
#[component]
pub(super) fn DuplicateHint(
    /// The subject as it is typed.
    subject: RwSignal<String>,
) -> impl IntoView {
    let tickets = use_tickets();
    // What the list shows may be a search, or those that are resolved; until the answer is there, it is better than nothing.
    let open = RwSignal::new(None);
    let (online, session) = (use_online(), use_session());
    Effect::new(move |_| {
        online.track();
        if !session.is_active() {
            return;
        }
        spawn_local(async move {
            if let Some(tickets) = open_tickets().await {
                open.try_set(Some(tickets));
            }
        });
    });
    let settled = RwSignal::new(String::new());
    let dismissed = RwSignal::new(Vec::new());
    Effect::new(move |_| {
        let typed = subject.get();
        timer::after(500, move || {
            if subject.try_with_untracked(|now| *now == typed) == Some(true) {
                settled.try_set(typed);
            }
        });
    });
    let similar = Memo::new(move |_| {
        let settled = settled.get();
        let among = |tickets: &[_]| similar(tickets, &settled).map(|it| (it.id, it.number, it.subject.clone()));
        let found = open.with(|open| open.as_deref().map(among));
        let found = found.or_else(|| Some(tickets?.items.with(|items| among(items))))??;
        (!dismissed.with(|ids| ids.contains(&found.0))).then_some(found)
    });
    dynamic(move || {
        let Some((id, number, subject)) = similar.get() else { return ().into_any() };
        let open = Signal::derive(move || match number {
            Some(number) => t_now!(new_ticket_duplicate_open, number = number.to_string()),
            None => t_now!(new_ticket_open_sent),
        });
        let dismiss = Callback::new(move |()| dismissed.update(|ids| ids.push(id)));
        view! {
            <div class="note duplicate" role="status">
                <p><strong>{t!(new_ticket_duplicate_title)}</strong></p>
                <p>{t!(new_ticket_duplicate_body)}</p>
                <p class="duplicate-subject"><bdi>{subject.into_string()}</bdi></p>
                <Link to=Page::Ticket(id) class="button">{open}</Link>
                <ActionButton label=t!(new_ticket_duplicate_dismiss) look=Look::Quiet on_press=dismiss/>
            </div>
        }
        .into_any()
    })
}
