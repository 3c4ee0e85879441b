//! Instants on the wire.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use crate::ascii::Ascii;
use crate::id::StrVisitor;
use crate::params::Param;
use crate::problem::{FieldCode, Violation};

/// An instant in UTC, to the millisecond, from 1970 to 9999. On the wire RFC 3339 with `Z`, as in `2026-11-22T12:04:00Z`; the fraction
/// is written only when it is not zero, always with three digits.
///
/// Our own forty lines instead of a calendar library: the portal has the browser's `Intl` for everything else, and a library's
/// parser would be among the largest things in the bundle. Tested against one on the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Timestamp(i64);

const DAY: i64 = 86_400_000;
/// 9999-12-31T23:59:59.999Z
const LAST: i64 = 253_402_300_799_999;

impl Timestamp {
    /// The instant so many milliseconds after the Unix epoch; clamped to 1970 to 9999.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        if millis < 0 {
            Self(0)
        } else if millis > LAST {
            Self(LAST)
        } else {
            Self(millis)
        }
    }

    /// Milliseconds since the Unix epoch, 0 to 253,402,300,799,999.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Reads RFC 3339 with `Z` and at most nine digits of fraction; what is finer than a millisecond is cut.
    ///
    /// # Errors
    /// [`FieldCode::Malformed`] for any other spelling, a day that does not exist, a leap second, or a year before 1970.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        parse(text.as_bytes()).ok_or(FieldCode::Malformed.because("this is not a time such as 2026-11-22T12:04:00Z"))
    }
}

fn parse(text: &[u8]) -> Option<Timestamp> {
    let digit = |place: usize| {
        let value = text.get(place)?.wrapping_sub(b'0');
        (value < 10).then_some(u32::from(value))
    };
    let two = |place: usize| Some(digit(place)? * 10 + digit(place + 1)?);
    let is = |place: usize, byte: u8| text.get(place) == Some(&byte);
    if !(is(4, b'-') && is(7, b'-') && is(10, b'T') && is(13, b':') && is(16, b':') && text.last() == Some(&b'Z')) {
        return None;
    }
    let (year, month, day) = (two(0)? * 100 + two(2)?, two(5)?, two(8)?);
    let (hour, minute, second) = (two(11)?, two(14)?, two(17)?);
    let fraction = match text.len() {
        20 => 0,
        length @ 22..=30 if is(19, b'.') && (20..length - 1).all(|place| digit(place).is_some()) => {
            let digit = |place: usize| if place < length - 1 { digit(place) } else { Some(0) };
            digit(20)? * 100 + digit(21)? * 10 + digit(22)?
        }
        _ => return None,
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => return None,
    };
    if year < 1970 || day < 1 || day > last || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let millis = ((hour * 60 + minute) * 60 + second) * 1000 + fraction;
    Some(Timestamp(i64::from(days_from_civil(year, month, day)) * DAY + i64::from(millis)))
}

// In 32 bits: WebAssembly divides those by a constant with a product, and 64 bits with a division.

/// Days from 1970-01-01 to a date that exists and is not earlier. Years are counted from March, so that the leap day is last.
const fn days_from_civil(year: u32, month: u32, day: u32) -> u32 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year / 400, year % 400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The other way round: year, month 1 to 12, day 1 to 31.
const fn civil_from_days(days: u32) -> (u32, u32, u32) {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + if month <= 2 { 1 } else { 0 }, month, day)
}

/// The last digit.
const fn decimal(value: u32) -> u8 {
    b'0' + (value % 10) as u8
}

fn print(timestamp: Timestamp) -> Ascii<24> {
    let (year, month, day) = civil_from_days((timestamp.0 / DAY) as u32);
    let millis = (timestamp.0 % DAY) as u32;
    let mut text = Ascii::new();
    text.push(&[decimal(year / 1000), decimal(year / 100)]);
    let mut put = |value: u32, then: u8| text.push(&[decimal(value / 10), decimal(value), then]);
    put(year, b'-');
    put(month, b'-');
    put(day, b'T');
    put(millis / 3_600_000, b':');
    put(millis / 60_000 % 60, b':');
    let fraction = millis % 1000;
    put(millis / 1000 % 60, if fraction == 0 { b'Z' } else { b'.' });
    if fraction != 0 {
        put(fraction / 10, decimal(fraction));
        text.push(b"Z");
    }
    text
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(print(*self).as_str())
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(print(*self).as_str())
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(StrVisitor("a time", Self::parse))
    }
}

impl Param for Timestamp {
    fn parse_param(text: &str) -> Result<Self, Violation> {
        Self::parse(text)
    }
    fn param(&self) -> Cow<'_, str> {
        Cow::Owned(print(*self).as_str().to_owned())
    }
    #[cfg(feature = "schema")]
    fn param_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        generator.subschema_for::<Self>()
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Timestamp {
    fn schema_name() -> Cow<'static, str> {
        "Timestamp".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "format": "date-time",
            "pattern": r"^(19[7-9]|[2-9]\d\d)\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes() {
        for text in
            ["1970-01-01T00:00:00Z", "2024-02-29T23:59:59.999Z", "2026-11-22T12:04:00Z", "9999-12-31T23:59:59.999Z"]
        {
            assert_eq!(Timestamp::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Timestamp::parse("2026-11-22T12:04:00.5Z").unwrap().to_string(), "2026-11-22T12:04:00.500Z");
        assert_eq!(Timestamp::parse("2026-11-22T12:04:00.123456789Z").unwrap().to_string(), "2026-11-22T12:04:00.123Z");
    }

    #[test]
    fn agrees_with_a_calendar_library() {
        // Every 13th day and an odd time of day, over the whole range of that library, whose last instant is two days earlier.
        let mut millis = 0;
        while millis <= jiff::Timestamp::MAX.as_millisecond() {
            let theirs = jiff::Timestamp::from_millisecond(millis).unwrap();
            assert_eq!(Timestamp::parse(&theirs.to_string()).unwrap().millis(), millis);
            assert_eq!(Timestamp::from_millis(millis).to_string().parse::<jiff::Timestamp>().unwrap(), theirs);
            millis += 13 * DAY + 3_723_457;
        }
    }

    #[test]
    fn refuses_everything_else() {
        for text in [
            "",
            "2026-11-22",
            "2026-11-22T12:04:00",
            "2026-11-22 12:04:00Z",
            "2026-11-22t12:04:00z",
            "2026-11-22T12:04:00+00:00",
            "2026-11-22T12:04:00.Z",
            "2026-11-22T12:04:00.1234567890Z",
            "2026-11-22T12:04:00.12x4Z",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-10T00:00:00Z",
            "2026-11-00T00:00:00Z",
            "2026-11-22T24:00:00Z",
            "2026-11-22T12:60:00Z",
            "2016-12-31T23:59:60Z",
            "1969-12-31T23:59:59Z",
            "+026-11-22T12:04:00Z",
            "2026-11-22T12:04:0éZ",
            "2026-11-22T12-04-00Z",
        ] {
            assert!(Timestamp::parse(text).is_err(), "{text}");
        }
    }
}
