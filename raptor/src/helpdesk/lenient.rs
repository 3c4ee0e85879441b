//! Reading fields that are sometimes missing, null, of another type, or an empty list where an object was meant. The help desk is
//! written in a language that does not care; an odd field must not cost a customer the whole conversation.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer};
use serde_json::value::RawValue;
use shared::Timestamp;

/// The object `T`, or its default when the field holds anything else. A list is no object, although serde would take one.
pub(super) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned + Default,
{
    let raw = <Box<RawValue>>::deserialize(deserializer)?;
    if !raw.get().starts_with('{') {
        return Ok(T::default());
    }
    Ok(serde_json::from_str(raw.get()).unwrap_or_default())
}

/// The items of a list, each still unread; nothing when it is no list. An object's values count as items: an array with gaps comes
/// as an object.
pub(super) fn items<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Box<RawValue>>, D::Error> {
    let raw = <Box<RawValue>>::deserialize(deserializer)?;
    if let Ok(list) = serde_json::from_str(raw.get()) {
        return Ok(list);
    }
    let object: BTreeMap<String, Box<RawValue>> = serde_json::from_str(raw.get()).unwrap_or_default();
    let mut values: Vec<_> = object.into_iter().collect();
    values.sort_by_key(|(key, _)| key.parse::<u64>().unwrap_or(u64::MAX));
    Ok(values.into_iter().map(|(_, value)| value).collect())
}

/// A string; a number or a truth value as it is written; empty for everything else.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let raw = <Box<RawValue>>::deserialize(deserializer)?;
    Ok(text_of(raw.get()))
}

pub(super) fn text_of(json: &str) -> String {
    match json.as_bytes().first() {
        Some(b'"') => serde_json::from_str(json).unwrap_or_default(),
        Some(b'0'..=b'9' | b'-' | b't') => json.to_owned(),
        _ => String::new(),
    }
}

/// A whole number, also when it is written as a string; 0 for everything else, which no id accepts.
pub(super) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let raw = <Box<RawValue>>::deserialize(deserializer)?;
    let text = text_of(raw.get());
    // `parse` takes a plus sign, which no id has.
    Ok(if text.starts_with('+') { 0 } else { text.parse().unwrap_or(0) })
}

/// Whether it is true; 1 and "1" count.
pub(super) fn truth<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let raw = <Box<RawValue>>::deserialize(deserializer)?;
    Ok(matches!(raw.get(), "true" | "1" | "\"1\"" | "\"true\""))
}

/// A time; `None` when there is none or it cannot be read. Some answers write the clock with hyphens.
pub(super) fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let text = text(deserializer)?;
    if let Ok(time) = Timestamp::parse(&text) {
        return Ok(Some(time));
    }
    Ok(text
        .split_once('T')
        .and_then(|(date, clock)| Timestamp::parse(&format!("{date}T{}", clock.replace('-', ":"))).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize, Default, PartialEq, Debug)]
    struct Inner {
        #[serde(default, deserialize_with = "text")]
        name: String,
    }

    #[derive(Deserialize)]
    struct Odd {
        #[serde(default, deserialize_with = "number")]
        id: u64,
        #[serde(default, deserialize_with = "text")]
        name: String,
        #[serde(default, deserialize_with = "items")]
        list: Vec<Box<RawValue>>,
        #[serde(default, deserialize_with = "or_default")]
        inner: Inner,
        #[serde(default, deserialize_with = "time")]
        at: Option<Timestamp>,
        #[serde(default, deserialize_with = "truth")]
        yes: bool,
    }

    fn odd(json: &str) -> Odd {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn odd_fields_cost_nothing_but_themselves() {
        for json in [
            "{}",
            r#"{"id":null,"name":null,"list":null,"inner":null,"at":null,"yes":null}"#,
            r#"{"id":[],"name":[],"list":"","inner":[],"at":[],"yes":[]}"#,
            r#"{"id":{"a":1},"name":{},"list":7,"inner":"x","at":"yesterday","yes":"no"}"#,
            r#"{"id":-3,"name":false,"list":false,"inner":3,"at":0,"yes":0}"#,
            r#"{"id":"3abc","name":null,"list":{},"inner":[1],"at":"2026-13-01T00:00:00Z"}"#,
            r#"{"id":"+3","name":null}"#,
            r#"{"id":3.5}"#,
            r#"{"id":99999999999999999999999}"#,
        ] {
            let odd = odd(json);
            assert_eq!((odd.id, odd.name.as_str(), odd.list.len()), (0, "", 0), "{json}");
            assert_eq!((odd.inner, odd.at, odd.yes), (Inner::default(), None, false), "{json}");
        }
    }

    #[test]
    fn reads_what_is_meant() {
        let odd = odd(
            r#"{"id":"12","name":7,"list":{"10":"b","2":"a"},"inner":{"name":"x","secret":1},"at":"2020-08-09T10-09-00Z","yes":1}"#,
        );
        assert_eq!((odd.id, odd.name.as_str(), odd.inner.name.as_str(), odd.yes), (12, "7", "x", true));
        assert_eq!(odd.list.iter().map(|item| item.get()).collect::<Vec<_>>(), [r#""a""#, r#""b""#]);
        assert_eq!(odd.at.map(|at| at.to_string()).as_deref(), Some("2020-08-09T10:09:00Z"));
    }
}
