//! What has to happen where the customer arrives, which browsers do for pages of their own and not for ours: the page begins at its top, or
//! where it was left when somebody comes back; and the focus goes to its heading, so that a screen reader reads on from there.

use std::collections::BTreeMap;

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::Element;

use crate::browser::{self, focus, window};

/// Entries of the history that are remembered.
const MOST: usize = 200;

/// What is owed to the page that was gone to, and how far down the others were left.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrivals {
    /// What had the focus when the customer set out, until the heading has it.
    setting_out: StoredValue<Option<Option<Element>>, LocalStorage>,
    trail: StoredValue<Trail, LocalStorage>,
}

/// How far down each entry of the history was left. The browser's own restoration comes before the page has been made, and then finds
/// nothing to scroll.
#[derive(Debug, Default)]
struct Trail {
    current: u32,
    last: u32,
    heights: BTreeMap<u32, f64>,
}

impl Default for Arrivals {
    fn default() -> Self {
        Self { setting_out: StoredValue::new_local(None), trail: StoredValue::new_local(Trail::default()) }
    }
}

impl Arrivals {
    /// The entry that the address bar shows now has a number from now on.
    pub(super) fn begin(self) {
        let Some(history) = window().and_then(|window| window.history().ok()) else { return };
        browser::set_property(&history, "scrollRestoration", &"manual".into());
        // After a reload the entry has its number already.
        let numbered = history.state().ok().and_then(|state| state.as_f64());
        let number = self.trail.try_update_value(|trail| {
            trail.current = numbered.map_or(trail.last + 1, |number| number as u32);
            trail.last = trail.last.max(trail.current);
            trail.current
        });
        let _ = history.replace_state(&number.map_or(JsValue::NULL, JsValue::from), "");
    }

    /// Remembers how far down the page is that is about to be left.
    pub(super) fn leave(self) {
        let Some(height) = window().and_then(|window| window.scroll_y().ok()) else { return };
        self.trail.try_update_value(|trail| {
            trail.heights.insert(trail.current, height);
            if trail.heights.len() > MOST {
                trail.heights.pop_first();
            }
        });
    }

    /// Somebody went back or forth: answers how far down they had left the page that they come to.
    pub(super) fn back(self) -> f64 {
        self.leave();
        self.begin();
        self.trail.try_with_value(|trail| trail.heights.get(&trail.current).copied()).flatten().unwrap_or_default()
    }

    /// The focus is to go to the heading of the page that is being gone to.
    pub(super) fn owe_focus(self) {
        self.setting_out.try_set_value(Some(focus::current()));
    }

    /// Moves the focus to the heading once it is there; not when the customer has moved it elsewhere meanwhile.
    pub(super) fn focus_heading(self) {
        let Some(Some(before)) = self.setting_out.try_get_value() else { return };
        let now = focus::current();
        let stayed = now == before || now.as_ref().is_none_or(|element| element.tag_name() == "BODY");
        if !stayed {
            self.setting_out.try_set_value(None);
        } else if let Some(heading) = focus::heading() {
            self.setting_out.try_set_value(None);
            focus::in_place(&heading);
        }
    }
}

/// Scrolls the page at once, whatever the style sheet says about smoothness.
pub(super) fn scroll_to(height: f64) {
    if let Some(window) = window() {
        window.scroll_to_with_x_and_y(0.0, height);
    }
}
