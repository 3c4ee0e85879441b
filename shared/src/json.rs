//! Strict JSON in, plain JSON out.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::problem::{FieldCode, FieldError, Violation};

/// How deep objects and lists may be nested in any body.
pub const MAX_DEPTH: usize = 32;

/// A body that does not decode. It names the field and the rule, never the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// The field and why it was refused.
    pub field: FieldError,
}

impl DecodeError {
    pub(crate) fn whole(violation: impl Into<Violation>) -> Self {
        Self { field: FieldError::new("", &violation.into()) }
    }

    pub(crate) fn at(path: &str, error: &serde_json::Error) -> Self {
        // What serde_json appends about line and column is of no use to a form.
        let text = error.to_string();
        let text = text.split(" at line ").next().unwrap_or_default();
        let (field, code, message) = if let Some((code, message)) = Violation::split(text) {
            (path.to_owned(), code, message.to_owned())
        } else if let Some(name) = quoted(text, "missing field ") {
            (joined(path, name), FieldCode::Required, Violation::from(FieldCode::Required).message())
        } else if let Some(name) = quoted(text, "duplicate field ") {
            (joined(path, name), FieldCode::Duplicate, Violation::from(FieldCode::Duplicate).message())
        } else if let Some(name) = quoted(text, "unknown field ") {
            let parent = path.strip_suffix(name).map_or(path, |parent| parent.trim_end_matches('.'));
            (joined(parent, name), FieldCode::Unknown, Violation::from(FieldCode::Unknown).message())
        } else if text.starts_with("unknown variant ") {
            (path.to_owned(), FieldCode::NotAllowed, Violation::from(FieldCode::NotAllowed).message())
        } else {
            (path.to_owned(), FieldCode::Malformed, Violation::from(FieldCode::Malformed).message())
        };
        let fit = |text: &str| crate::Line::fitted(text).unwrap_or_default();
        let field = if field == "." { String::new() } else { field };
        let message = crate::Line::fitted(&message).unwrap_or_default();
        Self { field: FieldError { field: fit(&field), code, message } }
    }
}

fn quoted<'a>(text: &'a str, before: &str) -> Option<&'a str> {
    text.strip_prefix(before)?.strip_prefix('`')?.split('`').next()
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() || path == "." { name.to_owned() } else { [path, ".", name].concat() }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.field.field.is_empty() { "the body" } else { &self.field.field })?;
        formatter.write_str(": ")?;
        formatter.write_str(&self.field.message)
    }
}

impl std::error::Error for DecodeError {}

/// A decoded body, and whether it carried fields that its type does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded<T> {
    /// The value.
    pub value: T,
    /// Something was dropped on the way: whoever forwards the body must encode the value anew.
    pub had_unknown: bool,
}

/// Refuses a body that is nested deeper than [`MAX_DEPTH`], in one pass over the bytes and before anything is built from them.
///
/// # Errors
/// [`FieldCode::Malformed`].
pub fn check_shape(bytes: &[u8]) -> Result<(), DecodeError> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in bytes {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(DecodeError::whole(FieldCode::Malformed.because("the body is nested too deeply")));
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

pub(crate) fn decode_strictly<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeError> {
    check_shape(bytes)?;
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer)
        .map_err(|error| DecodeError::at(&error.path().to_string(), error.inner()))?;
    deserializer.end().map_err(|error| DecodeError::at("", &error))?;
    Ok(value)
}

pub(crate) fn decode_plainly<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeError> {
    // UTF-8 is checked once for the whole body: by the parser it would be for each string.
    let text = str::from_utf8(bytes).map_err(|_| DecodeError::whole(FieldCode::Malformed))?;
    serde_json::from_str(text).map_err(|error| {
        if cfg!(feature = "reasons") { DecodeError::at("", &error) } else { DecodeError::whole(FieldCode::Malformed) }
    })
}

pub(crate) fn decode_noting_unknown<T: DeserializeOwned>(bytes: &[u8]) -> Result<Decoded<T>, DecodeError> {
    check_shape(bytes)?;
    let mut had_unknown = false;
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_ignored::deserialize(&mut deserializer, |_| had_unknown = true)
        .map_err(|error| DecodeError::at("", &error))?;
    deserializer.end().map_err(|error| DecodeError::at("", &error))?;
    Ok(Decoded { value, had_unknown })
}

/// Writes a value as JSON. Our types have string keys and finite numbers only, so this cannot fail; should it ever, the answer is
/// empty and the other end refuses it.
pub(crate) fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

/// A JSON object that passes through as it is, at most 16 KiB: what WebAuthn's own JSON forms are made of. The browser and Raptor's
/// WebAuthn library are its two ends; nobody between them looks inside.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct OpaqueObject(Box<RawValue>);

