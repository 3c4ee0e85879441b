//! Waiting.

use js_sys::Promise;
use leptos::prelude::on_cleanup;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::JsFuture;

use super::window;

/// Resolves after so many milliseconds.
pub async fn sleep(millis: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        if let Some(window) = window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis);
        }
    });
    let _ = JsFuture::from(promise).await;
}

/// Runs something once, after so many milliseconds.
pub fn after(millis: i32, run: impl FnOnce() + 'static) {
    if let Some(window) = window() {
        let run = Closure::once_into_js(run);
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(run.unchecked_ref(), millis);
    }
}

/// Runs something again and again until the current owner is cleaned up.
pub fn every(millis: i32, run: impl FnMut() + 'static) {
    let Some(window) = window() else { return };
    let run = Closure::<dyn FnMut()>::new(run);
    let handle = window.set_interval_with_callback_and_timeout_and_arguments_0(run.as_ref().unchecked_ref(), millis);
    let Ok(handle) = handle else { return };
    let kept = SendWrapper::new((window, run));
    on_cleanup(move || kept.0.clear_interval_with_handle(handle));
}
