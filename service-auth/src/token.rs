//! The token itself: 32 random bytes, base64url.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};
use zeroize::{Zeroize, Zeroizing};

/// Random bytes in a token (ADR 0056, Decision).
pub const TOKEN_BYTES: usize = 32;

/// Characters of the written form: [`TOKEN_BYTES`] in base64url without padding (RFC 4648, section 5).
pub const TOKEN_CHARACTERS: usize = 43;

/// Characters that a log line may show (ADR 0056, Consequences): 48 of 256 bits, acceptable for this kind of token only.
const LOGGED_CHARACTERS: usize = 8;

/// Fewer different byte values than this in 32 bytes is a placeholder, not chance (less than 1 in 2^120).
const MINIMUM_DISTINCT_BYTES: usize = 8;

/// The shared secret of one service pair. Cannot be printed: `Debug` is redacted and there is no `Display`.
///
/// ```
/// use service_auth::ServiceToken;
/// # fn main() -> Result<(), service_auth::TokenError> {
/// let token = ServiceToken::generate()?;
/// assert_eq!(token.expose().len(), 43);
/// assert_eq!(format!("{token:?}"), "ServiceToken(<redacted>)");
/// assert!(ServiceToken::parse("c2hvcnQ").is_err());
/// # Ok(()) }
/// ```
///
/// ```compile_fail
/// # let token = service_auth::ServiceToken::generate().unwrap();
/// println!("{token}"); // a token has no Display
/// ```
#[derive(Clone)]
pub struct ServiceToken {
    text: SecretString,
}

impl ServiceToken {
    /// A fresh token from the operating system's generator.
    ///
    /// # Errors
    /// [`TokenError::NoRandomness`] if the operating system gives no random bytes.
    pub fn generate() -> Result<Self, TokenError> {
        let mut bytes = Zeroizing::new([0_u8; TOKEN_BYTES]);
        getrandom::fill(bytes.as_mut()).map_err(|_| TokenError::NoRandomness)?;
        Ok(Self { text: SecretString::from(URL_SAFE_NO_PAD.encode(bytes.as_ref())) })
    }

    /// Reads the written form: exactly [`TOKEN_CHARACTERS`] characters of base64url without padding.
    ///
    /// # Errors
    /// One [`TokenError`] per reason; none of them repeats the text.
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        if text.len() == TOKEN_CHARACTERS + 1 && text.ends_with('=') {
            return Err(TokenError::Padded);
        }
        // A length check first: a huge value is refused without decoding it.
        if text.len() > TOKEN_CHARACTERS {
            return Err(TokenError::TooLong);
        }
        let decoded = URL_SAFE_NO_PAD.decode(text).map(Zeroizing::new).map_err(|_| TokenError::NotBase64Url)?;
        if decoded.len() < TOKEN_BYTES {
            return Err(TokenError::TooShort { bytes: decoded.len() });
        }
        let mut distinct = decoded.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        let count = distinct.len();
        distinct.zeroize();
        if count < MINIMUM_DISTINCT_BYTES {
            return Err(TokenError::NotRandom);
        }
        Ok(Self { text: SecretString::from(text) })
    }

    /// The written form, for the header of an outgoing request or a secret store. Never log it.
    pub fn expose(&self) -> &str {
        self.text.expose_secret()
    }

    /// The SHA-256 digest that verification compares.
    pub fn digest(&self) -> TokenDigest {
        TokenDigest::of(self.expose().as_bytes())
    }

    /// The first 8 characters, for a log line.
    pub fn log_label(&self) -> &str {
        log_label(self.expose().as_bytes())
    }
}

impl fmt::Debug for ServiceToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ServiceToken(<redacted>)")
    }
}

/// SHA-256 of a token's written form. Comparing digests, which all have one length, takes the same time for every input;
/// comparing the texts would stop early on a different length.
#[derive(Clone, Copy)]
pub struct TokenDigest([u8; 32]);

impl TokenDigest {
    /// The digest of whatever bytes a caller presented.
    pub fn of(presented: &[u8]) -> Self {
        Self(Sha256::digest(presented).into())
    }
}

impl ConstantTimeEq for TokenDigest {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.0.ct_eq(&other.0)
    }
}

impl fmt::Debug for TokenDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TokenDigest(<redacted>)")
    }
}

/// Why a text is not a service token. The messages never repeat the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// Fewer than 32 decoded bytes.
    #[error(
        "the service token holds {bytes} bytes and must hold 32: generate one with 32 random bytes in base64url (ADR 0056)"
    )]
    TooShort {
        /// Decoded length in bytes.
        bytes: usize,
    },
    /// More than 43 characters.
    #[error(
        "the service token is longer than 43 characters: it must be exactly 32 bytes in base64url, without padding"
    )]
    TooLong,
    /// 43 characters and a trailing `=`.
    #[error("the service token ends in '=': remove the padding, on both sides of the pair")]
    Padded,
    /// A character outside the base64url alphabet, or bits left over.
    #[error(
        "the service token is not base64url: only A-Z, a-z, 0-9, '-' and '_' may occur, and no space or line break"
    )]
    NotBase64Url,
    /// Too few different bytes to be random.
    #[error("the service token looks like a placeholder, not like 32 random bytes: generate a new one")]
    NotRandom,
    /// The operating system's generator failed.
    #[error("the operating system gave no random bytes, so no token was made: try again")]
    NoRandomness,
}

