//! Session tokens: JWTs (RFC 7519) signed with EdDSA, profile `at+jwt` (RFC 9068).

use std::sync::Arc;

use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use jwt_compact::alg::Ed25519;
use jwt_compact::{AlgorithmExt as _, Claims, Header, UntrustedToken};
use shared::session::{MAX_TOKEN_BYTES, SESSION_LIFETIME, SessionClaims, TOKEN_LIFETIME, TOKEN_TYPE};
use shared::{CustomerId, Line, Timestamp};

use super::keys::SigningKeys;
use crate::config::TokenConfig;

/// Issues and reads tokens.
pub struct Tokens {
    keys: ArcSwap<SigningKeys>,
    issuer: Line<1, 200>,
    audience: Line<1, 200>,
}

/// A token that was issued.
pub struct IssuedToken {
    /// The token.
    pub token: Line<1, 4096>,
    /// When it stops being accepted.
    pub expires_at: Timestamp,
    /// When its session ends whatever happens.
    pub absolute_expires_at: Timestamp,
}

/// What a valid token says.
#[derive(Debug, Clone)]
pub struct VerifiedToken {
    /// The customer.
    pub customer: CustomerId,
    /// The session that it belongs to.
    pub session: String,
    /// When the passkey was proven, in seconds since the epoch.
    pub auth_time: u64,
    /// When it stops being accepted.
    pub expires_at: Timestamp,
}

/// Why a token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenRefusal {
    /// It is not a token of ours.
    Invalid,
    /// It was one, and its time is over.
    Expired,
}

/// Parts a token's `jti` into the session, which all renewed tokens share, and what makes the token unique.
const JTI_SEPARATOR: char = '.';

impl Tokens {
    /// For these keys and names.
    #[must_use]
    pub fn new(config: TokenConfig) -> Self {
        let fitted = |text: &str| Line::fitted(text).unwrap_or_default();
        Self {
            keys: ArcSwap::from_pointee(config.keys),
            issuer: fitted(&config.issuer),
            audience: fitted(&config.audience),
        }
    }

    /// Uses other keys from now on.
    pub fn replace_keys(&self, keys: SigningKeys) {
        self.keys.store(Arc::new(keys));
    }

    /// The public keys, as a JWK Set.
    #[must_use]
    pub fn public_key_set(&self) -> String {
        self.keys.load().public_key_set()
    }

