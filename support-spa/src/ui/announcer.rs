//! What a screen reader is told beside what has the focus.

use leptos::prelude::*;

use crate::browser::timer;

/// How long a text stays in its region, in milliseconds: longer than it takes to be noticed. It is read to its end all the same.
const STAYS: i32 = 10_000;

/// Says things to assistive technology.
#[derive(Clone, Copy, Debug)]
pub struct Announcer {
    polite: RwSignal<Vec<Said>>,
    urgent: RwSignal<Vec<Said>>,
    last: StoredValue<u32>,
}

/// Something that is being said. The number makes the same text twice two texts, so that both are read.
#[derive(Clone, Debug)]
struct Said {
    number: u32,
    text: String,
}

/// The announcer of this app.
#[must_use]
pub fn use_announcer() -> Announcer {
    use_context().unwrap_or_default()
}

impl Default for Announcer {
    fn default() -> Self {
        Self { polite: RwSignal::new(Vec::new()), urgent: RwSignal::new(Vec::new()), last: StoredValue::new(0) }
    }
}

impl Announcer {
    /// Says something when there is a pause: arrivals, things sent, a page that opened.
    pub fn say(self, text: String) {
        self.speak(self.polite, text);
    }

    /// Says something at once: failures.
    pub fn interrupt(self, text: String) {
        self.speak(self.urgent, text);
    }

    /// Each text is an addition to the region: what is said shortly after one another is read one after the other, and nothing is cut off.
    fn speak(self, region: RwSignal<Vec<Said>>, text: String) {
        let number = self.last.try_update_value(|last| {
            *last += 1;
            *last
        });
        let Some(number) = number else { return };
        region.try_update(|said| said.push(Said { number, text }));
        timer::after(STAYS, move || {
            region.try_update(|said| said.retain(|other| other.number != number));
        });
    }
}

/// The live regions. They must be in the page before anything is said.
#[component]
pub fn LiveRegions() -> impl IntoView {
    let announcer = use_announcer();
    view! {
        <div class="visually-hidden" role="status" aria-live="polite" aria-atomic="false" data-testid="announcer">
            {said(announcer.polite)}
        </div>
        <div class="visually-hidden" role="alert" aria-live="assertive" aria-atomic="false">{said(announcer.urgent)}</div>
    }
}

fn said(region: RwSignal<Vec<Said>>) -> AnyView {
    view! { <For each=move || region.get() key=|said| said.number let:said><p>{said.text}</p></For> }.into_any()
}
