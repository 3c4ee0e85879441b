//! The last resort: after a panic nothing of the app runs any more, so the page says what to do in words that stand ready in it.

use crate::browser::by_id;

/// The element that the page keeps hidden for this; see `index.html`.
const CRASHED: &str = "crashed";

/// Shows the ready-made words when the app dies. Drafts are saved as they are written, so a reload loses nothing.
pub fn report_crashes() {
    std::panic::set_hook(Box::new(|_| {
        if let Some(words) = by_id(CRASHED) {
            let _ = words.remove_attribute("hidden");
        }
        if let Some(app) = by_id("app") {
            let _ = app.set_attribute("inert", "");
        }
    }));
}