impl OpaqueObject {
    /// Largest size in bytes.
    pub const MAX_BYTES: usize = 16 * 1024;

    /// Checks that `json` is one JSON object within the bound.
    ///
    /// # Errors
    /// [`FieldCode::TooLong`] or [`FieldCode::Malformed`].
    pub fn parse(json: &str) -> Result<Self, Violation> {
        let raw: Box<RawValue> = serde_json::from_str(json).map_err(|_| Violation::from(FieldCode::Malformed))?;
        Self::checked(raw)
    }

    fn checked(raw: Box<RawValue>) -> Result<Self, Violation> {
        if raw.get().len() > Self::MAX_BYTES {
            Err(FieldCode::TooLong.at_most(Self::MAX_BYTES))
        } else if raw.get().starts_with('{') {
            Ok(Self(raw))
        } else {
            Err(FieldCode::Malformed.because("this is not a JSON object"))
        }
    }

    /// The JSON text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.get()
    }
}

impl PartialEq for OpaqueObject {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for OpaqueObject {}

impl<'de> Deserialize<'de> for OpaqueObject {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::checked(Box::<RawValue>::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for OpaqueObject {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "OpaqueObject".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "object", "additionalProperties": true })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Form {
        subject: crate::Line<1, 5>,
        #[serde(default)]
        inner: Option<Inner>,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        values: crate::List<crate::Line<1, 3>, 2>,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Answer {
        a: u8,
        inner: OpaqueObject,
    }

    fn refusal(json: &str) -> (String, FieldCode) {
        let error = decode_strictly::<Form>(json.as_bytes()).unwrap_err();
        (error.field.field.to_string(), error.field.code)
    }

    #[test]
    fn names_the_field_and_the_rule() {
        assert_eq!(refusal("{}"), ("subject".into(), FieldCode::Required));
        assert_eq!(refusal(r#"{"subject":""}"#), ("subject".into(), FieldCode::Required));
        assert_eq!(refusal(r#"{"subject":"abcdef"}"#), ("subject".into(), FieldCode::TooLong));
        assert_eq!(refusal(r#"{"subject":"a","extra":1}"#), ("extra".into(), FieldCode::Unknown));
        assert_eq!(refusal(r#"{"subject":"a","subject":"b"}"#), ("subject".into(), FieldCode::Duplicate));
        assert_eq!(refusal(r#"{"subject":7}"#), ("subject".into(), FieldCode::Malformed));
        assert_eq!(
            refusal(r#"{"subject":"a","inner":{"values":["a","b","c"]}}"#),
            ("inner.values".into(), FieldCode::TooMany)
        );
        assert_eq!(
            refusal(r#"{"subject":"a","inner":{"values":["abcd"]}}"#),
            ("inner.values[0]".into(), FieldCode::TooLong)
        );
        assert_eq!(refusal(r#"{"subject":"a","inner":{"values":[],"x":1}}"#), ("inner.x".into(), FieldCode::Unknown));
        assert_eq!(refusal(r#"{"subject":"a"} x"#).1, FieldCode::Malformed);
        assert_eq!(refusal("{").1, FieldCode::Malformed);
        assert_eq!(refusal("").1, FieldCode::Malformed);
        assert_eq!(refusal("\u{feff}{}").1, FieldCode::Malformed);
    }

    #[test]
    fn bounds_the_depth() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(check_shape(nested(MAX_DEPTH).as_bytes()).is_ok());
        assert!(check_shape(nested(MAX_DEPTH + 1).as_bytes()).is_err());
        assert!(check_shape(br#"["[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"[["]"#).is_ok());
    }

    #[test]
    fn notes_what_it_does_not_know() {
        let decode = |json: &str| decode_noting_unknown::<Answer>(json.as_bytes()).unwrap();
        assert!(!decode(r#"{"a":1,"inner":{"x":[1,2]}}"#).had_unknown);
        let noted = decode(r#"{"a":1,"inner":{},"note":"secret"}"#);
        assert!(noted.had_unknown);
        assert_eq!(encode(&noted.value), br#"{"a":1,"inner":{}}"#);
    }

    #[test]
    fn opaque_objects_are_objects() {
        assert!(
            OpaqueObject::parse(r#"{"a":{"b":[1.50]}}"#).is_ok_and(|object| object.as_str() == r#"{"a":{"b":[1.50]}}"#)
        );
        for bad in ["[]", "1", "\"{}\"", "{", ""] {
            assert!(OpaqueObject::parse(bad).is_err(), "{bad}");
        }
        assert!(OpaqueObject::parse(&format!("{{\"a\":\"{}\"}}", "x".repeat(OpaqueObject::MAX_BYTES))).is_err());
    }
}
