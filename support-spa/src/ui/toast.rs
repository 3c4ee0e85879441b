//! Short notes about what has just happened, with at most one thing to do about it.

use std::sync::Arc;

use leptos::prelude::*;

use super::{ActionButton, Announcer, Look, Row, RowKey, rows, use_announcer};
use crate::browser::{by_id, document, focus, timer, turns};
use crate::i18n::{Key, Message, t, t_now};

/// How long a note stays, in milliseconds. One with an action stays longer; none takes anything with it when it goes.
const STAYS: i32 = 6_000;
const STAYS_WITH_ACTION: i32 = 30_000;

/// Milliseconds more, as often as it takes, while the pointer or the focus is on the notes.
const STAYS_ON: i32 = 2_000;

/// Notes on show together: more would cover what they are about. One with an action goes for no other.
const MOST: usize = 3;

/// The notes, when the pointer or the focus is on them.
const ATTENDED: &str = ".toasts:is(:hover, :focus-within)";

/// A note.
#[derive(Clone)]
pub struct Toast {
    /// What it says.
    pub text: Message,
    /// Whether it is about a failure.
    pub urgent: bool,
    /// What can be done about it.
    pub action: Option<ToastAction>,
}

/// What can be done about a note.
#[derive(Clone)]
pub struct ToastAction {
    /// What the button says.
    pub label: Key,
    /// What it does. A note outlives the page that showed it, so this belongs to no page.
    pub run: Arc<dyn Fn() + Send + Sync>,
}

impl From<Message> for Toast {
    fn from(text: Message) -> Self {
        Self { text, urgent: false, action: None }
    }
}

/// The notes on show.
#[derive(Clone, Copy)]
pub struct Toasts {
    announcer: Announcer,
    shown: RwSignal<Vec<(u32, Toast)>>,
    last: StoredValue<u32>,
}

/// The notes of this app.
#[must_use]
pub fn use_toasts() -> Toasts {
    use_context().unwrap_or_default()
}

impl Default for Toasts {
    fn default() -> Self {
        Self::new(use_announcer())
    }
}

impl Toasts {
    /// A shelf of notes that are also said.
    #[must_use]
    pub fn new(announcer: Announcer) -> Self {
        Self { announcer, shown: RwSignal::new(Vec::new()), last: StoredValue::new(0) }
    }

    /// Shows a note and says it.
    pub fn show(self, toast: impl Into<Toast>) {
        let toast = toast.into();
        if toast.urgent {
            self.announcer.interrupt(toast.text.text());
        } else {
            self.announcer.say(toast.text.text());
        }
        let id = self.last.try_update_value(|last| {
            *last += 1;
            *last
        });
        let Some(id) = id else { return };
        let stays = if toast.action.is_some() { STAYS_WITH_ACTION } else { STAYS };
        self.shown.update(|shown| {
            let plain = |(_, toast): &(u32, Toast)| toast.action.is_none();
            if let Some(oldest) = shown.iter().position(plain).filter(|_| shown.len() >= MOST && !is_attended()) {
                shown.remove(oldest);
            }
            shown.push((id, toast));
        });
        self.pass(id, stays);
    }

    /// Lets a note go after a while, but not while somebody is at the notes.
    fn pass(self, id: u32, stays: i32) {
        timer::after(stays, move || if is_attended() { self.pass(id, STAYS_ON) } else { self.dismiss(id) });
    }

    /// Shows a note about a failure.
    pub fn fail(self, text: Message) {
        self.show(Toast { text, urgent: true, action: None });
    }

    /// Takes all of them away: what they are about was somebody else's.
    pub fn clear(self) {
        self.shown.set(Vec::new());
    }

    /// Takes one away that somebody has pressed, and leads them on: to the next, or to where the page begins.
    fn done(self, id: u32) {
        self.dismiss(id);
        turns::afterwards(|| match document().and_then(|page| page.query_selector(".toast button").ok().flatten()) {
            Some(next) => focus::element(&next),
            None => by_id("content").iter().for_each(focus::in_place),
        });
    }

    fn dismiss(self, id: u32) {
        self.shown.try_update(|shown| shown.retain(|(other, _)| *other != id));
    }
}

fn is_attended() -> bool {
    document().and_then(|document| document.query_selector(ATTENDED).ok().flatten()).is_some()
}

/// Where the notes are shown.
#[component]
pub fn ToastShelf() -> impl IntoView {
    let toasts = use_toasts();
    // By their numbers: one that goes takes neither the focus nor the press that is meant for another.
    let shown = move || {
        let all = toasts.shown.get().into_iter();
        all.map(|(id, toast)| Row::new(RowKey(id.into(), 0), move || one(toasts, id, toast))).collect()
    };
    // A landmark while there is something in it.
    let name = Signal::derive(move || toasts.shown.with(|shown| (!shown.is_empty()).then(|| t_now!(app_notes_label))));
    view! { <section class="toasts" aria-label=name><ul>{rows(shown)}</ul></section> }
}

fn one(toasts: Toasts, id: u32, toast: Toast) -> AnyView {
    let class = if toast.urgent { "toast urgent" } else { "toast" };
    let action = toast.action.map(|action| {
        let run = Callback::new(move |()| {
            toasts.done(id);
            (action.run)();
        });
        view! { <ActionButton label=action.label.signal() look=Look::Quiet on_press=run/> }
    });
    view! {
        <li class=class>
            <span>{toast.text.signal()}</span>
            {action}
            <button type="button" class="toast-close" aria-label=t!(app_dismiss) on:click=move |_| toasts.done(id)>
                "×"
            </button>
        </li>
    }
    .into_any()
}
