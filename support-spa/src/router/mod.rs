//! The pages and how one gets from one to another.
//!
//! A router of our own: seven pages that are known at compile time need no patterns, no nesting and no server rendering, which is most
//! of what a general router weighs. It does what a general one leaves out: it moves the focus and announces the page.

mod link;
mod page;

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;

use crate::browser::{self, focus, listen, timer, window};

pub use link::Link;
pub(crate) use link::is_plain;
pub use page::{ListPlace, Page};

/// Where the customer is.
#[derive(Clone, Copy, Debug)]
pub struct Router {
    page: RwSignal<Page>,
    /// The message that the address points to, `#ms_…`.
    fragment: RwSignal<String>,
}

/// The router of this app.
#[must_use]
pub fn use_router() -> Router {
    use_context().unwrap_or_else(|| Router::at(Page::SignIn { next: None }))
}

/// How a navigation shows in the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entry {
    Push,
    Replace,
}

impl Router {
    /// A router that stands at a page; for the shell and for components mounted alone.
    #[must_use]
    pub fn at(page: Page) -> Self {
        Self { page: RwSignal::new(page), fragment: RwSignal::new(String::new()) }
    }

    /// A router that follows the address bar until the current owner is cleaned up.
    #[must_use]
    pub fn from_address() -> Self {
        let router = Self::at(current());
        router.fragment.set(read_fragment());
        listen::on_window("popstate", move |_| router.arrive(current()));
        router
    }

    /// The page, tracked.
    #[must_use]
    pub fn page(self) -> Page {
        self.page.get()
    }

    /// The page, not tracked.
    #[must_use]
    pub fn page_untracked(self) -> Page {
        self.page.get_untracked()
    }

    /// What the address points to on the page, without `#`; tracked.
    #[must_use]
    pub fn fragment(self) -> String {
        self.fragment.get()
    }

    /// Points the address to a part of this page.
    pub fn point_to(self, fragment: &str) {
        let address = [&self.page_untracked().address(), "#", fragment].concat();
        write_address(&address, Entry::Replace);
        self.fragment.set(fragment.to_owned());
    }

    /// Goes to a page. The way back leads here.
    pub fn go(self, page: Page) {
        self.enter(page, Entry::Push);
    }

    /// Goes to a page in place of this one.
    pub fn replace(self, page: Page) {
        self.enter(page, Entry::Replace);
    }

    /// Shows other filters on the same page: the address follows, the focus stays where it is.
    pub fn refine(self, page: Page) {
        write_address(&page.address(), Entry::Replace);
        self.page.set(page);
    }

    fn enter(self, page: Page, entry: Entry) {
        write_address(&page.address(), entry);
        self.arrive(page);
    }

    fn arrive(self, page: Page) {
        let moved = self.page.with_untracked(|before| !before.is_same_place(&page));
        let show = move || {
            self.fragment.set(read_fragment());
            self.page.set(page.clone());
        };
        if !moved {
            show();
            return;
        }
        in_transition(move || {
            show();
            focus::heading();
        });
    }
}

/// The page that the address bar names.
#[must_use]
pub fn current() -> Page {
    let location = window().map(|window| window.location());
    let read = |part: fn(&web_sys::Location) -> Result<String, JsValue>| {
        location.as_ref().and_then(|location| part(location).ok()).unwrap_or_default()
    };
    Page::read(&read(web_sys::Location::pathname), &read(web_sys::Location::search))
}

/// Names another page in the address bar, in place of this one.
pub fn stand_at(page: &Page) {
    write_address(&page.address(), Entry::Replace);
}

fn read_fragment() -> String {
    let hash = window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
    hash.strip_prefix('#').unwrap_or_default().to_owned()
}

fn write_address(address: &str, entry: Entry) {
    let Some(history) = window().and_then(|window| window.history().ok()) else { return };
    let _ = match entry {
        Entry::Push => history.push_state_with_url(&JsValue::NULL, "", Some(address)),
        Entry::Replace => history.replace_state_with_url(&JsValue::NULL, "", Some(address)),
    };
}

/// How long a transition may keep a change of page waiting, in milliseconds: it shows the change, it must never hold it up.
const PATIENCE: i32 = 150;

/// Runs a change of page inside a View Transition where there are such, and where the customer has not asked for less motion.
fn in_transition(change: impl FnOnce() + 'static) {
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
