//! The browser's part, by `Intl`. Formatters are kept: making one takes longer than using it a hundred times.

use std::cell::RefCell;

use js_sys::Date;
use shared::Timestamp;
use wasm_bindgen::JsValue;

use super::super::intl::{self, options};
use super::super::{Language, language};
use super::{Style, TimeFormat};

const SECOND: f64 = 1000.0;
const MINUTE: f64 = 60.0 * SECOND;
const DAY: f64 = 24.0 * 60.0 * MINUTE;

thread_local! {
    static DATES: RefCell<Vec<(Style, intl::DateTimeFormat)>> = const { RefCell::new(Vec::new()) };
    static NUMBERS: RefCell<Option<intl::NumberFormat>> = const { RefCell::new(None) };
}

pub(super) fn forget() {
    DATES.take();
    NUMBERS.take();
}

pub(super) fn locale() -> String {
    let language = language::current();
    let tag = match language {
        // The two for tests format as English does, so that figures in tests do not depend on them.
        Language::Accented | Language::Mirrored => "en",
        Language::Portuguese => "pt-PT",
        other => other.tag(),
    };
    let primary = tag.split('-').next().unwrap_or(tag);
    let variant = super::super::wording::preferred_tags();
    variant.into_iter().find(|wanted| wanted.split('-').next() == Some(primary)).unwrap_or_else(|| tag.to_owned())
}

pub(super) fn written(at: Timestamp, style: Style, time_format: TimeFormat) -> String {
    DATES.with_borrow_mut(|formats| {
        let at = millis(at);
        if let Some((_, format)) = formats.iter().find(|(known, _)| *known == style) {
            return format.format(at);
        }
        let format = intl::DateTimeFormat::new(&locale(), &date_options(style, time_format));
        let text = format.format(at);
        formats.push((style, format));
        text
    })
}

fn date_options(style: Style, time_format: TimeFormat) -> JsValue {
    let parts: &[(&str, &str)] = match style {
        Style::Time => &[("timeStyle", "short")],
        Style::Weekday => &[("weekday", "short")],
        Style::DayOfYear => &[("day", "numeric"), ("month", "short")],
        Style::Day => &[("day", "numeric"), ("month", "short"), ("year", "numeric")],
        Style::LongDayOfYear => &[("weekday", "long"), ("day", "numeric"), ("month", "long")],
        Style::LongDay => &[("weekday", "long"), ("day", "numeric"), ("month", "long"), ("year", "numeric")],
        Style::Full => &[("dateStyle", "long"), ("timeStyle", "short")],
    };
    let mut parts = parts.to_vec();
    match time_format {
        TimeFormat::Automatic => {}
        TimeFormat::TwelveHours => parts.push(("hourCycle", "h12")),
        TimeFormat::TwentyFourHours => parts.push(("hourCycle", "h23")),
    }
    options(&parts)
}

pub(super) fn day_number(at: Timestamp) -> i64 {
    local_day(millis(at))
}

pub(super) fn days_ago(at: Timestamp) -> i64 {
    local_day(Date::now()) - day_number(at)
}

/// Days since the epoch by the local clock, summer time included.
fn local_day(at: f64) -> i64 {
    let offset = Date::new(&JsValue::from_f64(at)).get_timezone_offset() * MINUTE;
    ((at - offset) / DAY).floor() as i64
}

pub(super) fn is_this_year(at: Timestamp) -> bool {
    Date::new(&JsValue::from_f64(millis(at))).get_full_year() == Date::new_0().get_full_year()
}

pub(super) fn number(number: f64) -> String {
    NUMBERS.with_borrow_mut(|kept| {
        kept.get_or_insert_with(|| intl::NumberFormat::new(&locale(), &JsValue::UNDEFINED)).format(number)
    })
}

pub(super) fn size(bytes: u64) -> String {
    let bytes = bytes as f64;
    let (amount, unit) = match bytes {
        // The short word for bytes is the long one in some languages, and nobody counts them.
        small if small < 10_000.0 => ((small / 1000.0).max(0.1), "kilobyte"),
        medium if medium < 1_000_000.0 => ((medium / 1000.0).round(), "kilobyte"),
        large => (large / 1_000_000.0, "megabyte"),
    };
    let style = [("style", "unit"), ("unit", unit), ("unitDisplay", "short"), ("maximumFractionDigits", "1")];
    intl::NumberFormat::new(&locale(), &options(&style)).format(amount)
}

pub(super) fn percent(share: f64) -> String {
    intl::NumberFormat::new(&locale(), &options(&[("style", "percent")])).format(share)
}

pub(super) fn list(items: &[String]) -> String {
    let names = items.iter().map(|item| JsValue::from_str(item)).collect::<js_sys::Array>();
    intl::ListFormat::new(&locale()).format(&names)
}

fn millis(at: Timestamp) -> f64 {
    at.millis() as f64
}
