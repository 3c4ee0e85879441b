//! Whether bytes are the JSON that a value is written as, without writing it: nothing is allocated, and the first difference is the end.
//!
//! It knows what our bodies are made of, and no more. Anything else counts as a difference, and so does an object that passes through as
//! it is: whoever is told that bytes differ writes the value.

use std::fmt;

use serde::Serialize;
use serde::ser::{self, Impossible, Serializer};

/// Whether `bytes` are what serde_json makes of the value, byte for byte.
pub(crate) fn is_written_as<T: Serialize>(bytes: &[u8], value: &T) -> bool {
    let mut rest = Rest(bytes);
    value.serialize(&mut rest).is_ok() && rest.0.is_empty()
}

/// The bytes that are still to be met.
struct Rest<'a>(&'a [u8]);

#[derive(Debug)]
struct Differs;

type Same = Result<(), Differs>;

impl Rest<'_> {
    fn meet(&mut self, expected: &[u8]) -> Same {
        self.0 = self.0.strip_prefix(expected).ok_or(Differs)?;
        Ok(())
    }

    fn byte(&mut self, expected: u8) -> Same {
        let (first, rest) = self.0.split_first().ok_or(Differs)?;
        self.0 = rest;
        if *first == expected { Ok(()) } else { Err(Differs) }
    }

    fn text(&mut self, text: &str) -> Same {
        if let Some((quoted, rest)) = self.0.split_at_checked(text.len() + 2)
            && let [b'"', found @ .., b'"'] = quoted
        {
            // Without an early end, so that many bytes are looked at at a time.
            let plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
            let pairs = found.iter().zip(text.as_bytes());
            if pairs.fold(true, |same, (found, byte)| same & (found == byte) & plain(*byte)) {
                self.0 = rest;
                return Ok(());
            }
        }
        self.meet(&serde_json::to_vec(text).map_err(|_| Differs)?)
    }

    fn number(&mut self, mut number: u64) -> Same {
        let mut digits = [b'0'; 20];
        let mut used = 0;
        for digit in digits.iter_mut().rev() {
            *digit += (number % 10) as u8;
            number /= 10;
            used += 1;
            if number == 0 {
                break;
            }
        }
        self.meet(digits.get(digits.len() - used..).ok_or(Differs)?)
    }
}

impl<'r, 'a> Serializer for &'r mut Rest<'a> {
    type Ok = ();
    type Error = Differs;
    type SerializeSeq = Members<'r, 'a>;
    type SerializeStruct = Members<'r, 'a>;
    type SerializeTuple = Impossible<(), Differs>;
    type SerializeTupleStruct = Impossible<(), Differs>;
    type SerializeTupleVariant = Impossible<(), Differs>;
    type SerializeMap = Impossible<(), Differs>;
    type SerializeStructVariant = Impossible<(), Differs>;

