//! How the page looked before a reload, which `loader/look.js` keeps, and shows until the portal takes its place.

use super::by_id;
use super::storage::{self, Area};

/// What it is kept under: in the tab the look, and in the browser the key without which no tab shows one.
const NAME: &str = "raxx.look";

/// Whether one stands where the portal is to be.
#[must_use]
pub fn is_shown() -> bool {
    by_id("app").is_some_and(|place| place.has_attribute("aria-busy"))
}

/// Forgets how pages looked, in every tab of this browser, closed ones too.
pub fn forget() {
    storage::remove(Area::Session, NAME);
    storage::remove(Area::Local, NAME);
}
