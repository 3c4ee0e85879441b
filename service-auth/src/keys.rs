//! The verifier's keys: the current token, and the previous one while its overlap window lasts.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime},
};

use arc_swap::ArcSwap;
use subtle::{Choice, ConstantTimeEq};

use crate::{Clock, Metrics, Reload, Reloaded, ServiceToken, SourceError, SystemClock, TokenDigest, TokenSource};

/// Where the verifier's tokens come from.
#[derive(Debug, Clone)]
pub struct KeySource {
    current: TokenSource,
    previous: Option<TokenSource>,
}

impl KeySource {
    /// The current token only. When it changes on reload, the token that it replaces becomes the previous one by itself.
    pub fn new(current: TokenSource) -> Self {
        Self { current, previous: None }
    }

    /// Adds a place for the previous token, so that a process that *starts* in the middle of a rotation knows both. A file
    /// that does not exist means that there is none.
    #[must_use]
    pub fn with_previous(mut self, previous: TokenSource) -> Self {
        self.previous = Some(previous);
        self
    }

    fn load_previous(&self) -> Result<Option<TokenDigest>, SourceError> {
        match self.previous.as_ref().map(TokenSource::load) {
            None | Some(Err(SourceError::Unreadable { kind: std::io::ErrorKind::NotFound, .. })) => Ok(None),
            Some(result) => result.map(|token| Some(token.digest())),
        }
    }

    fn is_reloadable(&self) -> bool {
        self.current.is_reloadable() || self.previous.as_ref().is_some_and(TokenSource::is_reloadable)
    }
}

/// Which key a request was verified with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyAge {
    /// The current token.
    Current,
    /// The previous token, inside its overlap window.
    Previous,
}

/// What a presented value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyMatch {
    /// A token that counts now.
    Valid(KeyAge),
    /// The previous token, after its overlap window.
    Ended,
    /// Neither.
    Unknown,
}

/// One immutable set of keys. [`KeyRing`] swaps whole sets, so that a request sees either all of a rotation or nothing of it.
#[derive(Debug)]
pub struct Keys {
    current: TokenDigest,
    previous: Option<PreviousKey>,
    /// The previous token that the source named when it was last read: it opens a window once, not at every reload.
    named_previous: Option<TokenDigest>,
}

/// A token on its way out: the digest and the moment from which it is refused belong together.
#[derive(Debug)]
struct PreviousKey {
    digest: TokenDigest,
    until: SystemTime,
    /// Set when the window was seen to be over, so that a clock that is set back does not open it again.
    ended: AtomicBool,
}

impl PreviousKey {
    fn new(digest: TokenDigest, now: SystemTime, grace: Duration) -> Self {
        // A window past the end of time is a mistake; no window at all is the safe reading of it.
        Self { digest, until: now.checked_add(grace).unwrap_or(now), ended: AtomicBool::new(false) }
    }

    fn is_open(&self, now: SystemTime) -> bool {
        if now >= self.until {
            self.ended.store(true, Ordering::Relaxed);
        }
        !self.ended.load(Ordering::Relaxed)
    }

    fn copy(&self) -> Self {
        Self { digest: self.digest, until: self.until, ended: AtomicBool::new(self.ended.load(Ordering::Relaxed)) }
    }
}

impl Keys {
    /// The end of the overlap window, if there is a previous token.
    pub fn previous_until(&self) -> Option<SystemTime> {
        self.previous.as_ref().map(|key| key.until)
    }

    /// Compares a digest with both keys in constant time: neither comparison is skipped, whatever the other one found.
    pub fn check(&self, presented: TokenDigest, now: SystemTime) -> KeyMatch {
        let is_current: Choice = self.current.ct_eq(&presented);
        let (is_previous, open): (Choice, Choice) = match &self.previous {
            Some(key) => (key.digest.ct_eq(&presented), Choice::from(u8::from(key.is_open(now)))),
            None => (Choice::from(0), Choice::from(0)),
        };
        if bool::from(is_current | (is_previous & open)) {
            KeyMatch::Valid(if bool::from(is_current) { KeyAge::Current } else { KeyAge::Previous })
        } else if bool::from(is_previous) {
            KeyMatch::Ended
        } else {
            KeyMatch::Unknown
        }
    }