    fn serialize_bool(self, value: bool) -> Same {
        self.meet(if value { b"true" } else { b"false" })
    }
    fn serialize_u8(self, value: u8) -> Same {
        self.number(value.into())
    }
    fn serialize_u16(self, value: u16) -> Same {
        self.number(value.into())
    }
    fn serialize_u32(self, value: u32) -> Same {
        self.number(value.into())
    }
    fn serialize_u64(self, value: u64) -> Same {
        self.number(value)
    }
    fn serialize_i8(self, value: i8) -> Same {
        self.serialize_i64(value.into())
    }
    fn serialize_i16(self, value: i16) -> Same {
        self.serialize_i64(value.into())
    }
    fn serialize_i32(self, value: i32) -> Same {
        self.serialize_i64(value.into())
    }
    fn serialize_i64(self, value: i64) -> Same {
        if value < 0 {
            self.byte(b'-')?;
        }
        self.number(value.unsigned_abs())
    }
    fn serialize_f32(self, _: f32) -> Same {
        Err(Differs)
    }
    fn serialize_f64(self, _: f64) -> Same {
        Err(Differs)
    }
    fn serialize_char(self, value: char) -> Same {
        self.text(value.encode_utf8(&mut [0; 4]))
    }
    fn serialize_str(self, value: &str) -> Same {
        self.text(value)
    }
    fn serialize_bytes(self, _: &[u8]) -> Same {
        Err(Differs)
    }
    fn serialize_none(self) -> Same {
        self.meet(b"null")
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Same {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Same {
        self.meet(b"null")
    }
    fn serialize_unit_struct(self, _: &'static str) -> Same {
        self.meet(b"null")
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Same {
        self.text(variant)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Same {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Same {
        self.byte(b'{')?;
        self.text(variant)?;
        self.byte(b':')?;
        value.serialize(&mut *self)?;
        self.byte(b'}')
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Members<'r, 'a>, Differs> {
        self.byte(b'[')?;
        Ok(Members { rest: self, first: true, close: b']' })
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Members<'r, 'a>, Differs> {
        self.byte(b'{')?;
        Ok(Members { rest: self, first: true, close: b'}' })
    }
    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Differs> {
        Err(Differs)
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Differs> {
        Err(Differs)
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Differs> {
        Err(Differs)
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Differs> {
        Err(Differs)
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Differs> {
        Err(Differs)
    }
}

/// The members of an object, or the items of a list.
struct Members<'r, 'a> {
    rest: &'r mut Rest<'a>,
    first: bool,
    close: u8,
}

impl Members<'_, '_> {
    fn next(&mut self) -> Same {
        if self.first {
            self.first = false;
            return Ok(());
        }
        self.rest.byte(b',')
    }
}

impl ser::SerializeSeq for Members<'_, '_> {
    type Ok = ();
    type Error = Differs;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Same {
        self.next()?;
        value.serialize(&mut *self.rest)
    }
    fn end(self) -> Same {
        self.rest.byte(self.close)
    }
}

impl ser::SerializeStruct for Members<'_, '_> {
    type Ok = ();
    type Error = Differs;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Same {
        self.next()?;
        self.rest.text(key)?;
        self.rest.byte(b':')?;
        value.serialize(&mut *self.rest)
    }
    fn end(self) -> Same {
        self.rest.byte(self.close)
    }
}

impl fmt::Display for Differs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("these bytes are another value, or the same in another spelling")
    }
}

impl std::error::Error for Differs {}

impl ser::Error for Differs {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OpaqueObject;
    use crate::rich_text::{Block, Heading, Inline};

    #[derive(Serialize)]
    struct Everything {
        text: String,
        numbers: (),
        list: Vec<i64>,
        large: u64,
        absent: Option<u8>,
        present: Option<bool>,
        blocks: Vec<Block>,
    }

    fn everything() -> Everything {
        Everything {
            text: "a\"\\\u{1}\u{7f}\n/\u{e4}\u{2028}\u{1f600}".into(),
            numbers: (),
            list: vec![0, -1, 10, i64::MIN, i64::MAX],
            large: u64::MAX,
            absent: None,
            present: Some(false),
            blocks: vec![
                Block::Rule,
                Block::Heading(Heading { level: 2, text: vec![Inline::Break, Inline::Text("x".into())] }),
                Block::Quote(vec![]),
            ],
        }
    }

    #[test]
    fn knows_what_serde_json_writes_and_nothing_else() {
        let value = everything();
        let written = serde_json::to_vec(&value).unwrap();
        assert!(is_written_as(&written, &value), "{}", String::from_utf8_lossy(&written));
        // Every byte counts: gone, changed, or there twice.
        for place in 0..written.len() {
            let mut other = written.clone();
            other.remove(place);
            assert!(!is_written_as(&other, &value), "without byte {place}");
            other = written.clone();
            other[place] ^= 1;
            assert!(!is_written_as(&other, &value), "with another byte {place}");
            assert!(!is_written_as(&written[..place], &value), "the first {place} bytes");
        }
        assert!(!is_written_as(&[&written[..], b" "].concat(), &value));
    }

    #[test]
    fn another_spelling_is_another() {
        for other in [r#""\u0061""#, r#"" a""#, r#""a" "#, "\"b\"", "\"a", "a", "", "[]", "\"\""] {
            assert!(!is_written_as(other.as_bytes(), &"a"), "{other}");
        }
        for other in [r#""\/""#, "\"\\u002f\""] {
            assert!(!is_written_as(other.as_bytes(), &"/"), "{other}");
        }
        // Raw where it must be escaped: it is no JSON at all, and no writing of ours.
        assert!(!is_written_as(b"\"a\"b\"", &"a\"b"));
        assert!(!is_written_as(b"\"a\nb\"", &"a\nb"));
        for other in ["1.0", "01", "+1", "1e0", "-1", " 1"] {
            assert!(!is_written_as(other.as_bytes(), &1_u8), "{other}");
        }
    }

    #[test]
    fn what_it_does_not_know_differs() {
        assert!(!is_written_as(b"1.5", &1.5));
        assert!(!is_written_as(b"[1,2]", &(1, 2)));
        assert!(!is_written_as(b"{}", &std::collections::BTreeMap::<String, u8>::new()));
        let opaque = OpaqueObject::parse("{}").unwrap();
        assert!(!is_written_as(b"{}", &opaque));
    }
}
