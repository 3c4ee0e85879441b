//! Canary mode: every field that a customer must never see carries its own random token.
//!
//! Tokens are put in while an answer is written, not when data is stored, so that what a client reads and sends back
//! (copy recipients, for instance) stays usable. The same field of the same object keeps its token.

use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

/// One planted token and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Canary {
    /// The text that must not occur anywhere a customer or a log can see.
    pub token: String,
    /// Field it was planted in, such as `thread.note.body`.
    pub field: String,
    /// Id of the object, or 0.
    pub id: u64,
}

/// The tokens planted so far.
#[derive(Debug)]
pub(crate) struct Canaries {
    enabled: std::sync::atomic::AtomicBool,
    planted: Mutex<BTreeMap<(&'static str, u64), String>>,
}

impl Canaries {
    pub(crate) fn new(enabled: bool) -> Self {
        Self { enabled: enabled.into(), planted: Mutex::default() }
    }

    pub(crate) fn set_enabled(&self, enabled: bool) {
        self.enabled.store(enabled, std::sync::atomic::Ordering::SeqCst);
    }

    pub(crate) fn enabled(&self) -> bool {
        self.enabled.load(std::sync::atomic::Ordering::SeqCst)
    }

    /// The token of a field, made on first use; `None` while the mode is off.
    pub(crate) fn token(&self, field: &'static str, id: u64) -> Option<String> {
        if !self.enabled() {
            return None;
        }
        let mut planted = self.planted.lock().unwrap_or_else(PoisonError::into_inner);
        Some(planted.entry((field, id)).or_insert_with(|| format!("cnry{}", random_hex(9))).clone())
    }

    /// Remembers a value that is secret as it is, such as the token of a file's address.
    pub(crate) fn register(&self, field: &'static str, id: u64, value: &str) {
        if self.enabled() {
            let mut planted = self.planted.lock().unwrap_or_else(PoisonError::into_inner);
            planted.entry((field, id)).or_insert_with(|| value.to_owned());
        }
    }

    /// `text` with the field's token behind it.
    pub(crate) fn mark(&self, field: &'static str, id: u64, text: &str) -> String {
        match self.token(field, id) {
            Some(token) if text.is_empty() => token,
            Some(token) => format!("{text} {token}"),
            None => text.to_owned(),
        }
    }

    /// An address with the field's token in its local part.
    pub(crate) fn mark_email(&self, field: &'static str, id: u64, email: &str) -> String {
        match (self.token(field, id), email.split_once('@')) {
            (Some(token), Some((local, domain))) => format!("{local}.{token}@{domain}"),
            (Some(token), None) => format!("{token}@desk.raxx.test"),
            (None, _) => email.to_owned(),
        }
    }

    /// All tokens planted so far, by field and id.
    pub(crate) fn planted(&self) -> Vec<Canary> {
        let planted = self.planted.lock().unwrap_or_else(PoisonError::into_inner);
        planted
            .iter()
            .map(|((field, id), token)| Canary { token: token.clone(), field: (*field).to_owned(), id: *id })
            .collect()
    }

    pub(crate) fn clear(&self) {
        self.planted.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// `length` random bytes as hexadecimal digits.
pub(crate) fn random_hex(length: usize) -> String {
    use std::fmt::Write as _;
    let mut bytes = vec![0; length];
    // Without the system's random source no token can be unique: a double that cannot plant them must not run.
    if let Err(error) = getrandom::fill(&mut bytes) {
        panic!("the system's random source failed: {error}");
    }
    bytes.iter().fold(String::with_capacity(length * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_token_per_field_and_object() {
        let canaries = Canaries::new(true);
        let first = canaries.mark("thread.note.body", 4, "internal");
        assert_eq!(first, canaries.mark("thread.note.body", 4, "internal"));
        assert_ne!(first, canaries.mark("thread.note.body", 5, "internal"));
        assert!(first.starts_with("internal cnry"));
        assert_eq!(canaries.planted().len(), 2);
    }

    #[test]
    fn off_means_untouched() {
        let canaries = Canaries::new(false);
        assert_eq!(canaries.mark_email("agent.email", 1, "a@b.test"), "a@b.test");
        assert!(canaries.planted().is_empty());
    }
}