    /// Issues a token: for [`TOKEN_LIFETIME`], and never past the session's end. `None` when the session has ended, or the key cannot sign.
    #[must_use]
    pub fn issue(
        &self,
        customer: CustomerId,
        email: &Line<3, 254>,
        session: &str,
        auth_time: u64,
        now: Timestamp,
    ) -> Option<IssuedToken> {
        let now = u64::try_from(now.millis()).ok()? / 1000;
        let end = auth_time + SESSION_LIFETIME;
        let expires = (now + TOKEN_LIFETIME).min(end);
        if expires <= now {
            return None;
        }
        let instant =
            |seconds: u64| i64::try_from(seconds).ok().and_then(|seconds| DateTime::<Utc>::from_timestamp(seconds, 0));
        let unique = format!("{:016x}", crate::random::bits() as u64);
        let mut claims = Claims::new(SessionClaims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: customer,
            customer_email: email.clone(),
            jti: Line::new(format!("{session}{JTI_SEPARATOR}{unique}")).ok()?,
            auth_time,
        });
        claims.issued_at = instant(now);
        claims.not_before = instant(now);
        claims.expiration = instant(expires);
        let keys = self.keys.load();
        let (kid, key) = keys.signing();
        let header = Header::empty().with_token_type(TOKEN_TYPE).with_key_id(kid);
        let token = Ed25519.token(&header, &claims, key).ok()?;
        let seconds =
            |seconds: u64| Timestamp::from_millis(i64::try_from(seconds.saturating_mul(1000)).unwrap_or(i64::MAX));
        Some(IssuedToken {
            token: Line::new(token).ok()?,
            expires_at: seconds(expires),
            absolute_expires_at: seconds(end),
        })
    }

    /// Checks signature, type and every claim. Whether the session still exists is for the caller to ask.
    ///
    /// # Errors
    /// [`TokenRefusal`].
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<VerifiedToken, TokenRefusal> {
        const INVALID: TokenRefusal = TokenRefusal::Invalid;
        if token.len() > MAX_TOKEN_BYTES {
            return Err(INVALID);
        }
        let untrusted = UntrustedToken::new(token).map_err(|_| INVALID)?;
        let header = untrusted.header();
        if header.token_type.as_deref() != Some(TOKEN_TYPE) {
            return Err(INVALID);
        }
        let key = header.key_id.as_deref().and_then(|kid| self.keys.load().verifying(kid)).ok_or(INVALID)?;
        let token = Ed25519.validator::<SessionClaims>(&key).validate(&untrusted).map_err(|_| INVALID)?;
        let claims = token.claims();
        let custom = &claims.custom;
        if custom.iss != self.issuer || custom.aud != self.audience {
            return Err(INVALID);
        }
        let seconds = |instant: Option<DateTime<Utc>>| instant.map(|instant| instant.timestamp()).ok_or(INVALID);
        let (issued, start, expires) =
            (seconds(claims.issued_at)?, seconds(claims.not_before)?, seconds(claims.expiration)?);
        let now = now.millis() / 1000;
        let longest = i64::try_from(TOKEN_LIFETIME).unwrap_or(i64::MAX);
        // Clocks of two instances may differ a little; a token from further in the future is not ours.
        if issued > now + 60 || start > now + 60 || expires <= issued || expires - issued > longest {
            return Err(INVALID);
        }
        let end = i64::try_from(custom.auth_time.saturating_add(SESSION_LIFETIME)).map_err(|_| INVALID)?;
        if now >= expires || now >= end {
            return Err(TokenRefusal::Expired);
        }
        let (session, _) = custom.jti.split_once(JTI_SEPARATOR).ok_or(INVALID)?;
        Ok(VerifiedToken {
            customer: custom.sub,
            session: session.to_owned(),
            auth_time: custom.auth_time,
            expires_at: Timestamp::from_millis(expires.min(end).saturating_mul(1000)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sessions::{KeySource, generate_key_set};

    const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);

    fn tokens(keys: &str) -> Tokens {
        let source = KeySource::new(keys);
        let keys = source.load().unwrap();
        Tokens::new(TokenConfig {
            source,
            keys,
            issuer: "https://i.example".into(),
            audience: "https://a.example".into(),
        })
    }

    fn issue(tokens: &Tokens, auth_time: u64) -> Option<IssuedToken> {
        tokens.issue(CustomerId::from_bits(7), &Line::new("a@b.example").unwrap(), "0123456789abcdef", auth_time, NOW)
    }

    fn later(seconds: u64) -> Timestamp {
        Timestamp::from_millis(NOW.millis() + i64::try_from(seconds).unwrap() * 1000)
    }

    #[test]
    fn reads_what_it_issues_until_it_expires() {
        let tokens = tokens(&generate_key_set());
        let signed_in = u64::try_from(NOW.millis() / 1000).unwrap();
        let issued = issue(&tokens, signed_in).unwrap();
        let verified = tokens.verify(&issued.token, NOW).unwrap();
        assert_eq!(verified.customer, CustomerId::from_bits(7));
        assert_eq!(verified.session, "0123456789abcdef");
        assert_eq!(verified.expires_at, later(TOKEN_LIFETIME));
        assert_eq!(issued.absolute_expires_at, later(SESSION_LIFETIME));
        assert!(tokens.verify(&issued.token, later(TOKEN_LIFETIME - 1)).is_ok());
        assert_eq!(tokens.verify(&issued.token, later(TOKEN_LIFETIME)).unwrap_err(), TokenRefusal::Expired);
    }

    #[test]
    fn renewal_never_passes_the_absolute_end() {
        let tokens = tokens(&generate_key_set());
        let long_ago = u64::try_from(NOW.millis() / 1000).unwrap() - SESSION_LIFETIME + 60;
        let issued = issue(&tokens, long_ago).unwrap();
        assert_eq!(issued.expires_at, later(60));
        assert_eq!(tokens.verify(&issued.token, later(60)).unwrap_err(), TokenRefusal::Expired);
        assert!(issue(&tokens, long_ago - 60).is_none());
    }

    #[test]
    fn a_rotated_key_still_verifies_while_it_is_in_the_set() {
        let old = generate_key_set();
        let tokens = tokens(&old);
        let signed_in = u64::try_from(NOW.millis() / 1000).unwrap();
        let issued = issue(&tokens, signed_in).unwrap();
        let mut both: serde_json::Value = serde_json::from_str(&generate_key_set()).unwrap();
        let old: serde_json::Value = serde_json::from_str(&old).unwrap();
        let new_only = both.to_string();
        both["keys"].as_array_mut().unwrap().push(old["keys"][0].clone());
        tokens.replace_keys(KeySource::new(&both.to_string()).load().unwrap());
        assert!(tokens.verify(&issued.token, NOW).is_ok());
        tokens.replace_keys(KeySource::new(&new_only).load().unwrap());
        assert_eq!(tokens.verify(&issued.token, NOW).unwrap_err(), TokenRefusal::Invalid);
    }

    #[test]
    fn refuses_what_is_not_ours() {
        let mine = tokens(&generate_key_set());
        let signed_in = u64::try_from(NOW.millis() / 1000).unwrap();
        let issued = issue(&mine, signed_in).unwrap().token.into_string();
        let mut parts: Vec<String> = issued.split('.').map(str::to_owned).collect();
        parts[1] = parts[1].replacen(char::is_alphanumeric, "_", 1);
        let theirs = tokens(&generate_key_set());
        for bad in ["", "a.b.c", &parts.join("."), &"a".repeat(5000), &format!("{issued}A")] {
            assert_eq!(mine.verify(bad, NOW).unwrap_err(), TokenRefusal::Invalid, "{bad}");
        }
        assert_eq!(theirs.verify(&issued, NOW).unwrap_err(), TokenRefusal::Invalid);
        // Issued for a time that has not come.
        assert_eq!(
            mine.verify(&issued, Timestamp::from_millis(NOW.millis() - 61_000)).unwrap_err(),
            TokenRefusal::Invalid
        );
    }
}
