//! A change of page as a change of view.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;

use crate::browser::{self, timer};

/// How long a transition may keep a change of page waiting, in milliseconds: it shows the change, it must never hold it up.
const PATIENCE: i32 = 150;

/// Runs a change of page inside a View Transition where there are such, and where the customer has not asked for less motion.
pub(super) fn in_transition(change: impl FnOnce() + 'static) {
    let calm = browser::matches_media("(prefers-reduced-motion: reduce)");
    let document = browser::document().filter(|_| !calm);
    let possible = document.filter(|document| browser::property(document, "startViewTransition").is_some());
    let Some(document) = possible else { return change() };
    let change = Rc::new(Cell::new(Some(change)));
    let run = {
        let change = Rc::clone(&change);
        move || {
            if let Some(change) = change.take() {
                change();
            }
        }
    };
    timer::after(PATIENCE, run.clone());
    let transition = browser::call_method(&document, "startViewTransition", &[Closure::once_into_js(run)]);
    // A transition that another one overtakes rejects its promises. That is how it should be, and nobody needs to hear of it.
    for promise in ["ready", "finished", "updateCallbackDone"] {
        if let Some(promise) = transition.as_ref().and_then(|transition| browser::property(transition, promise)) {
            let _ = browser::call_method(&promise, "catch", &[Closure::once_into_js(|_: JsValue| {})]);
        }
    }
}
