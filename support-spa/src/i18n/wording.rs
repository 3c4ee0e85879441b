//! What the browser does for the words: plural rules, preferred languages, loading a language's file.

use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::{Direction, Language, format, intl};

/// The CLDR plural category of a number in the language in force.
pub(super) fn plural_category(count: f64) -> String {
    intl::PluralRules::new(&format::locale()).select(count)
}

/// The browser's languages, most wanted first.
pub(super) fn preferred_tags() -> Vec<String> {
    let languages = web_sys::window().map(|window| window.navigator().languages());
    languages
        .into_iter()
        .flat_map(|tags| tags.iter().collect::<Vec<JsValue>>())
        .filter_map(|tag| tag.as_string())
        .collect()
}

/// Fetches a language's file: an array of the fingerprint and the texts.
pub(super) async fn fetch(language: Language) -> Option<js_sys::Array> {
    let window = web_sys::window()?;
    let response = JsFuture::from(window.fetch_with_str(&address(language))).await.ok()?;
    let response: web_sys::Response = response.dyn_into().ok()?;
    let json = if response.ok() { response.json().ok()? } else { return None };
    JsFuture::from(json).await.ok()?.dyn_into().ok()
}

fn address(language: Language) -> String {
    let document = web_sys::window().and_then(|window| window.document());
    let element = document.and_then(|document| document.query_selector("meta[name=i18n]").ok().flatten());
    let pattern = element.and_then(|element| element.get_attribute("content"));
    let (before, after) = pattern.as_deref().and_then(|pattern| pattern.split_once('*')).unwrap_or(("/i18n/", ".json"));
    [before, language.tag(), after].concat()
}

/// Tells the browser, and with it screen readers and hyphenation, what is written in the document.
pub(super) fn mark_document(language: Language) {
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(root) = document.and_then(|document| document.document_element()) {
        // Both names are valid, so neither call can fail.
        let _ = root.set_attribute("lang", language.tag());
        let direction = match language.direction() {
            Direction::LeftToRight => "ltr",
            Direction::RightToLeft => "rtl",
        };
        let _ = root.set_attribute("dir", direction);
    }
}
