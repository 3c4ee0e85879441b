//! Opaque identifiers. None of them says anything about what lies behind the contract.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::ascii::Ascii;
use crate::params::Param;
use crate::problem::{FieldCode, Violation};

/// Crockford's base 32, lower case: no `i`, `l`, `o`, `u`.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// 128 bits are 26 digits of 5 bits; the first digit carries 3.
const DIGITS: usize = 26;

fn malformed() -> Violation {
    FieldCode::Malformed.because("this is not an identifier of the expected kind")
}

fn parse(prefix: &str, text: &str) -> Result<u128, Violation> {
    let digits = text.strip_prefix(prefix).ok_or_else(malformed)?.as_bytes();
    if digits.len() != DIGITS || digits.first().is_none_or(|first| *first > b'7') {
        return Err(malformed());
    }
    // One spelling per id: upper case and look-alikes are refused, not folded.
    let mut value = 0_u128;
    for digit in digits {
        value = (value << 5) | u128::from(five(*digit).ok_or_else(malformed)?);
    }
    Ok(value)
}

/// The five bits of a digit.
const fn five(digit: u8) -> Option<u8> {
    // Without a search: lists have hundreds of digits. The letters skip `i`, `l`, `o` and `u`.
    Some(match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'h' => digit - b'a' + 10,
        b'j' | b'k' => digit - b'a' + 9,
        b'm' | b'n' => digit - b'a' + 8,
        b'p'..=b't' => digit - b'a' + 7,
        b'v'..=b'z' => digit - b'a' + 6,
        _ => return None,
    })
}

fn print(prefix: &str, mut value: u128) -> Ascii<32> {
    let mut digits = [0; DIGITS];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(value & 31) as usize];
        value >>= 5;
    }
    let mut text = Ascii::new();
    text.push(prefix.as_bytes());
    text.push(&digits);
    text
}

pub(crate) struct StrVisitor<T>(pub(crate) &'static str, pub(crate) fn(&str) -> Result<T, Violation>);

impl<T> Visitor<'_> for StrVisitor<T> {
    type Value = T;
    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        (self.1)(text).map_err(E::custom)
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $prefix:literal;)*) => {$(
        $(#[$doc])*
        ///
        #[doc = concat!("On the wire `", $prefix, "` and 26 digits of lower-case Crockford base 32 (128 bits).")]
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(u128);

        impl $name {
            /// What every id of this kind begins with.
            pub const PREFIX: &'static str = $prefix;

            /// An id of these 128 bits, which the caller draws at random or derives by a keyed function.
            #[must_use]
            pub const fn from_bits(bits: u128) -> Self {
                Self(bits)
            }

            /// The 128 bits.
            #[must_use]
            pub const fn bits(self) -> u128 {
                self.0
            }

            /// Reads the one spelling of an id.
            ///
            /// # Errors
            /// [`FieldCode::Malformed`] for anything else.
            pub fn parse(text: &str) -> Result<Self, Violation> {
                parse($prefix, text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(print($prefix, self.0).as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, formatter)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(print($prefix, self.0).as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(StrVisitor("an identifier", Self::parse))
            }
        }

        impl Param for $name {
            fn parse_param(text: &str) -> Result<Self, Violation> {
                Self::parse(text)
            }
            fn param(&self) -> Cow<'_, str> {
                Cow::Owned(print($prefix, self.0).as_str().to_owned())
            }
            #[cfg(feature = "schema")]
            fn param_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                generator.subschema_for::<Self>()
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string",
                    "pattern": concat!("^", $prefix, "[0-7][0-9a-hjkmnp-tv-z]{25}$"),
                })
            }
        }
    )*};
}

ids! {
    /// A customer; the `sub` of the session's JWT.
    CustomerId "cu_";
    /// A ticket.
    TicketId "tk_";
    /// One message of a ticket's thread.
    MessageId "ms_";
    /// A file that belongs to a message.
    AttachmentId "at_";
    /// A file that was uploaded and not yet sent with a message.
    UploadId "up_";
    /// A passkey ceremony, from its options to its end.
    CeremonyId "pk_";
    /// A notice above the forms.
    NoticeId "nt_";
    /// A topic of the new-ticket form.
    TopicId "tp_";
    /// A field of a topic.
    FieldId "fd_";
}

