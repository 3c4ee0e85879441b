//! Where each program begins, and how one makes room for the next.

use std::cell::RefCell;

use leptos::mount::UnmountHandle;
use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::app::App;
use crate::browser::{by_id, document, look, now, programs, timer, turns};
use crate::entrance::Entrance;
use crate::parts::Loaders;

/// Milliseconds for which a page may wait behind how it looked before, rather than show that it waits.
const PATIENCE: i64 = 3_000;
/// Milliseconds between two looks at whether it still waits.
const FRAME: i32 = 16;

thread_local! {
    static MOUNTED: RefCell<Option<SendWrapper<UnmountHandle<AnyViewState>>>> = const { RefCell::new(None) };
}

/// Shows the sign-in page. The loader calls this once the document has been parsed.
pub fn sign_in() {
    mount(|| view! { <Entrance/> }.into_any());
}

/// Shows the portal, which loads the rest of itself by `loaders`. The loader calls this once document and styles are there.
///
/// When it shows meanwhile how the page looked before, the portal takes its place in one go: not before it can show as much.
pub fn portal(loaders: Loaders) {
    turns::take();
    let view = move || view! { <App loaders=loaders/> }.into_any();
    if look::is_shown() {
        mount_behind(view);
    } else {
        mount(view);
    }
}

/// Ends what this program shows, with everything that listens or waits for it.
pub fn leave() {
    MOUNTED.take();
}

fn mount(view: impl FnOnce() -> AnyView + 'static) {
    let Some(place) = place() else { return };
    place.set_text_content(None);
    MOUNTED.set(Some(SendWrapper::new(mount_to(place, view))));
}

/// Makes the view outside of the page, and puts it there when nothing in it is still waited for, or somebody is asked something, or this
/// has taken too long.
fn mount_behind(view: impl FnOnce() -> AnyView + 'static) {
    let behind = document().and_then(|document| document.create_element("div").ok()).and_then(html);
    let Some(behind) = behind else { return };
    MOUNTED.set(Some(SendWrapper::new(mount_to(behind.clone(), view))));
    spawn_local(async move {
        let latest = now() + PATIENCE;
        while now() < latest && is_waiting(&behind) {
            timer::sleep(FRAME).await;
        }
        programs::reveal(&behind);
    });
}

fn is_waiting(place: &Element) -> bool {
    let has = |selector| place.query_selector(selector).is_ok_and(|element| element.is_some());
    (turns::is_behind() || has("[aria-busy=true]")) && !has("dialog")
}

fn place() -> Option<HtmlElement> {
    by_id("app").and_then(html)
}

fn html(element: Element) -> Option<HtmlElement> {
    element.dyn_into().ok()
}
