//! What a screen reader is told beside what has the focus.

use js_sys::Array;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::browser::{call_method, document, timer, turns};

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
        speak(self.polite, "dialog[open]>[role=status]", text);
    }

    /// Says something at once: failures.
    pub fn interrupt(self, text: String) {
        speak(self.urgent, "dialog[open]>[role=alert]", text);
    }
}

/// Each text is an addition to the region: what is said shortly after one another is read one after the other, the same words too, and
/// nothing is cut off. What comes and goes here is nobody else's, so it needs no list with keys. While a dialog is open, nothing beside
/// it is there for assistive technology, so it is said within.
fn speak(region: NodeRef<html::Div>, within: &'static str, text: String) {
    let add = move || {
        let Some(document) = document() else { return };
        // Of several, the one that was opened last comes last, and the others cannot be reached either.
        let open = call_method(&document, "querySelectorAll", &[within.into()]).map(|all| Array::from(&all).pop());
        let usual = || region.try_get_untracked().flatten().map(Into::into);
        let Some(region) = open.and_then(|open| open.dyn_into::<Element>().ok()).or_else(usual) else { return };
        let Ok(said) = document.create_element("p") else { return };
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

/// The live regions of a dialog, right within its element.
pub(super) fn live_regions() -> AnyView {
    view! {
        <div class="visually-hidden" role="status" aria-live="polite" aria-atomic="false"></div>
        <div class="visually-hidden" role="alert" aria-live="assertive" aria-atomic="false"></div>
    }
    .into_any()
}
