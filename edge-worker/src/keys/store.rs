//! When the key set is used, asked for anew, or given up. Times are milliseconds since the epoch.
//!
//! A fetch belongs to the request that began it and is never shared: workerd cancels a request that waits for another one's promise.
//! Whoever finishes first stores what it got, and later ones store it again.

use std::rc::Rc;

use super::KeySet;

/// After this long the set is refreshed behind the back of a request that still uses it: 5 minutes.
pub const SOFT_AGE: u64 = 5 * 60 * 1000;
/// After this long the set is no longer used, whatever happens: 1 hour.
pub const HARD_AGE: u64 = 60 * 60 * 1000;
/// Shortest time between two refreshes: 10 seconds.
pub const REFRESH_RETRY: u64 = 10 * 1000;
/// After a failure, how long the edge does without asking again when it has no set at all: 1 second.
pub const COLD_RETRY: u64 = 1000;
/// Shortest time between two fetches for the sake of a `kid` that is not in the set: 30 seconds.
pub const UNKNOWN_KEY_INTERVAL: u64 = 30 * 1000;

/// What to do about the key set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Use it.
    Use(Rc<KeySet>),
    /// Use it, and refresh it after the answer.
    UseAndRefresh(Rc<KeySet>),
    /// There is none: fetch it now.
    Fetch,
    /// There is none, and asking has just failed: say so.
    GiveUp,
}

/// The key set and its history.
#[derive(Debug, Default)]
pub struct KeyStore {
    current: Option<(Rc<KeySet>, u64)>,
    generation: u64,
    refresh_began: Option<u64>,
    failed: Option<u64>,
    unknown_key_fetch_began: Option<u64>,
}

impl KeyStore {
    /// What to do now.
    pub fn plan(&mut self, now: u64) -> Plan {
        match &self.current {
            Some((set, fetched)) if now.saturating_sub(*fetched) < HARD_AGE => {
                let stale = now.saturating_sub(*fetched) >= SOFT_AGE;
                if stale && elapsed(self.refresh_began, now, REFRESH_RETRY) {
                    self.refresh_began = Some(now);
                    Plan::UseAndRefresh(Rc::clone(set))
                } else {
                    Plan::Use(Rc::clone(set))
                }
            }
            _ if elapsed(self.failed, now, COLD_RETRY) => Plan::Fetch,
            _ => Plan::GiveUp,
        }
    }

    /// Whether a `kid` that is not in the set is worth a fetch now. Made-up ids cannot make the edge hammer Raptor.
    pub fn may_fetch_for_unknown_key(&mut self, now: u64) -> bool {
        let may = elapsed(self.unknown_key_fetch_began, now, UNKNOWN_KEY_INTERVAL);
        if may {
            self.unknown_key_fetch_began = Some(now);
        }
        may
    }

    /// A fetch that began at `began` has succeeded.
    pub fn store(&mut self, set: KeySet, began: u64) -> Rc<KeySet> {
        self.failed = None;
        if let Some((current, fetched)) = &mut self.current {
            // Fetches may end in another order than they began: the older answer is not the newer truth.
            if began < *fetched {
                return Rc::clone(current);
            }
            if **current == set {
                *fetched = began;
                return Rc::clone(current);
            }
        }
        let set = Rc::new(set);
        self.generation += 1;
        self.current = Some((Rc::clone(&set), began));
        set
    }

    /// A fetch has failed.
    pub fn fail(&mut self, now: u64) {
        self.failed = Some(now);
    }

    /// Counts how often the keys have changed: what was verified under another number is not remembered.
    #[must_use]
    pub const fn generation(&self) -> u64 {
        self.generation
    }
}

fn elapsed(since: Option<u64>, now: u64, interval: u64) -> bool {
    since.is_none_or(|since| now.saturating_sub(since) >= interval)
}
