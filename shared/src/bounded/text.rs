//! Bounded strings.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer, Error as _, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::problem::{FieldCode, Violation};

/// Text of several lines, `MIN` to `MAX` Unicode scalar values long.
///
/// Control characters other than line feed and tab are refused. Carriage returns are refused too: whoever reads a form turns
/// `\r\n` into `\n` first, so that one text has one spelling.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text<const MIN: usize, const MAX: usize>(String);

/// Text of one line, `MIN` to `MAX` Unicode scalar values long, without any control character.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Line<const MIN: usize, const MAX: usize>(String);

fn check(text: &str, min: usize, max: usize, several_lines: bool) -> Result<(), Violation> {
    // A scalar value is one byte at least, so this bounds the counting below.
    if text.len() > max.saturating_mul(4) {
        return Err(FieldCode::TooLong.at_most(max));
    }
    let mut length = text.len();
    // Most text is plain. All of it is looked at, without an early end, so that it is looked at many bytes at a time.
    if !text.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~')) {
        length = 0;
        for character in text.chars() {
            length += 1;
            if character.is_control() && !(several_lines && matches!(character, '\n' | '\t')) {
                return Err(FieldCode::Malformed.because("a control character is not allowed here"));
            }
        }
    }
    if length > max {
        return Err(FieldCode::TooLong.at_most(max));
    }
    if length < min {
        return Err(if min == 1 { FieldCode::Required.into() } else { FieldCode::TooShort.at_least(min) });
    }
    Ok(())
}

macro_rules! bounded_string {
    ($name:ident, $several_lines:literal) => {
        impl<const MIN: usize, const MAX: usize> $name<MIN, MAX> {
            /// Smallest length, in Unicode scalar values.
            pub const MIN: usize = MIN;
            /// Largest length, in Unicode scalar values.
            pub const MAX: usize = MAX;

            /// Checks `text` and keeps it.
            ///
            /// # Errors
            /// [`FieldCode::Required`], [`FieldCode::TooShort`], [`FieldCode::TooLong`], or [`FieldCode::Malformed`] for a
            /// control character.
            pub fn new(text: impl Into<String>) -> Result<Self, Violation> {
                let text = text.into();
                check(&text, MIN, MAX, $several_lines)?;
                Ok(Self(text))
            }

            /// The longest beginning of `text` that fits, with control characters replaced by spaces. For text that comes from
            /// elsewhere and is only shown; `None` when fewer than `MIN` characters remain.
            #[must_use]
            pub fn fitted(text: &str) -> Option<Self> {
                let kept: String = text
                    .chars()
                    .map(|c| if c.is_control() && !($several_lines && matches!(c, '\n' | '\t')) { ' ' } else { c })
                    .take(MAX)
                    .collect();
                Self::new(kept).ok()
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text, owned.
            #[must_use]
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl<const MIN: usize, const MAX: usize> Deref for $name<MIN, MAX> {
            type Target = str;
            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl<const MIN: usize, const MAX: usize> fmt::Display for $name<MIN, MAX> {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl<const MIN: usize, const MAX: usize> TryFrom<&str> for $name<MIN, MAX> {
            type Error = Violation;
            fn try_from(text: &str) -> Result<Self, Violation> {
                Self::new(text)
            }
        }

        impl<const MIN: usize, const MAX: usize> Serialize for $name<MIN, MAX> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de, const MIN: usize, const MAX: usize> Deserialize<'de> for $name<MIN, MAX> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = deserializer.deserialize_string(StringVisitor)?;
                Self::new(text).map_err(D::Error::custom)
            }
        }

        #[cfg(feature = "schema")]
        impl<const MIN: usize, const MAX: usize> schemars::JsonSchema for $name<MIN, MAX> {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                format!("{}_{MIN}_{MAX}", stringify!($name)).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let pattern = if $several_lines {
                    r"^[^\u0000-\u0008\u000B-\u001F\u007F-\u009F]*$"
                } else {
                    r"^[^\u0000-\u001F\u007F-\u009F]*$"
                };
                schemars::json_schema!({ "type": "string", "minLength": MIN, "maxLength": MAX, "pattern": pattern })
            }
        }
    };
}

bounded_string!(Text, true);
bounded_string!(Line, false);

/// One visitor for all bounded strings: one copy of the code, whatever the bounds.
struct StringVisitor;

impl Visitor<'_> for StringVisitor {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }
    fn visit_str<E>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }
    fn visit_string<E>(self, text: String) -> Result<String, E> {
        Ok(text)
    }
}

impl<const MIN: usize, const MAX: usize> crate::params::Param for Line<MIN, MAX> {
    fn parse_param(text: &str) -> Result<Self, Violation> {
        Self::new(text)
    }
    fn param(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
    #[cfg(feature = "schema")]
    fn param_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        generator.subschema_for::<Self>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_scalar_values_and_not_bytes() {
        assert!(Line::<1, 3>::new("äöü").is_ok());
        assert_eq!(Line::<1, 3>::new("äöüß").unwrap_err().code, FieldCode::TooLong);
        assert_eq!(Line::<1, 3>::new("").unwrap_err().code, FieldCode::Required);
        assert_eq!(Line::<2, 3>::new("a").unwrap_err().code, FieldCode::TooShort);
    }

    #[test]
    fn refuses_control_characters() {
        for hostile in ["a\0b", "a\rb", "a\u{1b}[0m", "a\u{85}b"] {
            assert_eq!(Text::<0, 20>::new(hostile).unwrap_err().code, FieldCode::Malformed, "{hostile:?}");
        }
        assert!(Text::<0, 20>::new("one\n\ttwo").is_ok());
        assert_eq!(Line::<0, 20>::new("one\ntwo").unwrap_err().code, FieldCode::Malformed);
    }

    #[test]
    fn fits_foreign_text() {
        assert_eq!(Line::<1, 5>::fitted("ab\ncdefg").unwrap().as_str(), "ab cd");
        assert_eq!(Line::<1, 5>::fitted(""), None);
    }

    #[test]
    fn decodes_with_the_bound() {
        assert!(serde_json::from_str::<Line<1, 2>>("\"ab\"").is_ok());
        let error = serde_json::from_str::<Line<1, 2>>("\"abc\"").unwrap_err().to_string();
        assert!(error.starts_with("too_long: "), "{error}");
        assert!(serde_json::from_str::<Line<1, 2>>("3").is_err());
    }
}
