//! Moving the focus.

use js_sys::Object;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{by_id, call_method, document, set_property, turns};

/// Focuses an element now.
pub fn element(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// Focuses the element with this id once the page has been updated.
pub fn id(id: impl Into<String>) {
    let id = id.into();
    turns::afterwards(move || {
        if let Some(found) = by_id(&id) {
            element(&found);
        }
    });
}

/// Focuses an element and leaves the page where it is.
pub fn in_place(element: &Element) {
    let options = Object::new();
    set_property(&options, "preventScroll", &true.into());
    let _ = call_method(element, "focus", &[options.into()]);
}

/// The page's heading, when it is there. The one of a page that is still on its way takes no focus.
#[must_use]
pub fn heading() -> Option<Element> {
    document()?.query_selector("main h1[tabindex]").ok()?
}

/// What has the focus now.
#[must_use]
pub fn current() -> Option<Element> {
    document()?.active_element()
}
