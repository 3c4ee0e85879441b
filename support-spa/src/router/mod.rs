//! The pages and how one gets from one to another.
//!
//! A router of our own: seven pages that are known at compile time need no patterns, no nesting and no server rendering, which is most
//! of what a general router weighs. It does what a general one leaves out: it moves the focus and announces the page.

mod arrival;
mod link;
mod page;
mod transition;

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::browser::{listen, programs, turns, window};

use arrival::Arrivals;
use transition::in_transition;

pub use link::Link;
pub(crate) use link::is_plain;
pub use page::{ListPlace, Page};

/// Where the customer is.
#[derive(Clone, Copy, Debug)]
pub struct Router {
    page: RwSignal<Page>,
    /// The message that the address points to, `#ms_…`.
    fragment: RwSignal<String>,
    /// What is still to be done where the customer has just arrived: moving the focus, finding the place.
    arrivals: Arrivals,
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
        Self { page: RwSignal::new(page), fragment: RwSignal::new(String::new()), arrivals: Arrivals::default() }
    }

    /// A router that follows the address bar until the current owner is cleaned up.
    #[must_use]
    pub fn from_address() -> Self {
        let router = Self::at(current());
        router.fragment.set(current_fragment());
        router.arrivals.begin();
        if programs::took_over() {
            arrival::scroll_to(0.0);
            router.owe_focus();
        }
        listen::on_window("popstate", move |_| {
            let height = router.arrivals.back();
            router.arrive(current(), height);
        });
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

    /// What the address points to on the page, without `#`; not tracked.
    #[must_use]
    pub fn fragment_untracked(self) -> String {
        self.fragment.get_untracked()
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

    /// Goes to a part of a page, in place of this one.
    pub fn replace_pointing(self, page: Page, fragment: &str) {
        let address = page.address();
        let address = if fragment.is_empty() { address } else { [&address, "#", fragment].concat() };
        write_address(&address, Entry::Replace);
        self.arrive(page, 0.0);
    }

    /// Shows other filters on the same page: the address follows, the focus stays where it is.
    pub fn refine(self, page: Page) {
        write_address(&page.address(), Entry::Replace);
        self.page.set(page);
    }

    /// Something like another page is about to appear at the same address: its heading takes the focus.
    pub fn owe_focus(self) {
        self.arrivals.owe_focus();
    }

    /// Moves the focus to the page's heading, if that is still owed: a heading that appears after its page was gone to, because the page
    /// had to be loaded first, calls this.
    pub fn heading_is_there(self) {
        self.arrivals.focus_heading();
    }

    fn enter(self, page: Page, entry: Entry) {
        if entry == Entry::Push {
            self.arrivals.leave();
        }
        write_address(&page.address(), entry);
        if entry == Entry::Push {
            self.arrivals.begin();
        }
        self.arrive(page, 0.0);
    }

    fn arrive(self, page: Page, height: f64) {
        let moved = self.page.with_untracked(|before| !before.is_same_place(&page));
        let show = move || {
            self.fragment.set(current_fragment());
            self.page.set(page.clone());
        };
        if !moved {
            show();
            return;
        }
        self.arrivals.owe_focus();
        in_transition(move || {
            show();
            if height == 0.0 {
                arrival::scroll_to(0.0);
            }
            // Once the page has been made.
            turns::afterwards(move || {
                if height != 0.0 {
                    arrival::scroll_to(height);
                }
                self.arrivals.focus_heading();
            });
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

/// What the address bar points to on its page, without `#`.
#[must_use]
pub fn current_fragment() -> String {
    let hash = window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
    hash.strip_prefix('#').unwrap_or_default().to_owned()
}

fn write_address(address: &str, entry: Entry) {
    let Some(history) = window().and_then(|window| window.history().ok()) else { return };
    let _ = match entry {
        Entry::Push => history.push_state_with_url(&JsValue::NULL, "", Some(address)),
        // The entry stays the same one, so it keeps its number.
        Entry::Replace => {
            let state = history.state().unwrap_or(JsValue::NULL);
            history.replace_state_with_url(&state, "", Some(address))
        }
    };
}
