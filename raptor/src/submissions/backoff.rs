//! How long to wait before the next attempt.

use std::time::Duration;

/// `first`, doubled with each attempt up to `longest`, and then anything between half of it and all of it, so that many submissions do
/// not come back at the same moment.
pub(super) fn delay(attempts: u32, first: Duration, longest: Duration) -> Duration {
    let full = first.saturating_mul(1_u32 << attempts.min(16)).min(longest);
    let half = full / 2;
    let share = (crate::random::bits() % 1000) as u32;
    half + half * share / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_to_its_bound_and_spreads() {
        let (first, longest) = (Duration::from_secs(1), Duration::from_secs(60));
        for attempts in [0, 1, 5, 6, 40, u32::MAX] {
            let full = Duration::from_secs(1 << attempts.min(6)).min(longest);
            let found = delay(attempts, first, longest);
            assert!(found >= full / 2 && found <= full, "{attempts}: {found:?}");
        }
    }
}