    /// The set after a reload that found `current` and `named_previous`.
    fn next(&self, current: TokenDigest, named: Option<TokenDigest>, now: SystemTime, grace: Duration) -> Self {
        let same = |a: TokenDigest, b: TokenDigest| bool::from(a.ct_eq(&b));
        let same_option = |a: Option<TokenDigest>, b: Option<TokenDigest>| match (a, b) {
            (Some(a), Some(b)) => same(a, b),
            (None, None) => true,
            _ => false,
        };
        let previous = if !same(self.current, current) {
            // Whoever still uses the replaced token gets the window, whatever else the source names.
            Some(PreviousKey::new(self.current, now, grace))
        } else if same_option(self.named_previous, named) {
            self.previous.as_ref().map(PreviousKey::copy)
        } else {
            match named {
                Some(digest) if same(digest, current) => self.previous.as_ref().map(PreviousKey::copy),
                Some(digest) => match &self.previous {
                    Some(key) if same(key.digest, digest) => Some(key.copy()),
                    _ => Some(PreviousKey::new(digest, now, grace)),
                },
                // The operator took the named token away: the window that it had opened closes early.
                None => self
                    .previous
                    .as_ref()
                    .filter(|key| !self.named_previous.is_some_and(|was| same(key.digest, was)))
                    .map(PreviousKey::copy),
            }
        };
        Self { current, previous, named_previous: named }
    }
}

/// The keys of one verifier, replaced as a whole on reload.
pub struct KeyRing {
    source: KeySource,
    grace: Duration,
    clock: Arc<dyn Clock>,
    keys: ArcSwap<Keys>,
    /// One reload at a time: each one derives the new set from the old.
    reloading: Mutex<()>,
    metrics: Metrics,
}

impl KeyRing {
    /// Reads the keys. `grace` is how long a replaced token is still accepted: at least as long as the client needs to
    /// pick up the new one, at most one deploy cycle. Should the process start with a previous token configured, its
    /// window begins at this start.
    ///
    /// # Errors
    /// [`SourceError`]; a service that cannot verify its callers must not start.
    pub fn load(source: KeySource, grace: Duration) -> Result<Self, SourceError> {
        Self::load_with_clock(source, grace, Arc::new(SystemClock))
    }

    /// [`KeyRing::load`] with the clock given.
    ///
    /// # Errors
    /// As for [`KeyRing::load`].
    pub fn load_with_clock(source: KeySource, grace: Duration, clock: Arc<dyn Clock>) -> Result<Self, SourceError> {
        let token: ServiceToken = source.current.load()?;
        let named_previous = source.load_previous()?;
        let current = token.digest();
        let previous = named_previous
            .filter(|digest| !bool::from(digest.ct_eq(&current)))
            .map(|digest| PreviousKey::new(digest, clock.now(), grace));
        let keys = ArcSwap::from_pointee(Keys { current, previous, named_previous });
        Ok(Self { source, grace, clock, keys, reloading: Mutex::new(()), metrics: Metrics::default() })
    }

    /// The present set.
    pub fn keys(&self) -> Arc<Keys> {
        self.keys.load_full()
    }

    /// What the presented bytes are at this moment.
    pub fn check(&self, presented: &[u8]) -> KeyMatch {
        self.keys.load().check(TokenDigest::of(presented), self.clock.now())
    }

    /// Counters of this ring.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }
}

impl Reload for KeyRing {
    fn reload(&self) -> Result<Reloaded, SourceError> {
        let _one_at_a_time = self.reloading.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.source.is_reloadable() {
            return self.source.current.reload().map(|_| Reloaded::Unchanged);
        }
        let current = self.source.current.load()?;
        let named = self.source.load_previous()?;
        let old = self.keys.load();
        let next = old.next(current.digest(), named, self.clock.now(), self.grace);
        let unchanged = bool::from(old.current.ct_eq(&next.current))
            && match (&old.previous, &next.previous) {
                (Some(a), Some(b)) => bool::from(a.digest.ct_eq(&b.digest)),
                (None, None) => true,
                _ => false,
            };
        self.keys.store(Arc::new(next));
        Ok(if unchanged { Reloaded::Unchanged } else { Reloaded::Changed })
    }

    fn describe(&self) -> String {
        self.source.current.describe()
    }

    fn metrics(&self) -> &Metrics {
        &self.metrics
    }
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("KeyRing")
            .field("source", &self.source)
            .field("grace", &self.grace)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
