//! Where a link may lead.

use std::fmt;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use crate::id::StrVisitor;
use crate::problem::{FieldCode, Violation};

/// An absolute `https:` address without credentials, or a `mailto:` address; at most 2,048 bytes of printable ASCII.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Href(String);

impl Href {
    /// Longest address, in bytes.
    pub const MAX_BYTES: usize = 2048;

    /// Reads an address. Nothing is repaired: `HTTPS:`, `//host`, blanks, backslashes and characters outside ASCII are refused, because
    /// browsers read them in more than one way. Whoever has such an address writes it in its plain form first.
    ///
    /// # Errors
    /// [`FieldCode::TooLong`] or [`FieldCode::NotAllowed`].
    pub fn parse(text: &str) -> Result<Self, Violation> {
        if text.len() > Self::MAX_BYTES {
            return Err(FieldCode::TooLong.at_most(Self::MAX_BYTES));
        }
        let plain =
            text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'"' | b'<' | b'>' | b'`'));
        if plain && (is_https(text) || is_mailto(text)) {
            Ok(Self(text.to_owned()))
        } else {
            Err(FieldCode::NotAllowed.because("a link leads to https or mailto"))
        }
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_https(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority
        .rsplit_once(':')
        .map_or(authority, |(host, port)| if port.bytes().all(|byte| byte.is_ascii_digit()) { host } else { "" });
    !host.is_empty()
        && !host.starts_with(['.', '-'])
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
}

fn is_mailto(text: &str) -> bool {
    text.strip_prefix("mailto:").is_some_and(|address| {
        let address = address.split('?').next().unwrap_or_default();
        address
            .split_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && !domain.contains('@'))
    })
}

impl fmt::Display for Href {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Serialize for Href {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Href {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(StrVisitor("an address", Self::parse))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Href {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Href".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "maxLength": Self::MAX_BYTES,
            "pattern": r#"^(https://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]*)?([/?#][!-~]*)?|mailto:[!-?A-~]+@[!-?A-~]+)$"#,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lets_through_what_is_plain() {
        for good in [
            "https://raxx.app",
            "https://raxx.app:8443/a?b=c#d",
            "https://xn--bcher-kva.example/%C3%BC",
            "mailto:help@raxx.app",
            "mailto:help@raxx.app?subject=Hi",
        ] {
            assert!(Href::parse(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn refuses_everything_else() {
        for bad in [
            "",
            "http://raxx.app",
            "HTTPS://raxx.app",
            "https://",
            "https:///path",
            "https:raxx.app",
            "//raxx.app",
            "/path",
            "javascript:alert(1)",
            "java\nscript:alert(1)",
            " https://raxx.app",
            "https://user:pass@raxx.app",
            "https://raxx.app@evil.example",
            "https://raxx.app\\@evil.example",
            "https://rax\u{200b}x.app",
            "https://raxx.app/\"onmouseover=",
            "https://.example",
            "data:text/html,x",
            "vbscript:x",
            "mailto:",
            "mailto:@x",
            "mailto:a@b@c",
        ] {
            assert!(Href::parse(bad).is_err(), "{bad}");
        }
        assert!(Href::parse(&format!("https://raxx.app/{}", "a".repeat(2048))).is_err());
    }
}
