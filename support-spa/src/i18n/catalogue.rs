//! The texts that are in force: English, compiled in, or those of a file.

use std::borrow::Cow;
use std::cell::RefCell;

use super::{Argument, Count, Key, Message};

include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

/// The files of the languages that are not compiled in, by tag, as JSON. Those with `X` in their tag are for tests.
#[cfg(not(target_arch = "wasm32"))]
pub const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

thread_local! {
    static TEXTS: RefCell<Vec<Cow<'static, str>>> = RefCell::new(english());
}

pub(super) fn english() -> Vec<Cow<'static, str>> {
    ENGLISH.split('\u{1e}').map(Cow::Borrowed).collect()
}

/// Puts other texts in force; `false` when they are of another version of the portal.
#[cfg(any(target_arch = "wasm32", test))]
pub(super) fn replace(mut lines: impl Iterator<Item = String>) -> bool {
    let fits = lines.next().as_deref() == Some(FINGERPRINT);
    if fits {
        TEXTS.set(lines.map(Cow::Owned).collect());
    }
    fits
}

pub(super) fn restore_english() {
    TEXTS.set(english());
}

/// Reads a text. A key is always there: the fingerprint of a loaded file says that it has as many texts as English.
pub(super) fn with_text<T>(key: Key, read: impl FnOnce(&str) -> T) -> T {
    TEXTS.with_borrow(|texts| read(texts.get(usize::from(key.0)).map_or("", |text| text)))
}
