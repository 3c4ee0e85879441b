//! How often one caller may call.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use shared::Rate;

/// Callers remembered at most; beyond that those who are quiet are forgotten, and then the oldest.
const MAX_CALLERS: usize = 50_000;

/// A token bucket per rate and caller: a full bucket holds one minute's calls and refills evenly.
#[derive(Default)]
pub struct RateLimiter {
    buckets: Mutex<HashMap<(Rate, String), Bucket>>,
}

#[derive(Clone, Copy)]
struct Bucket {
    tokens: f64,
    filled_at: Instant,
}

impl RateLimiter {
    /// Counts a call.
    ///
    /// # Errors
    /// After how many seconds, at least 1, the next call will be accepted.
    pub fn check(&self, rate: Rate, caller: &str) -> Result<(), u32> {
        self.check_at(rate, caller, Instant::now())
    }

    /// Forgets who called how often: everybody starts anew.
    pub fn forget(&self) {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn check_at(&self, rate: Rate, caller: &str, now: Instant) -> Result<(), u32> {
        let capacity = f64::from(rate.per_minute());
        let per_second = capacity / 60.0;
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MAX_CALLERS {
            // A bucket that was left alone for a minute is full again, so forgetting it changes nothing.
            buckets.retain(|_, bucket| now.saturating_duration_since(bucket.filled_at) < Duration::from_secs(60));
            if buckets.len() >= MAX_CALLERS {
                buckets.clear();
            }
        }
        let bucket = buckets.entry((rate, caller.to_owned())).or_insert(Bucket { tokens: capacity, filled_at: now });
        let elapsed = now.saturating_duration_since(bucket.filled_at).as_secs_f64();
        bucket.tokens = (bucket.tokens + elapsed * per_second).min(capacity);
        bucket.filled_at = now;
        if bucket.tokens >= 1.0 {
            bucket.tokens -= 1.0;
            return Ok(());
        }
        let wait = ((1.0 - bucket.tokens) / per_second).ceil().clamp(1.0, 60.0);
        Err(wait as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_is_stopped_and_let_in_again_and_others_are_not_touched() {
        let limiter = RateLimiter::default();
        let start = Instant::now();
        for _ in 0..Rate::Heavy.per_minute() {
            assert_eq!(limiter.check_at(Rate::Heavy, "a", start), Ok(()));
        }
        assert_eq!(limiter.check_at(Rate::Heavy, "a", start), Err(3));
        assert_eq!(limiter.check_at(Rate::Heavy, "b", start), Ok(()));
        assert_eq!(limiter.check_at(Rate::Read, "a", start), Ok(()));
        assert_eq!(limiter.check_at(Rate::Heavy, "a", start + Duration::from_secs(3)), Ok(()));
        assert!(limiter.check_at(Rate::Heavy, "a", start + Duration::from_secs(3)).is_err());
    }

    #[test]
    fn memory_is_bounded() {
        let limiter = RateLimiter::default();
        for caller in 0..MAX_CALLERS + 10 {
            let _ = limiter.check(Rate::Read, &caller.to_string());
        }
        assert!(limiter.buckets.lock().unwrap().len() <= MAX_CALLERS);
    }
}
