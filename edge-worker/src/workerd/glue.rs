//! The other side of `glue.js`, where each function is described.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use web_sys::{Request, Response};

#[wasm_bindgen(module = "/src/workerd/glue.js")]
extern "C" {
    pub(super) fn configure(env: &JsValue, fixed: &str);
    pub(super) fn describe(request: &Request) -> String;
    pub(super) fn respond(kind: u32, status: u16, extra: &str, body: &JsValue, precompressed: bool) -> Response;
    pub(super) async fn admit(limits: &str) -> JsValue;
    #[wasm_bindgen(js_name = readBody)]
    pub(super) async fn read_body(request: &Request, max: u32, milliseconds: u32) -> JsValue;
    pub(super) async fn exchange(
        url: &str,
        method: &str,
        headers: &str,
        body: &JsValue,
        max: f64,
        milliseconds: u32,
    ) -> JsValue;
    #[wasm_bindgen(js_name = readExchange)]
    pub(super) async fn read_exchange(exchange: &Exchange, max: f64) -> JsValue;
    pub(super) fn stream(exchange: &Exchange) -> JsValue;
    pub(super) fn discard(exchange: &Exchange);
    #[wasm_bindgen(js_name = verifyEs256)]
    pub(super) async fn verify_es256(x: &str, y: &str, signature: &[u8], signed: &[u8]) -> JsValue;
    pub(super) fn random(length: u32) -> Vec<u8>;
    pub(super) fn panicked();

    /// What an origin answered.
    pub(super) type Exchange;
    #[wasm_bindgen(method, getter)]
    pub(super) fn head(this: &Exchange) -> String;
    #[wasm_bindgen(method, getter)]
    pub(super) fn bytes(this: &Exchange) -> JsValue;
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Date)]
    pub(super) fn now() -> f64;
    #[wasm_bindgen(js_namespace = console)]
    pub(super) fn log(line: &str);
}

/// The bytes of a `Uint8Array`; `None` for anything else.
pub(super) fn bytes_of(value: &JsValue) -> Option<Vec<u8>> {
    value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec)
}
