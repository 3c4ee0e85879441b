//! What is under way, so that nobody does it beside somebody else.

use std::collections::HashMap;
use std::sync::{Arc, Mutex as SyncMutex, PoisonError, Weak};

use tokio::sync::Mutex;

/// One lock per thing that is being refreshed, so that many who wait for it cost one call.
#[derive(Default)]
pub(super) struct Flights {
    locks: SyncMutex<HashMap<u128, Weak<Mutex<()>>>>,
}

impl Flights {
    /// The lock of a thing.
    pub(super) fn of(&self, key: u128) -> Arc<Mutex<()>> {
        let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lock) = locks.get(&key).and_then(Weak::upgrade) {
            return lock;
        }
        locks.retain(|_, lock| lock.strong_count() > 0);
        let lock = Arc::new(Mutex::new(()));
        locks.insert(key, Arc::downgrade(&lock));
        lock
    }
}
