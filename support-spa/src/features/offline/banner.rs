//! Says that there is no connection, what still works, and what waits.

use leptos::prelude::*;

use super::outbox::{Waiting, use_waiting};
use crate::browser::{self, listen};
use crate::i18n::{t, t_now};
use crate::ui::{dynamic, use_announcer};

/// Whether there is a connection, as far as the browser knows; one signal for the app.
#[must_use]
pub fn use_online() -> Signal<bool> {
    use_context::<Online>().map_or_else(|| Signal::stored(true), |online| online.0)
}

#[derive(Clone, Copy)]
struct Online(Signal<bool>);

/// Follows the connection until the current owner is cleaned up, and provides [`use_online`].
pub fn follow() -> Signal<bool> {
    let online = RwSignal::new(browser::is_online());
    for name in ["online", "offline"] {
        listen::on_window(name, move |_| {
            if online.get_untracked() != browser::is_online() {
                online.set(browser::is_online());
            }
        });
    }
    let online = online.into();
    provide_context(Online(online));
    online
}

/// A banner across the page while there is no connection, or while messages wait although there is one.
#[component]
pub fn OfflineBanner() -> impl IntoView {
    let online = use_online();
    let announcer = use_announcer();
    let waiting = use_waiting();
    let queue = move |online: bool| match waiting.map_or(0, Waiting::count) {
        0 => ().into_any(),
        count if online => view! { <span>{t!(offline_tried, count = count)}</span> }.into_any(),
        count => view! { <span>" "{t!(offline_waiting, count = count)}</span> }.into_any(),
    };
    let tried = Memo::new(move |_| waiting.is_some_and(Waiting::were_tried_in_vain));
    Effect::new(move |before: Option<bool>| {
        let now = online.get();
        match before {
            Some(true) if !now => announcer.interrupt(t_now!(offline_announced)),
            Some(false) if now => announcer.say(t_now!(offline_back)),
            _ => {}
        }
        now
    });
    Effect::new(move |_| {
        if tried.get() {
            announcer.interrupt(t_now!(offline_tried, count = waiting.map_or(0, Waiting::count)));
        }
    });
    dynamic(move || {
        let words = match (online.get(), tried.get()) {
            (true, false) => return ().into_any(),
            (true, true) => None,
            (false, _) => Some(t!(offline_banner)),
        };
        let online = words.is_none();
        view! {
            <section class="banner offline" aria-label=t!(offline_label)>{words}{dynamic(move || queue(online))}</section>
        }
        .into_any()
    })
}
