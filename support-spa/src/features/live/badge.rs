//! "Live · synced 12:04", or what is true instead.

use leptos::prelude::*;

use super::connection::{Health, POLLING, use_live};
use crate::i18n::{format, t_now};
use crate::ui::use_announcer;

/// How news come, in words, with a press to check at once.
#[component]
pub fn LiveBadge() -> impl IntoView {
    let live = use_live();
    let announcer = use_announcer();
    let text = Signal::derive(move || {
        let time = live.synced_at.get().map(format::time).unwrap_or_default();
        match live.health.get() {
            Health::Connecting => t_now!(live_connecting),
            Health::Live => t_now!(live_live_synced, time = time),
            Health::Polling => t_now!(live_polling_synced, time = time),
            Health::Offline => t_now!(live_offline_synced, time = time),
        }
    });
    let explained = Signal::derive(move || {
        let time = live.synced_at.get().map(format::time).unwrap_or_default();
        match live.health.get() {
            Health::Connecting | Health::Live => t_now!(live_explain_live),
            Health::Polling => t_now!(live_explain_polling, seconds = POLLING),
            Health::Offline => t_now!(live_explain_offline, time = time),
        }
    });
    let state = Signal::derive(move || match live.health.get() {
        Health::Connecting => Some("connecting"),
        Health::Live => Some("live"),
        Health::Polling => Some("polling"),
        Health::Offline => Some("offline"),
    });
    // A word about it only when it got worse, or better again: not about the first connection.
    Effect::new(move |before: Option<Health>| {
        let now = live.health.get();
        match (before, now) {
            (Some(Health::Live), Health::Polling) => announcer.say(t_now!(live_announced_down)),
            (Some(Health::Polling | Health::Offline), Health::Live) => announcer.say(t_now!(live_announced_back)),
            // Between two tries the state is not news.
            (Some(before), Health::Connecting) => return before,
            _ => {}
        }
        now
    });
    view! {
        <button
            type="button"
            class="live"
            data-state=state
            title=explained
            aria-label=Signal::derive(move || [text.get(), t_now!(live_sync_now)].join(". "))
            on:click=move |_| live.check_now()
        >
            <i aria-hidden="true"></i>
            <span aria-hidden="true">{text}</span>
        </button>
    }
}
