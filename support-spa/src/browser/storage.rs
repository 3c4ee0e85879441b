//! `sessionStorage` and `localStorage`. Either can be forbidden or full; what then does not stick is kept in memory by its owner.

use web_sys::Storage;

use super::window;

/// Which storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// Ends with the tab. The only place for the token.
    Session,
    /// Stays. Settings, and the key of `look`.
    Local,
}

fn storage(area: Area) -> Option<Storage> {
    let window = window()?;
    match area {
        Area::Session => window.session_storage(),
        Area::Local => window.local_storage(),
    }
    .ok()
    .flatten()
}

/// What is kept under a key.
#[must_use]
pub fn get(area: Area, key: &str) -> Option<String> {
    storage(area)?.get_item(key).ok().flatten()
}

/// Keeps a value.
pub fn set(area: Area, key: &str, value: &str) {
    if let Some(storage) = storage(area) {
        // A full or forbidden storage costs the customer a sign-in after a reload, nothing more.
        let _ = storage.set_item(key, value);
    }
}

/// Forgets a value.
pub fn remove(area: Area, key: &str) {
    if let Some(storage) = storage(area) {
        let _ = storage.remove_item(key);
    }
}
