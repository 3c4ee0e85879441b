//! The browser's `Intl` (ECMA-402), as far as the portal needs it.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl)]
    pub(super) type DateTimeFormat;
    #[wasm_bindgen(constructor, js_namespace = Intl)]
    pub(super) fn new(locale: &str, options: &JsValue) -> DateTimeFormat;
    #[wasm_bindgen(method)]
    pub(super) fn format(this: &DateTimeFormat, milliseconds: f64) -> String;

    #[wasm_bindgen(js_namespace = Intl)]
    pub(super) type NumberFormat;
    #[wasm_bindgen(constructor, js_namespace = Intl)]
    pub(super) fn new(locale: &str, options: &JsValue) -> NumberFormat;
    #[wasm_bindgen(method)]
    pub(super) fn format(this: &NumberFormat, number: f64) -> String;

    #[wasm_bindgen(js_namespace = Intl)]
    pub(super) type PluralRules;
    #[wasm_bindgen(constructor, js_namespace = Intl)]
    pub(super) fn new(locale: &str) -> PluralRules;
    #[wasm_bindgen(method)]
    pub(super) fn select(this: &PluralRules, number: f64) -> String;

    #[wasm_bindgen(js_namespace = Intl)]
    pub(super) type ListFormat;
    #[wasm_bindgen(constructor, js_namespace = Intl)]
    pub(super) fn new(locale: &str) -> ListFormat;
    #[wasm_bindgen(method)]
    pub(super) fn format(this: &ListFormat, items: &js_sys::Array) -> String;
}

/// Options as an object of strings; `true` is written as the word.
pub(super) fn options(pairs: &[(&str, &str)]) -> JsValue {
    let object = js_sys::Object::new();
    for (name, value) in pairs {
        // Setting a property of a fresh plain object cannot fail.
        let _ = js_sys::Reflect::set(&object, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    object.into()
}
