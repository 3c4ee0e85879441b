//! What a screen reader is told beside what has the focus.

use leptos::prelude::*;

use crate::browser::timer;

/// Says things to assistive technology.
#[derive(Clone, Copy, Debug)]
pub struct Announcer {
    polite: RwSignal<String>,
    urgent: RwSignal<String>,
}

/// The announcer of this app.
#[must_use]
pub fn use_announcer() -> Announcer {
    use_context().unwrap_or_default()
}

impl Default for Announcer {
    fn default() -> Self {
        Self { polite: RwSignal::new(String::new()), urgent: RwSignal::new(String::new()) }
    }
}

impl Announcer {
    /// Says something when there is a pause: arrivals, things sent, a page that opened.
    pub fn say(self, text: String) {
        speak(self.polite, text);
    }

    /// Says something at once: failures.
    pub fn interrupt(self, text: String) {
        speak(self.urgent, text);
    }
}

/// A region that receives the same text again says nothing, so it is emptied first.
fn speak(region: RwSignal<String>, text: String) {
    region.set(String::new());
    timer::after(60, move || {
        let _ = region.try_set(text);
    });
}

/// The live regions. They must be in the page before anything is said.
#[component]
pub fn LiveRegions() -> impl IntoView {
    let announcer = use_announcer();
    view! {
        <div class="visually-hidden" role="status" aria-live="polite" data-testid="announcer">{announcer.polite}</div>
        <div class="visually-hidden" role="alert" aria-live="assertive">{announcer.urgent}</div>
    }
}
