//! Listening to the window and the document.

use leptos::prelude::on_cleanup;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, Event, EventTarget, ResizeObserver};

use super::{document, window};

/// Listens to the window until the current owner is cleaned up.
pub fn on_window(name: &'static str, run: impl FnMut(Event) + 'static) {
    if let Some(window) = window() {
        listen(window.unchecked_into(), name, Box::new(run));
    }
}

/// Listens to the document until the current owner is cleaned up.
pub fn on_document(name: &'static str, run: impl FnMut(Event) + 'static) {
    if let Some(document) = document() {
        listen(document.unchecked_into(), name, Box::new(run));
    }
}

/// Runs something when the size of an element is known and whenever it changes, before that is painted, until the current owner is cleaned
/// up.
pub fn on_resize(element: &Element, run: impl FnMut() + 'static) {
    let closure = Closure::<dyn FnMut()>::new(run);
    let Ok(observer) = ResizeObserver::new(closure.as_ref().unchecked_ref()) else { return };
    observer.observe(element);
    let kept = SendWrapper::new((observer, closure));
    on_cleanup(move || kept.take().0.disconnect());
}

fn listen(target: EventTarget, name: &'static str, run: Box<dyn FnMut(Event)>) {
    let closure = Closure::wrap(run);
    if target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref()).is_err() {
        return;
    }
    let kept = SendWrapper::new((target, closure));
    on_cleanup(move || {
        let (target, closure) = kept.take();
        let _ = target.remove_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
    });
}
