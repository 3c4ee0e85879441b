//! Leaves the help desk alone when it fails, so that it can recover and customers need not wait for it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::settings::BreakerSettings;

/// Counts failures in a row. After enough of them no call is let through for a pause; then one is, and its end decides.
#[derive(Debug)]
pub(super) struct Breaker {
    settings: BreakerSettings,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    failures: u32,
    pauses: u32,
    closed_until: Option<Instant>,
    probing: bool,
}

/// Leave to make one call. To be ended with [`Permit::succeeded`] or [`Permit::failed`]; dropped, it counts as neither, as when a
/// customer goes away in the middle.
#[must_use]
pub(super) struct Permit<'a> {
    breaker: &'a Breaker,
    probe: bool,
    ended: bool,
}

impl Breaker {
    pub(super) fn new(settings: BreakerSettings) -> Self {
        Self { settings, state: Mutex::default() }
    }

    /// Asks for leave; otherwise how long the pause still lasts.
    pub(super) fn enter(&self, now: Instant) -> Result<Permit<'_>, Duration> {
        let mut state = self.lock();
        let Some(until) = state.closed_until else {
            return Ok(Permit { breaker: self, probe: false, ended: false });
        };
        if now < until {
            return Err(until - now);
        }
        if state.probing {
            return Err(self.settings.first_pause);
        }
        state.probing = true;
        Ok(Permit { breaker: self, probe: true, ended: false })
    }

    /// The help desk is left alone at present.
    pub(super) fn is_open(&self, now: Instant) -> bool {
        self.lock().closed_until.is_some_and(|until| now < until)
    }

    /// Forgets all failures, as after the key was replaced.
    pub(super) fn reset(&self) {
        *self.lock() = State::default();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit<'_> {
    pub(super) fn succeeded(mut self) {
        self.ended = true;
        let mut state = self.breaker.lock();
        // An answer to a call that left before the pause says nothing about now.
        if self.probe || state.closed_until.is_none() {
            *state = State::default();
        }
    }

    /// `at_least` is what the help desk asked for, if it did.
    pub(super) fn failed(mut self, now: Instant, at_least: Option<Duration>) {
        self.ended = true;
        let settings = self.breaker.settings;
        let mut state = self.breaker.lock();
        state.failures = state.failures.saturating_add(1);
        if self.probe || at_least.is_some() || (state.closed_until.is_none() && state.failures >= settings.failures) {
            let factor = 2_u32.saturating_pow(state.pauses.min(16));
            let pause = settings.first_pause.saturating_mul(factor).max(at_least.unwrap_or_default());
            state.closed_until = Some(now + pause.min(settings.longest_pause));
            state.pauses = state.pauses.saturating_add(1);
            state.probing = false;
        }
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if self.probe && !self.ended {
            self.breaker.lock().probing = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaker() -> (Breaker, Instant) {
        let settings =
            BreakerSettings { failures: 3, first_pause: Duration::from_secs(1), longest_pause: Duration::from_secs(5) };
        (Breaker::new(settings), Instant::now())
    }

    fn fail(breaker: &Breaker, now: Instant) {
        breaker.enter(now).expect("a permit").failed(now, None);
    }

    #[test]
    fn pauses_after_failures_in_a_row_and_lets_one_through_after() {
        let (breaker, start) = breaker();
        fail(&breaker, start);
        fail(&breaker, start);
        breaker.enter(start).ok().unwrap().succeeded();
        for _ in 0..3 {
            assert!(!breaker.is_open(start));
            fail(&breaker, start);
        }
        assert!(breaker.is_open(start));
        assert!(breaker.enter(start + Duration::from_millis(999)).is_err());
        let later = start + Duration::from_secs(1);
        let probe = breaker.enter(later).ok().unwrap();
        assert!(breaker.enter(later).is_err(), "one probe at a time");
        probe.succeeded();
        assert!(breaker.enter(later).is_ok());
    }

    #[test]
    fn pauses_grow_up_to_a_bound() {
        let (breaker, mut now) = breaker();
        for _ in 0..3 {
            fail(&breaker, now);
        }
        for expected in [1, 2, 4, 5, 5] {
            let rest = breaker.enter(now).err().unwrap();
            assert_eq!(rest, Duration::from_secs(expected));
            now += rest;
            fail(&breaker, now);
        }
        breaker.reset();
        assert!(breaker.enter(now).is_ok());
    }

    #[test]
    fn a_probe_that_is_given_up_makes_room_for_the_next() {
        let (breaker, start) = breaker();
        for _ in 0..3 {
            fail(&breaker, start);
        }
        let later = start + Duration::from_secs(1);
        drop(breaker.enter(later).ok().unwrap());
        assert!(breaker.enter(later).is_ok());
    }

    #[test]
    fn obeys_a_wish_for_a_pause_at_once() {
        let (breaker, start) = breaker();
        breaker.enter(start).ok().unwrap().failed(start, Some(Duration::from_secs(3)));
        assert_eq!(breaker.enter(start).err(), Some(Duration::from_secs(3)));
        breaker.reset();
        breaker.enter(start).ok().unwrap().failed(start, Some(Duration::from_secs(3600)));
        assert_eq!(breaker.enter(start).err(), Some(Duration::from_secs(5)));
    }

    #[test]
    fn answers_from_before_the_pause_do_not_end_it() {
        let (breaker, start) = breaker();
        let early = breaker.enter(start).ok().unwrap();
        for _ in 0..3 {
            fail(&breaker, start);
        }
        early.succeeded();
        assert!(breaker.is_open(start));
    }
}
