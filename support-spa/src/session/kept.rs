//! The session across reloads of this tab.

use shared::ResponseBody;
use shared::endpoints::auth::Session as Issued;

use crate::browser::storage::{self, Area};
use crate::browser::{look, now};

/// Where the session is kept. The loader reads it too, to ask for the tickets early.
pub(super) const KEY: &str = "raxx.session";

/// What was kept, if its token may still be accepted.
pub(super) fn read() -> Option<Issued> {
    let issued = super::decode(&storage::get(Area::Session, KEY)?)?;
    if issued.expires_at.millis() > now() {
        Some(issued)
    } else {
        forget();
        None
    }
}

pub(super) fn write(issued: &Issued) {
    if let Ok(text) = String::from_utf8(issued.encode()) {
        storage::set(Area::Session, KEY, &text);
    }
}

pub(super) fn forget() {
    storage::remove(Area::Session, KEY);
    look::forget();
}
