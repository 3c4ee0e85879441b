//! Which part of a thread is in view: where it opens, and what happens to that when messages come.
//!
//! It opens at what is new, or at its end; an address with a message's id says it otherwise. Pictures and older messages come later and
//! push; whoever reads the end stays at the end, whoever reads elsewhere stays where they are. After a reload that is where they were.

use std::cell::Cell;
use std::rc::Rc;

use web_sys::{Element, ScrollIntoViewOptions, ScrollLogicalPosition};

use crate::browser::{by_id, document, focus, listen, look, root, turns, window};

/// Pixels from the end that still count as there.
const NEAR: f64 = 96.0;

/// What is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// What is new, or the end: the ticket was just opened, and nobody has scrolled yet.
    Opening,
    /// The newest message.
    End,
    /// Something else.
    Elsewhere,
}

impl Place {
    /// As the page is scrolled.
    fn now() -> Self {
        if below() < NEAR { Self::End } else { Self::Elsewhere }
    }

    /// The browser keeps what is read in its place when something comes above it; where we do that ourselves, it must not scroll, too.
    fn tell(self, thread: &Element) {
        let _ = thread.toggle_attribute_with_force("data-elsewhere", self == Self::Elsewhere);
    }
}

/// Keeps the place in a thread until the current owner is cleaned up.
pub(super) fn keep(thread: &Element, leads_elsewhere: bool) {
    let place = if leads_elsewhere {
        Place::Elsewhere
    } else if look::is_shown() {
        Place::now()
    } else {
        Place::Opening
    };
    place.tell(thread);
    let place = Rc::new(Cell::new(place));
    // How far down we scrolled: any other place is the customer's doing.
    let ours = Rc::new(Cell::new(height()));
    listen::on_document("scroll", {
        let (place, ours, thread) = (Rc::clone(&place), Rc::clone(&ours), thread.clone());
        move |_| {
            if (height() - ours.get()).abs() > 4.0 {
                let now = Place::now();
                now.tell(&thread);
                place.set(now);
            }
        }
    });
    listen::on_resize(thread, move || {
        match (place.get(), divider()) {
            (Place::Opening, Some(divider)) => show(&divider, ScrollLogicalPosition::Start),
            (Place::Opening, None) | (Place::End, _) => to_the_end(),
            (Place::Elsewhere, _) => return,
        }
        ours.set(height());
    });
}

/// Shows the newest message.
pub(super) fn to_the_end() {
    if let (Some(window), Some(root)) = (window(), root()) {
        window.scroll_to_with_x_and_y(0.0, f64::from(root.scroll_height()));
    }
}

/// Brings a message into view and marks it.
pub(super) fn show_message(id: String) {
    turns::afterwards(move || {
        let Some(element) = by_id(&id) else { return };
        show(&element, ScrollLogicalPosition::Center);
        focus::in_place(&element);
    });
}

/// Lets messages come in above without moving what is in view: give it the first message before they come, and run what it answers after.
pub(super) fn stay_at(first: Option<Element>) -> impl FnOnce(bool) + 'static {
    let top = |element: &Element| element.get_bounding_client_rect().top();
    let before = first.map(|element| (top(&element), element));
    move |focus_lost| {
        turns::afterwards(move || {
            let (Some((before, element)), Some(window)) = (before, window()) else { return };
            window.scroll_by_with_x_and_y(0.0, top(&element) - before);
            if focus_lost {
                focus::in_place(&element);
            }
        });
    }
}

/// The first message that is loaded.
pub(super) fn first_message() -> Option<Element> {
    document()?.query_selector(".messages .message").ok()?
}

fn divider() -> Option<Element> {
    document()?.query_selector(".new-divider").ok()?
}

fn show(element: &Element, block: ScrollLogicalPosition) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(block);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Pixels above what is in view.
fn height() -> f64 {
    window().and_then(|window| window.scroll_y().ok()).unwrap_or_default()
}

/// Pixels below what is in view.
fn below() -> f64 {
    root().map_or(0.0, |root| f64::from(root.scroll_height() - root.client_height()) - height())
}
