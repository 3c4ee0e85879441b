//! The texts that are in force: English, compiled in, or those of a file.

use std::cell::RefCell;

use super::{Argument, Count, Key, Message, Text};

include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

/// The files of the languages that are not compiled in, by tag, as JSON. Those with `X` in their tag are for tests.
#[cfg(not(target_arch = "wasm32"))]
pub const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// What the page itself says when nothing of the app runs: languages by tag, in each the texts by name.
#[cfg(not(target_arch = "wasm32"))]
pub const LAST_RESORT: &[(&str, &[(&str, &str)])] = include!(concat!(env!("OUT_DIR"), "/last_resort.rs"));

thread_local! {
    /// What is in force instead of English.
    static OTHER: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// Puts other texts in force; `false` when they are of another version of the portal.
#[cfg(any(target_arch = "wasm32", test))]
pub(super) fn replace(mut lines: impl Iterator<Item = String>) -> bool {
    let fits = lines.next().as_deref() == Some(FINGERPRINT);
    if fits {
        OTHER.set(Some(lines.collect()));
    }
    fits
}

pub(super) fn restore_english() {
    OTHER.set(None);
}

/// Reads a text. A key is always there: the fingerprint of a loaded file says that it has as many texts as English.
pub(super) fn with_text<T>(key: Key, read: impl FnOnce(&str) -> T) -> T {
    OTHER.with_borrow(|texts| match texts {
        None => read(key.english()),
        Some(texts) => read(texts.get(key.index()).map_or("", String::as_str)),
    })
}
