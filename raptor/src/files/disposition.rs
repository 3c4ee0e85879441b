//! The header that makes a browser save a file.

use http::HeaderValue;

use super::FileName;

/// `Content-Disposition: attachment` with the name twice: in plain ASCII for old readers (RFC 6266 appendix D) and in UTF-8 (RFC 8187
/// section 3.2).
#[must_use]
pub fn content_disposition(name: &FileName) -> HeaderValue {
    let plain: String = name
        .as_str()
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ' | '(' | ')' | '+' | ',') {
                c
            } else {
                '_'
            }
        })
        .collect();
    let mut value = format!("attachment; filename=\"{plain}\"");
    if plain != name.as_str() {
        value.push_str("; filename*=UTF-8''");
        for byte in name.as_str().bytes() {
            // attr-char of RFC 8187 section 3.2.1
            if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
                value.push(char::from(byte));
            } else {
                value.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static("attachment"))
}
