//! Instants on the wire.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

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
    let number = |from: usize, to: usize| {
        text.get(from..to)?
            .iter()
            .try_fold(0_i64, |value, digit| digit.is_ascii_digit().then(|| value * 10 + i64::from(digit - b'0')))
    };
    let is = |place: usize, byte: u8| text.get(place) == Some(&byte);
    if !(is(4, b'-') && is(7, b'-') && is(10, b'T') && is(13, b':') && is(16, b':') && text.last() == Some(&b'Z')) {
        return None;
    }
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let fraction = match text.len() {
        20 => 0,
        length @ 22..=30 if is(19, b'.') => {
            number(20, length - 1)?;
            let digit = |place: usize| if place < length - 1 { number(place, place + 1) } else { Some(0) };
            digit(20)? * 100 + digit(21)? * 10 + digit(22)?
        }
        _ => return None,
    };
    if year < 1970 || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let days = days_from_civil(year, month, day);
    // The round trip refuses days that do not exist, such as 30 February or month 13.
    if civil_from_days(days) != (year, month, day) {
        return None;
    }
    Some(Timestamp(days * DAY + ((hour * 60 + minute) * 60 + second) * 1000 + fraction))
}

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar. Years are counted from March, so that the leap day is last.
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The other way round: year, month 1 to 12, day 1 to 31.
const fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + if month <= 2 { 1 } else { 0 }, month, day)
}

fn print(timestamp: Timestamp) -> String {
    let (year, month, day) = civil_from_days(timestamp.0 / DAY);
    let millis = timestamp.0 % DAY;
    let mut text = String::with_capacity(24);
    let mut put = |value: i64, width: u32, then: char| {
        for place in (0..width).rev() {
            let digit = (value / 10_i64.pow(place)) % 10;
            text.push(char::from(b'0' + digit as u8));
        }
        text.push(then);
    };
    put(year, 4, '-');
    put(month, 2, '-');
    put(day, 2, 'T');
    put(millis / 3_600_000, 2, ':');
    put(millis / 60_000 % 60, 2, ':');
    let fraction = millis % 1000;
    if fraction == 0 {
        put(millis / 1000 % 60, 2, 'Z');
    } else {
        put(millis / 1000 % 60, 2, '.');
        put(fraction, 3, 'Z');
    }
    text
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&print(*self))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&print(*self))
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
        Cow::Owned(print(*self))
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
