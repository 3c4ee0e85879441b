//! What a person sees while something takes its time: a line when a step starts, and its duration when it is done.

use std::time::{Duration, Instant};

use anyhow::Result;

/// Runs one step, announced and timed.
///
/// # Errors
/// The step's own.
pub(crate) fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("  … {what}");
    let start = Instant::now();
    let result = work();
    let sign = if result.is_ok() { "✓" } else { "✗" };
    eprintln!("  {sign} {what}  {}", seconds(start.elapsed()));
    result
}

/// Says that a step was not needed.
pub(crate) fn skipped(what: &str) {
    eprintln!("  ✓ {what}  unchanged");
}

/// Says something worth knowing that is not a step.
pub(crate) fn note(text: &str) {
    eprintln!("  · {text}");
}

/// A duration as people read it: `0.4 s`, `12.3 s`, `3 min 07 s`.
pub(crate) fn seconds(duration: Duration) -> String {
    let whole = duration.as_secs();
    if whole < 100 {
        format!("{:.1} s", duration.as_secs_f64())
    } else {
        format!("{} min {:02} s", whole / 60, whole % 60)
    }
}

/// A number of bytes with thousands set apart: `12,345`.
pub(crate) fn bytes(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_sizes_read_well() {
        assert_eq!(seconds(Duration::from_millis(432)), "0.4 s");
        assert_eq!(seconds(Duration::from_secs(187)), "3 min 07 s");
        assert_eq!(bytes(0), "0");
        assert_eq!(bytes(999), "999");
        assert_eq!(bytes(1_234_567), "1,234,567");
    }
}
