//! Path and query parameters, read and written by the same types at both ends.

use std::borrow::Cow;

use crate::problem::{FieldCode, FieldError, Violation};

/// A value that stands in a path segment or in a query.
pub trait Param: Sized {
    /// Reads the decoded text.
    ///
    /// # Errors
    /// The bound that it breaks.
    fn parse_param(text: &str) -> Result<Self, Violation>;

    /// The text, not yet percent-encoded.
    fn param(&self) -> Cow<'_, str>;

    /// Its JSON Schema.
    #[cfg(feature = "schema")]
    fn param_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema;
}

/// The parameters of a route's path, in the order in which they stand there.
pub trait PathParams: Sized {
    /// Their names, as in the path template.
    const NAMES: &'static [&'static str];

    /// Reads percent-decoded segments, one for each of [`Self::NAMES`].
    ///
    /// # Errors
    /// The parameter that is wrong. To a customer, a malformed id and one that does not exist are the same 404.
    fn parse(segments: &[&str]) -> Result<Self, FieldError>;

    /// The segments, not yet percent-encoded.
    fn segments(&self) -> Vec<String>;

    /// Schema of each parameter.
    #[cfg(feature = "schema")]
    fn schemas(generator: &mut schemars::SchemaGenerator) -> Vec<(&'static str, schemars::Schema)>;
}

/// The parameters of a route's query. Each may stand there once; an unknown one is refused.
pub trait QueryParams: Sized {
    /// Their names.
    const NAMES: &'static [&'static str];

    /// Reads percent-decoded pairs.
    ///
    /// # Errors
    /// The first parameter that is wrong, unknown, or there twice.
    fn parse(pairs: &[(String, String)]) -> Result<Self, FieldError>;

    /// Writes the parameters that are set.
    fn write(&self, writer: &mut QueryWriter);

    /// Name, whether it is required, and schema of each parameter.
    #[cfg(feature = "schema")]
    fn schemas(generator: &mut schemars::SchemaGenerator) -> Vec<(&'static str, bool, schemars::Schema)>;
}

impl PathParams for () {
    const NAMES: &'static [&'static str] = &[];
    fn parse(_: &[&str]) -> Result<Self, FieldError> {
        Ok(())
    }
    fn segments(&self) -> Vec<String> {
        Vec::new()
    }
    #[cfg(feature = "schema")]
    fn schemas(_: &mut schemars::SchemaGenerator) -> Vec<(&'static str, schemars::Schema)> {
        Vec::new()
    }
}

impl QueryParams for () {
    const NAMES: &'static [&'static str] = &[];
    fn parse(pairs: &[(String, String)]) -> Result<Self, FieldError> {
        refuse_strangers(&[], pairs)
    }
    fn write(&self, _: &mut QueryWriter) {}
    #[cfg(feature = "schema")]
    fn schemas(_: &mut schemars::SchemaGenerator) -> Vec<(&'static str, bool, schemars::Schema)> {
        Vec::new()
    }
}

/// Refuses a name that is not among `names`, and one that stands there twice.
pub(crate) fn refuse_strangers(names: &[&str], pairs: &[(String, String)]) -> Result<(), FieldError> {
    for (place, (name, _)) in pairs.iter().enumerate() {
        if !names.contains(&name.as_str()) {
            return Err(FieldError::new(name, &FieldCode::Unknown.into()));
        }
        if pairs.iter().take(place).any(|(earlier, _)| earlier == name) {
            return Err(FieldError::new(name, &FieldCode::Duplicate.into()));
        }
    }
    Ok(())
}

/// Reads one parameter of a query, when it is there.
pub(crate) fn read<T: Param>(name: &str, pairs: &[(String, String)]) -> Result<Option<T>, FieldError> {
    match pairs.iter().find(|(key, _)| key == name) {
        None => Ok(None),
        Some((_, value)) => T::parse_param(value).map(Some).map_err(|violation| FieldError::new(name, &violation)),
    }
}

/// Builds a query string.
#[derive(Default, Debug)]
pub struct QueryWriter(String);

impl QueryWriter {
    /// Adds a parameter.
    pub fn put(&mut self, name: &str, value: &str) {
        self.0.push(if self.0.is_empty() { '?' } else { '&' });
        self.0.push_str(&percent_encode(name));
        self.0.push('=');
        self.0.push_str(&percent_encode(value));
    }

    /// The query with its question mark, or nothing when there is no parameter.
    #[must_use]
    pub fn finish(self) -> String {
        self.0
    }
}

/// Percent-encodes everything but RFC 3986's unreserved characters.
#[must_use]
pub fn percent_encode(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    out
}

/// Percent-decodes a path segment or a part of a query; `plus_is_space` as in a query. `None` for a broken escape or bytes that are
/// not UTF-8: nothing is guessed.
#[must_use]
pub fn percent_decode(text: &str, plus_is_space: bool) -> Option<String> {
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => {
                let mut nibble = || char::from(bytes.next()?).to_digit(16);
                let (high, low) = (nibble()?, nibble()?);
                out.push((high << 4 | low) as u8);
            }
            b'+' if plus_is_space => out.push(b' '),
            _ => out.push(byte),
        }
    }
    String::from_utf8(out).ok()
}

