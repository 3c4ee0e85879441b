//! Types with a closed set of values, each of which is a word on the wire.

use std::fmt;

use serde::Deserializer;
use serde::de::{Error, Visitor};

/// Declares a closed set of values, each a JSON string.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $word)] $variant,)* }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The value as it stands on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                const WORDS: &[&str] = &[$($word),*];
                let place = $crate::words::place(deserializer, WORDS)?;
                Self::ALL.get(place).copied().ok_or_else(|| serde::de::Error::unknown_variant("", WORDS))
            }
        }
    };
}

/// The same, as a parameter too.
macro_rules! word_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $crate::words::words! { $(#[$doc])* $name { $($(#[$variant_doc])* $variant = $word,)* } }

        impl $crate::params::Param for $name {
            fn parse_param(text: &str) -> Result<Self, $crate::Violation> {
                match text {
                    $($word => Ok(Self::$variant),)*
                    _ => Err($crate::FieldCode::NotAllowed.into()),
                }
            }
            fn param(&self) -> std::borrow::Cow<'_, str> {
                std::borrow::Cow::Borrowed(self.as_str())
            }
            #[cfg(feature = "schema")]
            fn param_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                generator.subschema_for::<Self>()
            }
        }
    };
}

pub(crate) use {word_enum, words};

/// Which of some words it is that is read. What derives for an enum is a kilobyte of the portal for each; this is there once.
pub(crate) fn place<'de, D: Deserializer<'de>>(
    deserializer: D,
    words: &'static [&'static str],
) -> Result<usize, D::Error> {
    deserializer.deserialize_str(Place(words))
}

struct Place(&'static [&'static str]);

impl Visitor<'_> for Place {
    type Value = usize;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("one of some words")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<usize, E> {
        self.0.iter().position(|word| *word == text).ok_or_else(|| E::unknown_variant(text, self.0))
    }
}

#[cfg(test)]
mod tests {
    use crate::{FieldCode, ProblemCode};

    #[test]
    fn a_word_is_read_as_it_is_written_and_nothing_else_is() {
        for code in ProblemCode::ALL {
            let written = serde_json::to_string(code).unwrap();
            assert_eq!(written, format!("\"{}\"", code.as_str()));
            assert_eq!(serde_json::from_str::<ProblemCode>(&written).unwrap(), *code);
        }
        for code in FieldCode::ALL {
            assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{}\"", code.as_str()));
        }
        for wrong in ["\"\"", "\"Internal\"", "\"internal \"", "0", "null", "{\"internal\":null}", "[\"internal\"]"] {
            assert!(serde_json::from_str::<ProblemCode>(wrong).is_err(), "{wrong}");
        }
        let escaped: FieldCode = serde_json::from_str(r#""\u0072equired""#).unwrap();
        assert_eq!(escaped, FieldCode::Required);
    }
}
