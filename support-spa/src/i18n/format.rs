//! Numbers, sizes, days and times, as the language and the customer's settings have them.
//!
//! In the browser all of this is `Intl`'s work. On the host, where only the shell is made, numbers are plain and times are empty.

use leptos::prelude::{ArcRwSignal, Get, GetUntracked, Set};
use leptos::reactive::graph::Observer;
use shared::Timestamp;

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(not(target_arch = "wasm32"))]
#[path = "format/host.rs"]
mod browser;

/// How the time of day is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeFormat {
    /// As the language has it.
    #[default]
    Automatic,
    /// 4:05 pm.
    TwelveHours,
    /// 16:05.
    TwentyFourHours,
}

impl TimeFormat {
    /// Every one, in the order of declaration.
    pub const ALL: [Self; 3] = [Self::Automatic, Self::TwelveHours, Self::TwentyFourHours];
}

/// A way to write a point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// 12:04.
    Time,
    /// Wed.
    Weekday,
    /// 12 Nov.
    DayOfYear,
    /// 12 Nov 2025.
    Day,
    /// Wednesday, 18 November.
    LongDayOfYear,
    /// Wednesday, 18 November 2025.
    LongDay,
    /// 18 November 2026 at 12:04.
    Full,
}

thread_local! {
    static TIME_FORMAT: ArcRwSignal<TimeFormat> = ArcRwSignal::new(TimeFormat::Automatic);
}

/// The time format in force.
#[must_use]
pub fn time_format() -> TimeFormat {
    TIME_FORMAT.with(|format| if Observer::get().is_some() { format.get() } else { format.get_untracked() })
}

/// Puts a time format in force; what was written with the one before is written again.
pub fn set_time_format(time_format: TimeFormat) {
    forget();
    TIME_FORMAT.with(|signal| signal.set(time_format));
}

/// Whatever `Intl` gave for the language or time format before.
pub(super) fn forget() {
    browser::forget();
}

/// The locale for `Intl`: the browser's own variant of the language (`en-GB` for English) or the language itself.
#[cfg(target_arch = "wasm32")]
pub(super) fn locale() -> String {
    browser::locale()
}

/// The time of day: 12:04.
#[must_use]
pub fn time(at: Timestamp) -> String {
    written(at, Style::Time)
}

/// For the rows of a list: the time when it is today, the weekday within a week, then the day, with its year unless it is this one.
#[must_use]
pub fn short(at: Timestamp) -> String {
    let style = match browser::days_ago(at) {
        0 => Style::Time,
        1..=6 => Style::Weekday,
        _ if browser::is_this_year(at) => Style::DayOfYear,
        _ => Style::Day,
    };
    written(at, style)
}

/// For the dividers of a thread: today, yesterday, or the long day.
#[must_use]
pub fn day(at: Timestamp) -> String {
    match browser::days_ago(at) {
        0 => super::keys::time_today.text(),
        1 => super::keys::time_yesterday.text(),
        _ if browser::is_this_year(at) => written(at, Style::LongDayOfYear),
        _ => written(at, Style::LongDay),
    }
}

/// The local day as a number, so that messages can be grouped by it.
#[must_use]
pub fn day_number(at: Timestamp) -> i64 {
    browser::day_number(at)
}

/// Day and time in full, for tooltips, print and whoever must be exact.
#[must_use]
pub fn full(at: Timestamp) -> String {
    written(at, Style::Full)
}

/// A number with its separators.
#[must_use]
pub fn number(number: f64) -> String {
    super::language::track();
    browser::number(number)
}

/// A size in kilobytes or megabytes: 14 kB.
#[must_use]
pub fn size(bytes: u64) -> String {
    super::language::track();
    browser::size(bytes)
}

/// A share from 0 to 1 as per cent: 40 %.
#[must_use]
pub fn percent(share: f64) -> String {
    super::language::track();
    browser::percent(share)
}

/// Names as a list: Ann, Ben and Cleo.
#[must_use]
pub fn list(items: &[String]) -> String {
    super::language::track();
    browser::list(items)
}

fn written(at: Timestamp, style: Style) -> String {
    super::language::track();
    browser::written(at, style, time_format())
}
