//! Passkeys (WebAuthn Level 3), with options and answers passed through as the browser's own JSON.
//!
//! `parseRequestOptionsFromJSON` and `toJSON` (section 5.1) do all the translating, so nothing here or
//! in the contract knows what is inside. web-sys binds these behind its unstable flag only, hence this block.

use js_sys::{JSON, Object, Promise};
use shared::OpaqueObject;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use crate::browser::{call_method, property, set_property, window};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = PublicKeyCredential)]
    type PublicKeyCredential;

    #[wasm_bindgen(static_method_of = PublicKeyCredential, js_name = parseRequestOptionsFromJSON, catch)]
    fn parse_request_options(json: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(static_method_of = PublicKeyCredential, js_name = isConditionalMediationAvailable, catch)]
    fn is_conditional_mediation_available() -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, js_name = toJSON, catch)]
    fn to_json(this: &PublicKeyCredential) -> Result<JsValue, JsValue>;
}

/// Why a ceremony gave nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CeremonyError {
    /// The customer closed the prompt, let it time out, or has no passkey for us: browsers do not say which (`NotAllowedError`).
    Dismissed,
    /// We called it off (`AbortError`).
    Aborted,
    /// The page is not on the address that the passkey belongs to (`SecurityError`).
    WrongAddress,
    /// This browser has no passkeys.
    Unsupported,
    /// Anything else.
    Failed,
}

/// How the browser asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mediation {
    /// With a prompt, because the customer pressed a button.
    Prompt,
    /// Within the autofill of a field, until the customer picks a passkey there.
    Autofill,
}

/// Whether this browser has passkeys and speaks their JSON.
#[must_use]
pub fn is_supported() -> bool {
    window()
        .and_then(|window| property(&window, "PublicKeyCredential"))
        .is_some_and(|class| property(&class, "parseRequestOptionsFromJSON").is_some())
}

/// Whether the browser can offer passkeys in a field's autofill.
pub async fn autofill_is_available() -> bool {
    let Ok(promise) = PublicKeyCredential::is_conditional_mediation_available() else { return false };
    is_supported() && JsFuture::from(promise).await.is_ok_and(|answer| answer.is_truthy())
}

/// Asks for an assertion (section 7.2, from the client's side).
///
/// # Errors
/// [`CeremonyError`].
pub async fn get(
    options: &OpaqueObject,
    mediation: Mediation,
    abort: Option<&AbortController>,
) -> Result<OpaqueObject, CeremonyError> {
    let options = PublicKeyCredential::parse_request_options(&parsed(options)?).map_err(failed)?;
    let request = Object::new();
    set_property(&request, "publicKey", &options);
    if mediation == Mediation::Autofill {
        set_property(&request, "mediation", &"conditional".into());
    }
    if let Some(abort) = abort {
        set_property(&request, "signal", &abort.signal());
    }
    let container = window().and_then(|window| property(&window.navigator(), "credentials"));
    let promise = container
        .and_then(|container| call_method(&container, "get", &[request.into()]))
        .and_then(|promise| promise.dyn_into::<Promise>().ok())
        .ok_or(CeremonyError::Unsupported)?;
    let credential: JsValue = JsFuture::from(promise).await.map_err(failed)?;
    let credential: PublicKeyCredential = credential.dyn_into().map_err(failed)?;
    let json = credential.to_json().map_err(failed)?;
    let text = JSON::stringify(&json).map_err(failed)?;
    OpaqueObject::parse(&String::from(text)).map_err(|_| CeremonyError::Failed)
}

fn parsed(options: &OpaqueObject) -> Result<JsValue, CeremonyError> {
    if !is_supported() {
        return Err(CeremonyError::Unsupported);
    }
    JSON::parse(options.as_str()).map_err(failed)
}

fn failed(error: JsValue) -> CeremonyError {
    let name = property(&error, "name").and_then(|name| name.as_string()).unwrap_or_default();
    match name.as_str() {
        "NotAllowedError" => CeremonyError::Dismissed,
        "AbortError" => CeremonyError::Aborted,
        "SecurityError" => CeremonyError::WrongAddress,
        "NotSupportedError" => CeremonyError::Unsupported,
        _ => CeremonyError::Failed,
    }
}