/// Splits a query string (without its question mark) into decoded pairs. At most 16 pairs and 4,096 bytes.
///
/// # Errors
/// [`FieldCode::TooLong`], [`FieldCode::TooMany`], or [`FieldCode::Malformed`] for a broken escape.
pub fn query_pairs(query: &str) -> Result<Vec<(String, String)>, Violation> {
    if query.len() > 4096 {
        return Err(FieldCode::TooLong.at_most(4096));
    }
    let mut pairs = Vec::new();
    for part in query.split('&').filter(|part| !part.is_empty()) {
        if pairs.len() == 16 {
            return Err(FieldCode::TooMany.at_most(16));
        }
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        match (percent_decode(name, true), percent_decode(value, true)) {
            (Some(name), Some(value)) => pairs.push((name, value)),
            _ => return Err(FieldCode::Malformed.because("the query has a broken escape")),
        }
    }
    Ok(pairs)
}

/// Declares the parameters of a path.
macro_rules! path_params {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name { $($(#[$field_doc])* pub $field: $kind,)* }

        impl $crate::params::PathParams for $name {
            const NAMES: &'static [&'static str] = &[$(stringify!($field)),*];

            fn parse(segments: &[&str]) -> Result<Self, $crate::FieldError> {
                let mut segments = segments.iter();
                Ok(Self { $($field: {
                    let text = segments.next().copied().unwrap_or_default();
                    <$kind as $crate::params::Param>::parse_param(text)
                        .map_err(|violation| $crate::FieldError::new(stringify!($field), &violation))?
                },)* })
            }

            fn segments(&self) -> Vec<String> {
                vec![$($crate::params::Param::param(&self.$field).into_owned()),*]
            }

            #[cfg(feature = "schema")]
            fn schemas(generator: &mut schemars::SchemaGenerator) -> Vec<(&'static str, schemars::Schema)> {
                vec![$((stringify!($field), <$kind as $crate::params::Param>::param_schema(generator))),*]
            }
        }
    };
}

/// Declares the parameters of a query: required ones first, then optional ones.
macro_rules! query_params {
    ($(#[$doc:meta])* $name:ident {
        $(required { $($(#[$need_doc:meta])* $need:ident: $need_kind:ty,)* })?
        $(optional { $($(#[$may_doc:meta])* $may:ident: $may_kind:ty,)* })?
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            $($($(#[$need_doc])* pub $need: $need_kind,)*)?
            $($($(#[$may_doc])* pub $may: Option<$may_kind>,)*)?
        }

        impl $crate::params::QueryParams for $name {
            const NAMES: &'static [&'static str] = &[$($(stringify!($need),)*)? $($(stringify!($may),)*)?];

            fn parse(pairs: &[(String, String)]) -> Result<Self, $crate::FieldError> {
                $crate::params::refuse_strangers(Self::NAMES, pairs)?;
                Ok(Self {
                    $($($need: $crate::params::read(stringify!($need), pairs)?
                        .ok_or_else(|| $crate::FieldError::new(stringify!($need), &$crate::FieldCode::Required.into()))?,)*)?
                    $($($may: $crate::params::read(stringify!($may), pairs)?,)*)?
                })
            }

            fn write(&self, writer: &mut $crate::QueryWriter) {
                $($(writer.put(stringify!($need), &$crate::params::Param::param(&self.$need));)*)?
                $($(if let Some(value) = &self.$may {
                    writer.put(stringify!($may), &$crate::params::Param::param(value));
                })*)?
            }

            #[cfg(feature = "schema")]
            fn schemas(generator: &mut schemars::SchemaGenerator) -> Vec<(&'static str, bool, schemars::Schema)> {
                vec![
                    $($((stringify!($need), true, <$need_kind as $crate::params::Param>::param_schema(generator)),)*)?
                    $($((stringify!($may), false, <$may_kind as $crate::params::Param>::param_schema(generator)),)*)?
                ]
            }
        }
    };
}

pub(crate) use {path_params, query_params};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_and_decodes() {
        for text in ["", "plain", "a b&c=d/e?f#g", "ümlaut 100%", "\u{1f99d}", "a+b"] {
            assert_eq!(percent_decode(&percent_encode(text), true).as_deref(), Some(text));
        }
        for broken in ["%", "%4", "%zz", "%ff", "%c3%28"] {
            assert_eq!(percent_decode(broken, false), None, "{broken}");
        }
    }

    #[test]
    fn splits_queries_within_bounds() {
        assert_eq!(query_pairs("a=1&b=x+y&&c").unwrap().len(), 3);
        assert!(query_pairs(&"a".repeat(4097)).is_err());
        assert!(query_pairs(&"a=1&".repeat(17)).is_err());
        assert!(query_pairs("a=%zz").is_err());
    }
}
