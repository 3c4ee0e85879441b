//! What PHP and MySQL make of loosely typed input. Raptor must never rely on any of it.

use serde_json::Value;
use serde_json::ser::Formatter;
use std::io;

/// PHP's `empty()` turned around: the empty string and `"0"` count as not given.
pub(crate) fn is_given(text: &str) -> bool {
    !text.is_empty() && text != "0"
}

/// PHP's `(int)`: leading white space, a sign and digits; anything else ends the number.
pub(crate) fn int(text: &str) -> i64 {
    let text = text.trim_start();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse::<i64>().map_or(if end > 0 { i64::MAX } else { 0 }, |value| value * sign)
}

/// MySQL's comparison of an integer column with a string: the longest numeric prefix counts, so `3abc`, ` 3` and `3e0`
/// are all 3, and a string without one is 0.
pub(crate) fn id(text: &str) -> u64 {
    let text = text.trim_start();
    // No number that names a row is longer than this; it also bounds the work on hostile input.
    let number = (1..=text.len().min(32))
        .rev()
        .filter_map(|end| text.get(..end))
        .filter(|prefix| prefix.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')))
        .find_map(|prefix| prefix.parse::<f64>().ok());
    match number {
        // 2^53: beyond it a float no longer names one integer.
        Some(number) if number.fract() == 0.0 && (1.0..=9_007_199_254_740_992.0).contains(&number) => {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked by the guard")]
            {
                number as u64
            }
        }
        _ => 0,
    }
}

/// A JSON value where PHP would read a string.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(true) => Some("1".to_owned()),
        Value::Bool(false) => Some(String::new()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// `json_encode` of PHP: `/` becomes `\/` and everything outside ASCII `\uXXXX`.
pub(crate) fn json_encode(value: &impl serde::Serialize) -> String {
    let mut bytes = Vec::with_capacity(1024);
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, PhpFormatter);
    match serde::Serialize::serialize(value, &mut serializer) {
        // The formatter writes ASCII only.
        Ok(()) => String::from_utf8(bytes).unwrap_or_default(),
        Err(_) => String::new(),
    }
}

struct PhpFormatter;

impl Formatter for PhpFormatter {
    fn write_string_fragment<W>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()>
    where
        W: ?Sized + io::Write,
    {
        let mut units = [0; 2];
        for character in fragment.chars() {
            match character {
                '/' => writer.write_all(b"\\/")?,
                '\u{7f}' => writer.write_all(b"\x7f")?,
                ascii if ascii.is_ascii() => writer.write_all(&[ascii as u8])?,
                other => {
                    for unit in other.encode_utf16(&mut units) {
                        write!(writer, "\\u{unit:04x}")?;
                    }
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ids_are_read_as_mysql_reads_them() {
        for (text, expected) in [
            ("3", 3),
            ("3abc", 3),
            (" 3", 3),
            ("+3", 3),
            ("3e0", 3),
            ("03", 3),
            ("3.0", 3),
            ("3.5", 0),
            ("abc", 0),
            ("", 0),
        ] {
            assert_eq!(id(text), expected, "{text:?}");
        }
        assert_eq!(id("-3"), 0);
        assert_eq!(id("0x10"), 0);
        assert_eq!(id("３"), 0, "a full-width digit is no digit");
        assert_eq!(id("99999999999999999999999999"), 0);
        assert_eq!(id("infinity"), 0);
        assert_eq!(id("nan"), 0);
    }

    #[test]
    fn casts_are_phps() {
        assert_eq!(int("abc"), 0);
        assert_eq!(int("-1"), -1);
        assert_eq!(int("12x"), 12);
        assert!(!is_given("0") && !is_given("") && is_given("00"));
    }

    #[test]
    fn json_is_escaped_like_phps() {
        let value = json!({"a": "</b> \u{fc}\u{1f600}\n\"\u{1}"});
        assert_eq!(json_encode(&value), r#"{"a":"<\/b> \u00fc\ud83d\ude00\n\"\u0001"}"#);
    }
}
