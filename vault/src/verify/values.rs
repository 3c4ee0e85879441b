//! The values of a credential's parts. They can be used, and cannot be shown.

use secrecy::{ExposeSecret, SecretString};

use super::keyed;
use crate::registry::{Kind, Registry, Token};

/// Characters of a value that may not occur anywhere in an output.
const REPEATED_CHARACTERS: usize = 8;

/// The values of one credential, by part: the empty suffix for the credential itself, else the companion's.
#[derive(Debug, Default)]
pub struct Values(Vec<(String, SecretString)>);

impl Values {
    /// Adds a part's value.
    #[must_use]
    pub fn with(mut self, suffix: &str, value: impl Into<SecretString>) -> Self {
        self.0.push((suffix.to_owned(), value.into()));
        self
    }

    /// Looks each needed part up under every name that it may have: its own, the names that consumers read, and the old one.
    pub fn look_up(registry: &Registry, token: &Token, lookup: impl Fn(&str) -> Option<SecretString>) -> Self {
        let mut values = Self::default();
        for suffix in needed(token) {
            let own = format!("{}{suffix}", token.name.value);
            let exports =
                token.exports.iter().filter(|export| export.companion.as_deref().unwrap_or_default() == suffix);
            let old = registry.renames.iter().filter(|rename| rename.new.value == own);
            let names = std::iter::once(own.as_str())
                .chain(exports.map(|export| export.variable.value.as_str()))
                .chain(old.map(|rename| rename.old.value.as_str()));
            for name in names {
                if let Some(value) = lookup(name).filter(|value| !value.expose_secret().is_empty()) {
                    values = values.with(suffix, value);
                    break;
                }
            }
        }
        values
    }

    /// Whether there is any.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names of the parts that are needed and not there.
    pub fn missing(&self, token: &Token) -> Vec<String> {
        let absent = needed(token).into_iter().filter(|suffix| !self.0.iter().any(|(known, _)| known == suffix));
        absent.map(|suffix| format!("{}{suffix}", token.name.value)).collect()
    }

    /// A part's value. Empty if it is not there, which [`Values::missing`] has ruled out.
    pub(crate) fn expose(&self, suffix: &str) -> &str {
        self.0.iter().find(|(known, _)| known == suffix).map_or("", |(_, value)| value.expose_secret())
    }

    /// Whether a text repeats any 8 characters of any value.
    pub(crate) fn are_repeated_in(&self, text: &str) -> bool {
        self.0.iter().any(|(suffix, value)| {
            let value = value.expose_secret();
            // Identifiers are not secret, and a vendor's answer may well contain them.
            if is_identifier(suffix) || value.is_empty() {
                return false;
            }
            let bytes = value.as_bytes();
            let window = REPEATED_CHARACTERS.min(bytes.len());
            let haystack = text.as_bytes();
            bytes.windows(window).any(|part| haystack.windows(window).any(|candidate| candidate == part))
        })
    }

    /// The text, or a word in its place if it repeats any of a value.
    pub(crate) fn withheld_from(&self, text: String) -> String {
        if self.are_repeated_in(&text) { "<withheld>".to_owned() } else { text }
    }

    /// A fingerprint with which the same credential is recognised within one run.
    pub(crate) fn fingerprint(&self, kind: Kind, target: &str, key: &[u8; 32]) -> [u8; 32] {
        let mut message = format!("{kind}\0{target}").into_bytes();
        for (suffix, value) in &self.0 {
            message.push(0);
            message.extend_from_slice(suffix.as_bytes());
            message.push(0);
            // The hash of the value, not the value: the message is an ordinary vector that nobody wipes.
            message.extend_from_slice(&keyed(key, value.expose_secret().as_bytes()));
        }
        keyed(key, &message)
    }
}

/// Parts that name the credential without granting anything.
fn is_identifier(suffix: &str) -> bool {
    matches!(suffix, "__CLIENT_ID" | "__ACCESS_KEY_ID" | "__KEY_ID" | "__APP_ID" | "__INSTALLATION_ID")
}

/// The parts without which a kind cannot be verified.
fn needed(token: &Token) -> Vec<&'static str> {
    match token.kind.value {
        Kind::Aws => vec!["__ACCESS_KEY_ID", "__SECRET_ACCESS_KEY"],
        Kind::Alpaca => vec!["__KEY_ID", "__SECRET_KEY"],
        Kind::CloudflareAccess => vec!["", "__CLIENT_ID"],
        // An access token of a login has no client id.
        Kind::Infisical if token.has_companion("__CLIENT_ID") => vec!["", "__CLIENT_ID"],
        Kind::GithubApp => vec!["__APP_ID", "__INSTALLATION_ID", "__PRIVATE_KEY_PEM"],
        _ => vec![""],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_value_is_noticed_in_a_text() {
        let values = Values::default().with("", "abcdefghijklmnop").with("__CLIENT_ID", "identifier");
        assert!(values.are_repeated_in("key ends in ijklmnop."));
        assert!(values.are_repeated_in("xxabcdefghxx"));
        assert!(!values.are_repeated_in("abcdefg ijklmno identifier"));
        assert!(!format!("{values:?}").contains("abcdefgh"));
    }

    #[test]
    fn fingerprints_differ_by_value_part_and_key() {
        let one = |value: &str, key: u8| Values::default().with("", value).fingerprint(Kind::Heroku, "", &[key; 32]);
        assert_eq!(one("a", 1), one("a", 1));
        assert_ne!(one("a", 1), one("b", 1));
        assert_ne!(one("a", 1), one("a", 2));
    }
}
