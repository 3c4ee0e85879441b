//! Moving the focus.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{by_id, document, timer};

/// Focuses an element now.
pub fn element(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// Focuses the element with this id once the page has been updated.
pub fn id(id: impl Into<String>) {
    let id = id.into();
    timer::after(0, move || {
        if let Some(found) = by_id(&id) {
            element(&found);
        }
    });
}

/// Focuses the page's heading (`h1`) once the page has been updated.
pub fn heading() {
    timer::after(0, || {
        let heading = document().and_then(|document| document.query_selector("main h1, h1").ok().flatten());
        if let Some(heading) = heading {
            element(&heading);
        }
    });
}

/// What has the focus now.
#[must_use]
pub fn current() -> Option<Element> {
    document()?.active_element()
}
