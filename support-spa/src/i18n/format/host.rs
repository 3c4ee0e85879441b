//! The host's part: the prerendered shell shows no time, and its few numbers are plain.

use shared::Timestamp;

use super::{Style, TimeFormat};

const DAY: i64 = 24 * 60 * 60 * 1000;

pub(super) const fn forget() {}

pub(super) const fn written(_: Timestamp, _: Style, _: TimeFormat) -> String {
    String::new()
}

pub(super) const fn days_ago(_: Timestamp) -> i64 {
    0
}

pub(super) const fn is_this_year(_: Timestamp) -> bool {
    true
}

pub(super) const fn day_number(at: Timestamp) -> i64 {
    at.millis().div_euclid(DAY)
}

pub(super) fn number(number: f64) -> String {
    number.to_string()
}

pub(super) fn size(bytes: u64) -> String {
    format!("{bytes} B")
}

pub(super) fn percent(share: f64) -> String {
    format!("{} %", (share * 100.0).round())
}

pub(super) fn list(items: &[String]) -> String {
    items.join(", ")
}
