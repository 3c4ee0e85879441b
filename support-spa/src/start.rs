//! Where each program begins, and how one makes room for the next.

use std::cell::RefCell;

use leptos::mount::UnmountHandle;
use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;

use crate::app::App;
use crate::browser::by_id;
use crate::entrance::Entrance;
use crate::parts::Loaders;

thread_local! {
    static MOUNTED: RefCell<Option<SendWrapper<UnmountHandle<AnyViewState>>>> = const { RefCell::new(None) };
}

/// Shows the sign-in page. The loader calls this once the document has been parsed.
pub fn sign_in() {
    mount(|| view! { <Entrance/> }.into_any());
}

/// Shows the portal, which loads the rest of itself by `loaders`. The loader calls this once document and styles are there.
pub fn portal(loaders: Loaders) {
    mount(move || view! { <App loaders=loaders/> }.into_any());
}

/// Ends what this program shows, with everything that listens or waits for it.
pub fn leave() {
    MOUNTED.take();
}

fn mount(view: impl FnOnce() -> AnyView + 'static) {
    let Some(place) = by_id("app").and_then(|place| place.dyn_into::<web_sys::HtmlElement>().ok()) else { return };
    place.set_text_content(None);
    MOUNTED.set(Some(SendWrapper::new(mount_to(place, view))));
}
