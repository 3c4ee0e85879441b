//! What a screen reader is told beside what has the focus.

use leptos::html;
use leptos::prelude::*;

use crate::browser::{document, timer, turns};

/// How long a text stays in its region, in milliseconds: longer than it takes to be noticed. It is read to its end all the same.
const STAYS: i32 = 10_000;

/// Says things to assistive technology.
#[derive(Clone, Copy, Debug, Default)]
pub struct Announcer {
    polite: NodeRef<html::Div>,
    urgent: NodeRef<html::Div>,
}

/// The announcer of this app.
#[must_use]
pub fn use_announcer() -> Announcer {
    use_context().unwrap_or_default()
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

/// Each text is an addition to the region: what is said shortly after one another is read one after the other, the same words too, and
/// nothing is cut off. What comes and goes here is nobody else's, so it needs no list with keys.
fn speak(region: NodeRef<html::Div>, text: String) {
    let add = move || {
        let Some(Some(region)) = region.try_get_untracked() else { return };
        let Some(said) = document().and_then(|document| document.create_element("p").ok()) else { return };
        said.set_text_content(Some(&text));
        let _ = region.append_child(&said);
        timer::after(STAYS, move || said.remove());
    };
    // What is said while the page is being made waits until its regions are in it.
    turns::afterwards(add);
}

/// The live regions. They must be in the page before anything is said.
#[component]
pub fn LiveRegions() -> impl IntoView {
    let Announcer { polite, urgent } = use_announcer();
    view! {
        <div
            node_ref=polite
            class="visually-hidden"
            role="status"
            aria-live="polite"
            aria-atomic="false"
            data-testid="announcer"
        ></div>
        <div node_ref=urgent class="visually-hidden" role="alert" aria-live="assertive" aria-atomic="false"></div>
    }
}
