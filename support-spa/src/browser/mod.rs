//! Thin, panic-free access to what the browser offers.
//!
//! Everything here answers `None` or does nothing where there is no browser, as when the shell is made on the host.

pub mod database;
pub mod focus;
pub mod listen;
pub mod look;
pub mod programs;
pub mod storage;
pub mod timer;
pub mod turns;

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Window};

/// The window; `None` outside of a browser.
#[must_use]
pub fn window() -> Option<Window> {
    if cfg!(target_arch = "wasm32") { web_sys::window() } else { None }
}

/// The document.
#[must_use]
pub fn document() -> Option<Document> {
    window()?.document()
}

/// The root element, `<html>`.
#[must_use]
pub fn root() -> Option<Element> {
    document()?.document_element()
}

/// The element with this id.
#[must_use]
pub fn by_id(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// Milliseconds since the Unix epoch.
#[must_use]
pub fn now() -> i64 {
    if cfg!(target_arch = "wasm32") { js_sys::Date::now() as i64 } else { 0 }
}

/// Whether the browser believes that it is connected.
#[must_use]
pub fn is_online() -> bool {
    window().is_none_or(|window| window.navigator().on_line())
}

/// Whether the page can be seen.
#[must_use]
pub fn is_visible() -> bool {
    document().is_none_or(|document| document.visibility_state() != web_sys::VisibilityState::Hidden)
}

/// Whether a media query matches now.
#[must_use]
pub fn matches_media(query: &str) -> bool {
    window().and_then(|window| window.match_media(query).ok().flatten()).is_some_and(|list| list.matches())
}

/// Random bits, from the browser's cryptographic source by way of `crypto.randomUUID` (122 bits), as 32 hexadecimal digits.
#[must_use]
pub fn random_hex() -> String {
    let uuid = window()
        .and_then(|window| Reflect::get(&window, &"crypto".into()).ok())
        .and_then(|crypto| call_method(&crypto, "randomUUID", &[]))
        .and_then(|uuid| uuid.as_string())
        .unwrap_or_default();
    uuid.chars().filter(|character| *character != '-').collect()
}

/// Calls a method by name, for the few that web-sys does not bind without its unstable flag; `None` when there is none or it throws.
#[must_use]
pub fn call_method(object: &JsValue, name: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let function: js_sys::Function = Reflect::get(object, &name.into()).ok()?.dyn_into().ok()?;
    function.apply(object, &arguments.iter().collect()).ok()
}

/// A property of an object; `None` when it is missing, `undefined` or `null`.
#[must_use]
pub fn property(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

/// Sets a property of an object that is ours.
pub fn set_property(object: &JsValue, name: &str, value: &JsValue) {
    // Our own plain objects are neither frozen nor proxies, so this cannot fail.
    let _ = Reflect::set(object, &name.into(), value);
}

/// Saves a blob as a file on the customer's device.
pub fn save_blob(blob: &web_sys::Blob, name: &str) {
    let Ok(url) = web_sys::Url::create_object_url_with_blob(blob) else { return };
    let link = document().and_then(|document| document.create_element("a").ok());
    if let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlAnchorElement>().ok()) {
        link.set_href(&url);
        link.set_download(name);
        link.click();
    }
    // The browser has taken hold of the blob by the time that the click returns; a minute is for the slowest.
    timer::after(60_000, move || {
        let _ = web_sys::Url::revoke_object_url(&url);
    });
}

/// Copies a text to the clipboard. Answers once it is there, or `false` when the browser refused.
pub async fn copy_text(text: &str) -> bool {
    let promise = window()
        .and_then(|window| property(&window.navigator(), "clipboard"))
        .and_then(|clipboard| call_method(&clipboard, "writeText", &[text.into()]))
        .and_then(|promise| promise.dyn_into::<js_sys::Promise>().ok());
    match promise {
        Some(promise) => wasm_bindgen_futures::JsFuture::from(promise).await.is_ok(),
        None => false,
    }
}