/// What a customer quotes to support: `R-` and two groups of five digits of upper-case Crockford base 32 (50 bits), as in
/// `R-7KQ2M-9XD4T`. It leads to a log line and says nothing else.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reference(u64);

impl Reference {
    /// A reference of the lowest 50 of these bits, which the caller draws at random.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits & ((1 << 50) - 1))
    }

    /// Reads the one spelling of a reference.
    ///
    /// # Errors
    /// [`FieldCode::Malformed`] for anything else.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let bytes = text.as_bytes();
        if bytes.len() != 13 || !text.starts_with("R-") || bytes.get(7) != Some(&b'-') {
            return Err(malformed());
        }
        let digits = bytes.iter().skip(2).enumerate().filter(|(place, _)| *place != 5).map(|(_, digit)| *digit);
        digits
            .into_iter()
            .try_fold(0_u64, |value, digit| {
                let five =
                    ALPHABET.iter().position(|known| known.to_ascii_uppercase() == digit).ok_or_else(malformed)?;
                Ok((value << 5) | five as u64)
            })
            .map(Self)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(13);
        text.push_str("R-");
        for place in (0..10).rev() {
            let five = (self.0 >> (place * 5)) & 31;
            text.push(char::from(ALPHABET[five as usize].to_ascii_uppercase()));
            if place == 5 {
                text.push('-');
            }
        }
        formatter.write_str(&text)
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl Serialize for Reference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(StrVisitor("a reference", Self::parse))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Reference {
    fn schema_name() -> Cow<'static, str> {
        "Reference".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^R-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$" })
    }
}

/// The value of the `Idempotency-Key` header: 16 to 64 characters of `A-Z a-z 0-9 - _`, made when the draft is created and kept
/// through reloads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The header that carries it.
    pub const HEADER: &'static str = "idempotency-key";
    /// Its form, as a regular expression.
    pub const PATTERN: &'static str = "^[A-Za-z0-9_-]{16,64}$";

    /// Reads a key.
    ///
    /// # Errors
    /// [`FieldCode::Required`], [`FieldCode::TooShort`], [`FieldCode::TooLong`] or [`FieldCode::Malformed`].
    pub fn parse(text: &str) -> Result<Self, Violation> {
        if text.is_empty() {
            return Err(FieldCode::Required.into());
        }
        if text.len() > 64 {
            return Err(FieldCode::TooLong.at_most(64));
        }
        if text.len() < 16 {
            return Err(FieldCode::TooShort.at_least(16));
        }
        if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
            Ok(Self(text.to_owned()))
        } else {
            Err(malformed())
        }
    }

    /// The key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_one_spelling() {
        for bits in [0, 1, 31, 32, u128::MAX, 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef] {
            let id = TicketId::from_bits(bits);
            assert_eq!(TicketId::parse(&id.to_string()), Ok(id));
        }
        let good = TicketId::from_bits(77).to_string();
        for bad in [
            String::new(),
            "0".into(),
            "-1".into(),
            "3abc".into(),
            good.to_uppercase(),
            good.replace("tk_", "ms_"),
            format!("{good}0"),
            format!(" {good}"),
            good.replace('0', "o"),
            good.replace("tk_0", "tk_8"),
            good.replace('0', "\u{0660}"),
        ] {
            assert!(TicketId::parse(&bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn references_have_one_spelling() {
        for bits in [0, 1, (1 << 50) - 1, 0x2_3456_789a_bcde] {
            let reference = Reference::from_bits(bits);
            assert_eq!(Reference::parse(&reference.to_string()), Ok(reference));
        }
        for bad in
            ["", "R-00000-0000", "R-0000000000", "r-00000-00000", "R-OOOOO-00000", "R-00000-00000 ", "R-é000-00000"]
        {
            assert!(Reference::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn idempotency_keys_are_bounded() {
        assert!(IdempotencyKey::parse("0123456789abcdef").is_ok());
        for bad in ["", "short", &"a".repeat(65), "0123456789abcde\n", "0123456789 abcdef"] {
            assert!(IdempotencyKey::parse(bad).is_err(), "{bad:?}");
        }
    }
}
