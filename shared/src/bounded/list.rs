//! Bounded lists.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer, Error as _, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::problem::{FieldCode, Violation};

/// A list of at most `MAX` items.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct List<T, const MAX: usize>(Vec<T>);

impl<T, const MAX: usize> List<T, MAX> {
    /// Largest number of items.
    pub const MAX: usize = MAX;

    /// Checks the number of items and keeps them.
    ///
    /// # Errors
    /// [`FieldCode::TooMany`] when there are more than `MAX`.
    pub fn new(items: Vec<T>) -> Result<Self, Violation> {
        if items.len() > MAX { Err(FieldCode::TooMany.at_most(MAX)) } else { Ok(Self(items)) }
    }

    /// Keeps the first `MAX` items. For lists that come from elsewhere and are only shown.
    #[must_use]
    pub fn fitted(mut items: Vec<T>) -> Self {
        items.truncate(MAX);
        Self(items)
    }

    /// The items, owned.
    #[must_use]
    pub fn into_vec(self) -> Vec<T> {
        self.0
    }
}

impl<T, const MAX: usize> Default for List<T, MAX> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T, const MAX: usize> Deref for List<T, MAX> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T, const MAX: usize> IntoIterator for List<T, MAX> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T, const MAX: usize> IntoIterator for &'a List<T, MAX> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T: Serialize, const MAX: usize> Serialize for List<T, MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>, const MAX: usize> Deserialize<'de> for List<T, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ListVisitor::<T>(MAX, PhantomData)).map(Self)
    }
}

/// Stops at the first item too many, so that a long list costs no more than a full one.
struct ListVisitor<T>(usize, PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Vec<T>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            if items.len() == self.0 {
                return Err(A::Error::custom(FieldCode::TooMany.at_most(self.0)));
            }
            items.push(item);
        }
        Ok(items)
    }
}

#[cfg(feature = "schema")]
impl<T: schemars::JsonSchema, const MAX: usize> schemars::JsonSchema for List<T, MAX> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("List_{}_{MAX}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let items = generator.subschema_for::<T>();
        schemars::json_schema!({ "type": "array", "maxItems": MAX, "items": items })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_both_ways() {
        assert_eq!(List::<u8, 2>::new(vec![1, 2, 3]).unwrap_err().code, FieldCode::TooMany);
        assert_eq!(List::<u8, 2>::fitted(vec![1, 2, 3]).into_vec(), [1, 2]);
        assert_eq!(serde_json::from_str::<List<u8, 2>>("[1,2]").unwrap().into_vec(), [1, 2]);
        let error = serde_json::from_str::<List<u8, 2>>("[1,2,3]").unwrap_err().to_string();
        assert!(error.starts_with("too_many: "), "{error}");
    }
}
