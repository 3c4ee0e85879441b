//! The double's clock: the system's, or one that a test holds.

use jiff::{Timestamp, civil};
use std::sync::atomic::{AtomicI64, Ordering};

/// Marks a clock that follows the system.
const FOLLOW_SYSTEM: i64 = i64::MIN;

/// A clock in Unix seconds.
#[derive(Debug)]
pub(crate) struct Clock(AtomicI64);

impl Clock {
    pub(crate) fn new(fixed: Option<i64>) -> Self {
        Self(AtomicI64::new(fixed.unwrap_or(FOLLOW_SYSTEM)))
    }

    pub(crate) fn now(&self) -> i64 {
        match self.0.load(Ordering::SeqCst) {
            FOLLOW_SYSTEM => Timestamp::now().as_second(),
            fixed => fixed,
        }
    }

    /// Holds the clock at `fixed`, or lets it follow the system again.
    pub(crate) fn set(&self, fixed: Option<i64>) {
        self.0.store(fixed.unwrap_or(FOLLOW_SYSTEM), Ordering::SeqCst);
    }
}

/// `YYYY-MM-DDThh:mm:ssZ`. Seconds outside of the representable range (years -9999 to 9999) become the epoch.
pub(crate) fn format_time(seconds: i64) -> String {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Reads what the vendor's date parser commonly gets: RFC 3339, or a date with or without time, taken as UTC.
pub(crate) fn parse_time(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Some(timestamp.as_second());
    }
    let date_time = text
        .parse::<civil::DateTime>()
        .or_else(|_| text.parse::<civil::Date>().map(|date| date.at(0, 0, 0, 0)))
        .ok()?;
    date_time.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp().as_second())
}

/// The vendor's words for an age, such as `2 min ago`.
pub(crate) fn friendly_age(now: i64, then: i64) -> String {
    const MINUTE: i64 = 60;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    match now.saturating_sub(then) {
        ..MINUTE => "Just now".to_owned(),
        age @ MINUTE..HOUR => format!("{} min ago", age / MINUTE),
        age @ HOUR..DAY if age / HOUR == 1 => "1 hour ago".to_owned(),
        age @ HOUR..DAY => format!("{} hours ago", age / HOUR),
        _ => Timestamp::from_second(then).unwrap_or(Timestamp::UNIX_EPOCH).strftime("%b %-d").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_and_reads_the_vendors_times() {
        assert_eq!(format_time(1_795_312_581), "2026-11-22T01:56:21Z");
        assert_eq!(parse_time("2026-11-22T01:56:21Z"), Some(1_795_312_581));
        assert_eq!(parse_time("2026-11-22 01:56:21"), Some(1_795_312_581));
        assert_eq!(parse_time("2026-11-22"), Some(1_795_305_600));
        assert_eq!(parse_time("yesterday-ish"), None);
    }

    #[test]
    fn names_ages_like_the_vendor() {
        assert_eq!(friendly_age(100, 41), "Just now");
        assert_eq!(friendly_age(1000, 1000 - 154), "2 min ago");
        assert_eq!(friendly_age(40_000, 40_000 - 3_700), "1 hour ago");
        assert_eq!(friendly_age(40_000, 4_000), "10 hours ago");
    }

    #[test]
    fn a_held_clock_stands_still() {
        let clock = Clock::new(Some(7));
        assert_eq!(clock.now(), 7);
        clock.set(None);
        assert!(clock.now() > 1_700_000_000);
    }
}
