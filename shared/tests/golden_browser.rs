//! The golden examples in a real browser: fetched, read by the browser's own `JSON.parse`, and decoded by the portal's code.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use js_sys::{Array, JSON, Uint8Array};
use serde_json::value::RawValue;
use shared::{Endpoint, Problem, ProblemCode, RequestBody, RequestKind, ResponseBody, ResponseKind};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

fn golden(name: &str) -> String {
    let examples: BTreeMap<String, Box<RawValue>> = serde_json::from_str(include_str!("../golden.json")).unwrap();
    examples.get(name).unwrap_or_else(|| panic!("there is no example {name}")).get().to_owned()
}

/// The bytes of an example as they come out of `fetch`, after the browser has agreed that they are JSON.
async fn fetched(name: &str) -> Vec<u8> {
    let bytes = Uint8Array::from(golden(name).as_bytes());
    let blob = web_sys::Blob::new_with_u8_array_sequence(&Array::of1(&bytes)).unwrap();
    let url = web_sys::Url::create_object_url_with_blob(&blob).unwrap();
    let response = JsFuture::from(web_sys::window().unwrap().fetch_with_str(&url)).await.unwrap();
    let response: web_sys::Response = response.dyn_into().unwrap();
    let text = JsFuture::from(response.text().unwrap()).await.unwrap().as_string().unwrap();
    web_sys::Url::revoke_object_url(&url).unwrap();
    JSON::parse(&text).unwrap();
    text.into_bytes()
}

/// Compares what the browser reads from both, whatever the order of fields.
fn same(name: &str, left: &[u8], right: &[u8]) {
    let read = |bytes: &[u8]| -> serde_json::Value {
        let value = JSON::parse(std::str::from_utf8(bytes).unwrap()).unwrap();
        let text = JSON::stringify(&value).unwrap().as_string().unwrap();
        serde_json::from_str(&text).unwrap()
    };
    assert_eq!(read(left), read(right), "{name}");
}

async fn check<E: Endpoint>() {
    if E::Request::KIND == RequestKind::Json {
        let name = format!("{}.request", E::ID);
        let bytes = fetched(&name).await;
        same(&name, &bytes, &E::Request::decode(&bytes).unwrap().encode());
    }
    if E::Response::KIND == ResponseKind::Json {
        let name = format!("{}.response", E::ID);
        let bytes = fetched(&name).await;
        same(&name, &bytes, &E::Response::decode(&bytes).unwrap().encode());
    }
}

#[wasm_bindgen_test]
async fn every_body_comes_back_as_it_was() {
    macro_rules! each {
        ($($endpoint:path,)*) => { $(check::<$endpoint>().await;)* };
    }
    shared::endpoints!(each);
}

#[wasm_bindgen_test]
async fn every_problem_comes_back_as_it_was() {
    for &code in ProblemCode::ALL {
        let name = format!("problem.{}", code.as_str());
        let bytes = fetched(&name).await;
        let problem: Problem = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(problem.code, code);
        same(&name, &bytes, &serde_json::to_vec(&problem).unwrap());
    }
}