impl TokenError {
    /// A stable code for logs and alerts.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooShort { .. } => "token_too_short",
            Self::TooLong => "token_too_long",
            Self::Padded => "token_padded",
            Self::NotBase64Url => "token_not_base64url",
            Self::NotRandom => "token_not_random",
            Self::NoRandomness => "no_randomness",
        }
    }
}

/// What a log line may show of a presented value: its first 8 characters if it has the shape of a token, else
/// `<malformed>`, so that neither another kind of secret nor a line break gets into the log.
pub fn log_label(presented: &[u8]) -> &str {
    if !has_token_shape(presented) {
        return "<malformed>";
    }
    presented.get(..LOGGED_CHARACTERS).and_then(|head| std::str::from_utf8(head).ok()).unwrap_or("<malformed>")
}

/// Whether the bytes are 43 characters of the base64url alphabet.
pub(crate) fn has_token_shape(presented: &[u8]) -> bool {
    presented.len() == TOKEN_CHARACTERS
        && presented.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn generated_tokens_are_43_characters_and_differ() {
        let (first, second) = (ServiceToken::generate().unwrap(), ServiceToken::generate().unwrap());
        assert_eq!(first.expose().len(), TOKEN_CHARACTERS);
        assert_ne!(first.expose(), second.expose());
        assert!(!bool::from(first.digest().ct_eq(&second.digest())));
    }

    #[test]
    fn refuses_each_wrong_shape_with_its_own_reason() {
        let good = ServiceToken::generate().unwrap();
        let with = |tail: &str| format!("{}{tail}", good.expose());
        assert_eq!(ServiceToken::parse("").unwrap_err(), TokenError::TooShort { bytes: 0 });
        let thirty_one = URL_SAFE_NO_PAD.encode([7_u8; 31]);
        assert_eq!(ServiceToken::parse(&thirty_one).unwrap_err(), TokenError::TooShort { bytes: 31 });
        let thirty_three = URL_SAFE_NO_PAD.encode([7_u8; 33]);
        assert_eq!(ServiceToken::parse(&thirty_three).unwrap_err(), TokenError::TooLong);
        assert_eq!(ServiceToken::parse(&with("=")).unwrap_err(), TokenError::Padded);
        assert_eq!(ServiceToken::parse(&with("\n")).unwrap_err(), TokenError::TooLong);
        assert_eq!(ServiceToken::parse(&"+".repeat(43)).unwrap_err(), TokenError::NotBase64Url);
        assert_eq!(ServiceToken::parse(&"é".repeat(21)).unwrap_err(), TokenError::NotBase64Url);
        assert_eq!(ServiceToken::parse(&"A".repeat(43)).unwrap_err(), TokenError::NotRandom);
        assert_eq!(ServiceToken::parse(&"x".repeat(10_000_000)).unwrap_err(), TokenError::TooLong);
    }

    #[test]
    fn leftover_bits_are_refused_so_that_a_token_has_one_written_form() {
        // 43 characters carry 258 bits; a last character with its two low bits set decodes to the same 32 bytes.
        let mut text = URL_SAFE_NO_PAD.encode((0_u8..32).collect::<Vec<_>>());
        text.pop();
        text.push('9');
        assert_eq!(ServiceToken::parse(&text).unwrap_err(), TokenError::NotBase64Url);
    }

    #[test]
    fn neither_debug_nor_errors_show_the_value() {
        let token = ServiceToken::generate().unwrap();
        let shown = format!("{token:?} {:?}", token.digest());
        assert!(!shown.contains(&token.expose()[..8]), "{shown}");
        let error = ServiceToken::parse(&token.expose()[..40]).unwrap_err();
        assert!(!format!("{error} {error:?}").contains(&token.expose()[..8]));
    }

    #[test]
    fn only_a_well_formed_value_is_shown_in_a_log() {
        let token = ServiceToken::generate().unwrap();
        assert_eq!(token.log_label(), &token.expose()[..8]);
        assert_eq!(log_label(b"sk_live_notours"), "<malformed>");
        let mut injected = token.expose().as_bytes().to_vec();
        injected[3] = b'\n';
        assert_eq!(log_label(&injected), "<malformed>");
    }

    proptest! {
        #[test]
        fn print_then_parse_is_identity(bytes in proptest::array::uniform32(any::<u8>())) {
            let text = URL_SAFE_NO_PAD.encode(bytes);
            match ServiceToken::parse(&text) {
                Ok(token) => prop_assert_eq!(token.expose(), text.as_str()),
                Err(error) => prop_assert_eq!(error, TokenError::NotRandom),
            }
        }

        #[test]
        fn no_text_panics_and_only_43_characters_pass(text in ".{0,64}") {
            if ServiceToken::parse(&text).is_ok() {
                prop_assert_eq!(text.len(), TOKEN_CHARACTERS);
                prop_assert!(has_token_shape(text.as_bytes()));
            }
        }
    }
}
