//! Request bodies as the vendor reads them: JSON when it is JSON, nothing when it is not, and no type is ever checked.

use super::{errors::ApiError, php};
use crate::desk::{Desk, NewAttachment, NewCustomer};
use crate::faults;
use axum::body::Bytes;
use base64::{
    Engine as _,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde::{Deserialize, de};
use serde_json::{Map, Value};
use std::fmt;

/// The keys of a JSON object in the order in which they were sent.
#[derive(Debug, Default)]
pub(crate) struct Input(Vec<(String, Value)>);

impl Input {
    /// Malformed JSON is not noticed: it looks like missing parameters.
    pub(crate) fn parse(body: &Bytes) -> Self {
        serde_json::from_slice(body).unwrap_or_default()
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.get(name).and_then(php::text)
    }

    /// # Errors
    /// 400 when the key is not there. An empty value passes.
    pub(crate) fn required(&self, name: &'static str) -> Result<&Value, ApiError> {
        self.get(name).ok_or_else(|| ApiError::required(name))
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// Addresses in a list of strings.
    pub(crate) fn addresses(&self, name: &str) -> Vec<String> {
        addresses(self.get(name))
    }
}

impl<'de> Deserialize<'de> for Input {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> de::Visitor<'de> for InOrder {
            type Value = Input;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a JSON object")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Input, A::Error> {
                let mut entries: Vec<(String, Value)> = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, Value>()? {
                    // PHP keeps the place of the first and the value of the last.
                    match entries.iter_mut().find(|(own, _)| *own == key) {
                        Some((_, own)) => *own = value,
                        None => entries.push((key, value)),
                    }
                }
                Ok(Input(entries))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

fn addresses(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(items)) => items.iter().filter_map(php::text).filter(|text| !text.is_empty()).collect(),
        Some(Value::String(text)) if !text.is_empty() => vec![text.clone()],
        _ => Vec::new(),
    }
}

/// An id wherever PHP takes one: a number or a string that starts like one; of an object, its `id`.
pub(crate) fn person_id(value: Option<&Value>) -> u64 {
    match value {
        Some(Value::Object(person)) => person.get("id").and_then(php::text).map_or(0, |text| php::id(&text)),
        Some(other) => php::text(other).map_or(0, |text| php::id(&text)),
        None => 0,
    }
}

/// The customer that a request names, as a new one in case that it does not exist yet.
pub(crate) fn customer(value: &Value) -> NewCustomer {
    let Value::Object(person) = value else { return NewCustomer::default() };
    customer_from(|name| person.get(name))
}

/// The fields of a customer, from wherever they come.
pub(crate) fn customer_from<'a>(get: impl Fn(&str) -> Option<&'a Value>) -> NewCustomer {
    let text = |name: &str| get(name).and_then(php::text);
    let values = |name: &str, single: &str| {
        let mut values: Vec<String> = match get(name) {
            Some(Value::Array(items)) => items
                .iter()
                .filter_map(|item| match item {
                    Value::Object(item) => item.get("value").and_then(php::text),
                    other => php::text(other),
                })
                .collect(),
            _ => Vec::new(),
        };
        values.extend(text(single));
        values.retain(|value| !value.is_empty());
        values
    };
    NewCustomer {
        emails: values("emails", "email"),
        phones: values("phones", "phone"),
        first_name: text("firstName").unwrap_or_default(),
        last_name: text("lastName").unwrap_or_default(),
        company: text("company"),
        job_title: text("jobTitle"),
        notes: text("notes"),
        ..NewCustomer::default()
    }
}

/// The files that the help desk keeps. One without name, type or readable data is dropped, and nobody is told.
pub(crate) fn attachments(desk: &Desk, value: Option<&Value>) -> Vec<NewAttachment> {
    let Some(Value::Array(items)) = value else { return Vec::new() };
    if faults::loses_files() {
        return Vec::new();
    }
    items.iter().filter_map(|item| item.as_object().and_then(|item| attachment(desk, item))).collect()
}

fn attachment(desk: &Desk, item: &Map<String, Value>) -> Option<NewAttachment> {
    let text = |name| item.get(name).and_then(php::text).filter(|text| !text.is_empty());
    if text("fileUrl").is_some() {
        // The real one would fetch it. The double only tells the test that somebody tried.
        desk.counters.file_url_attempt();
    }
    let (file_name, mime_type, data) = (text("fileName")?, text("mimeType")?, text("data")?);
    let bytes = decode_base64(&data)?;
    Some(NewAttachment { file_name, mime_type, bytes })
}

/// PHP's lenient decoder passes over characters outside the alphabet; what gives no byte at all is dropped.
fn decode_base64(data: &str) -> Option<Vec<u8>> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true),
    );
    let is_in_alphabet = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let data: Vec<u8> = data.bytes().filter(is_in_alphabet).collect();
    LENIENT.decode(data).ok().filter(|bytes| !bytes.is_empty())
}
