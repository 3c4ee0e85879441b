//! Files: names, addresses, tokens.

use super::{
    model::Attachment,
    state::{State, take},
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// A file to store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewAttachment {
    /// Name as sent.
    pub(crate) file_name: String,
    /// Type as stated; never looked at.
    pub(crate) mime_type: String,
    /// The bytes.
    pub(crate) bytes: Vec<u8>,
}

/// Extensions that a web server might run.
const RESTRICTED_EXTENSIONS: [&str; 10] = ["php", "sh", "pl", "cgi", "asp", "jsp", "phar", "phtml", "php5", "htaccess"];

/// The name under which a file is kept: white space, `#`, `/` and control characters become `_`, and a name that a web
/// server might run gets a `_` behind it. Nothing else is refused, `.html` and `.svg` included.
#[must_use]
pub fn rewrite_file_name(name: &str) -> String {
    let mut name: String = name
        .chars()
        .map(|character| match character {
            '/' | '\\' | '#' => '_',
            other if other.is_whitespace() || other.is_control() => '_',
            other => other,
        })
        .collect();
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    if extension.is_some_and(|extension| RESTRICTED_EXTENSIONS.contains(&extension.as_str())) {
        name.push('_');
    }
    name
}

impl State {
    pub(super) fn store_attachment(&mut self, new: NewAttachment) -> u64 {
        let id = take(&mut self.next.attachment);
        let NewAttachment { file_name, mime_type, bytes } = new;
        self.attachments.insert(id, Attachment { id, file_name: rewrite_file_name(&file_name), mime_type, bytes });
        id
    }

    /// The token that opens a file without any login, for ever.
    pub(crate) fn attachment_token(&self, attachment: &Attachment) -> String {
        self.keyed_digest(&format!("{}:{}", attachment.id, attachment.bytes.len()))
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// Path and query of a file below the help desk's host.
    pub(crate) fn attachment_path(&self, attachment: &Attachment) -> String {
        let digest = self.keyed_digest(&attachment.file_name);
        let [first, second, third] = [0, 1, 2].map(|index: usize| digest.get(index).copied().unwrap_or(0) % 10);
        format!(
            "/storage/attachment/{first}/{second}/{third}/{}?id={}&token={}",
            percent_encode(&attachment.file_name),
            attachment.id,
            self.attachment_token(attachment)
        )
    }

    fn keyed_digest(&self, text: &str) -> Vec<u8> {
        // HMAC takes a key of any length, so this cannot fail; an empty digest would open nothing.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.app_key.as_bytes()) else { return Vec::new() };
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().to_vec()
    }
}

/// Percent-encoding of one path segment, RFC 3986 section 2.3.
fn percent_encode(segment: &str) -> String {
    segment
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::rewrite_file_name;

    #[test]
    fn names_are_rewritten() {
        assert_eq!(rewrite_file_name("../../x.php"), ".._.._x.php_");
        assert_eq!(rewrite_file_name("my file #1.pdf"), "my_file__1.pdf");
        assert_eq!(rewrite_file_name("run.SH"), "run.SH_");
        assert_eq!(rewrite_file_name("page.html"), "page.html");
        assert_eq!(rewrite_file_name("picture.svg"), "picture.svg");
        assert_eq!(rewrite_file_name("a\u{0}b\n.txt"), "a_b_.txt");
    }
}
