//! The programs of the page: `loader/boot.js` loads and starts them, and keeps what it offers in `window.raxx`.

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Element;

use super::{call_method, property, set_property, window};

fn loader() -> Option<JsValue> {
    let window = window()?;
    property(&window, "raxx")
}

/// Loads the portal and lets it take this program's place. Answers `false` when it did not come.
pub async fn open_portal() -> bool {
    let opened = loader().and_then(|loader| call_method(&loader, "open", &["portal".into()]));
    match opened.and_then(|opened| opened.dyn_into::<Promise>().ok()) {
        Some(opened) => JsFuture::from(opened).await.is_ok(),
        None => false,
    }
}

/// Whether this program took another one's place, so that the customer has moved without the browser having noticed.
#[must_use]
pub fn took_over() -> bool {
    loader().and_then(|loader| property(&loader, "moved")).is_some_and(|moved| moved.is_truthy())
}

/// Whether the button of the shell was pressed before there was a program to hear it. Answers `true` once.
#[must_use]
pub fn take_early_press() -> bool {
    let Some(loader) = loader() else { return false };
    let pressed = property(&loader, "pressed").is_some_and(|pressed| pressed.is_truthy());
    set_property(&loader, "pressed", &JsValue::FALSE);
    pressed
}

/// Puts what was made beside the page in place of how the page looked before.
pub fn reveal(made: &Element) {
    if let Some(loader) = loader() {
        let _ = call_method(&loader, "reveal", &[made.into()]);
    }
}
