//! How often each route was called: what "help-desk calls per 1,000 customer requests" is made of.

use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

/// Calls by `METHOD /route`, and things that must not happen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// All calls, those that a fault or the key check refused included.
    pub total: u64,
    /// Calls by method and route, such as `GET /api/conversations/{id}`.
    pub by_route: BTreeMap<String, u64>,
    /// Answers by status code.
    pub by_status: BTreeMap<u16, u64>,
    /// Attachments sent as `fileUrl`, which would make the help desk fetch an address of the customer's choice.
    pub file_url_attempts: u64,
    /// Calls with the key in the query or the body, where logs keep it.
    pub keys_outside_the_header: u64,
    /// Most calls that ran at one time.
    pub most_concurrent: u64,
}

/// Counts behind a lock.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    counts: Mutex<Counts>,
    running: std::sync::atomic::AtomicU64,
}

/// Counts one call as running until dropped.
pub(crate) struct Running<'a>(&'a Counters);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
    }
}

impl Counters {
    pub(crate) fn call(&self, method: &str, route: &str) -> Running<'_> {
        let running = self.running.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1;
        self.update(|counts| {
            counts.total += 1;
            *counts.by_route.entry(format!("{method} {route}")).or_default() += 1;
            counts.most_concurrent = counts.most_concurrent.max(running);
        });
        Running(self)
    }

    pub(crate) fn answer(&self, status: u16) {
        self.update(|counts| *counts.by_status.entry(status).or_default() += 1);
    }

    pub(crate) fn file_url_attempt(&self) {
        self.update(|counts| counts.file_url_attempts += 1);
    }

    pub(crate) fn key_outside_the_header(&self) {
        self.update(|counts| counts.keys_outside_the_header += 1);
    }

    pub(crate) fn snapshot(&self) -> Counts {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn clear(&self) {
        self.update(|counts| *counts = Counts::default());
    }

    fn update(&self, change: impl FnOnce(&mut Counts)) {
        change(&mut self.counts.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
