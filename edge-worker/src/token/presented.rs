//! A token as it was presented: read strictly, not yet verified.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::VerifyingKey;
use jwt_compact::{AlgorithmExt as _, UntrustedToken};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use shared::session::{SESSION_LIFETIME, SessionClaims, TOKEN_LIFETIME, TOKEN_TYPE};
use shared::{CustomerId, Line};

use super::{Algorithm, Algorithms, Fault, StrictEd25519, Verdict, verdict::LEEWAY};

/// What a token must say to be for us.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The issuer, exactly.
    pub issuer: &'a str,
    /// The audience, exactly.
    pub audience: &'a str,
    /// The algorithms.
    pub algorithms: Algorithms,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header<'a> {
    alg: &'a str,
    typ: &'a str,
    kid: &'a str,
}

/// Every claim of a session's token, and no other. Times are whole seconds: a fraction, a sign or a string is refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: Line<1, 200>,
    aud: Line<1, 200>,
    sub: CustomerId,
    #[serde(rename = "customer_email")]
    _customer_email: Line<3, 254>,
    #[serde(rename = "jti")]
    _jti: Line<16, 64>,
    auth_time: u64,
    iat: u64,
    nbf: u64,
    exp: u64,
}

/// The year 36812: later times are nonsense, and jwt-compact's calendar overflows on some of them.
const LATEST: u64 = 1 << 40;

/// A token whose header and claims are in order, and whose signature is still to be verified.
#[derive(Debug)]
pub struct Presented<'t> {
    token: &'t str,
    algorithm: Algorithm,
    key_id: String,
    verdict: Verdict,
}

impl<'t> Presented<'t> {
    /// Reads a token and checks everything about it that needs neither a key nor the time.
    ///
    /// # Errors
    /// The first [`Fault`].
    pub fn read(token: &'t str, expected: &Expected<'_>) -> Result<Self, Fault> {
        let mut parts = token.split('.');
        let (Some(header), Some(claims), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Fault::NotCompact);
        };
        let header = decode(header)?;
        let header: Header<'_> = serde_json::from_slice(&header).map_err(|_| Fault::Header)?;
        if header.typ != TOKEN_TYPE {
            return Err(Fault::Type);
        }
        let algorithm = Algorithm::named(header.alg).filter(|algorithm| expected.algorithms.admit(*algorithm));
        let algorithm = algorithm.ok_or(Fault::Algorithm)?;
        if !is_key_id(header.kid) {
            return Err(Fault::KeyId);
        }
        let claims: Claims = json(claims)?;
        if claims.iss.as_str() != expected.issuer {
            return Err(Fault::Issuer);
        }
        if claims.aud.as_str() != expected.audience {
            return Err(Fault::Audience);
        }
        let verdict = claims.verdict()?;
        Ok(Self { token, algorithm, key_id: header.kid.to_owned(), verdict })
    }

    /// The `kid`.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The algorithm.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Verifies an Ed25519 signature.
    ///
    /// # Errors
    /// [`Fault::KeyMismatch`] when the token has another algorithm; [`Fault::Signature`].
    pub fn verify_ed25519(self, key: &VerifyingKey) -> Result<Verdict, Fault> {
        if self.algorithm == Algorithm::Es256 {
            return Err(Fault::KeyMismatch);
        }
        let untrusted = UntrustedToken::new(self.token).map_err(|_| Fault::NotCompact)?;
        StrictEd25519(self.algorithm)
            .validator::<SessionClaims>(key)
            .validate(&untrusted)
            .map(|_| self.verdict)
            .map_err(|_| Fault::Signature)
    }

    /// What is signed, and the 64 bytes of an ES256 signature, for a verifier outside of this crate.
    ///
    /// # Errors
    /// [`Fault::KeyMismatch`] when the token has another algorithm; [`Fault::Signature`] for a signature of another length, such as
    /// one in DER.
    pub fn es256_parts(&self) -> Result<(&'t [u8], Vec<u8>), Fault> {
        if self.algorithm != Algorithm::Es256 {
            return Err(Fault::KeyMismatch);
        }
        let (signed, signature) = self.token.rsplit_once('.').ok_or(Fault::NotCompact)?;
        let signature = decode(signature)?;
        if signature.len() == 64 { Ok((signed.as_bytes(), signature)) } else { Err(Fault::Signature) }
    }

    /// The verdict, once a verifier outside of this crate has verified the signature of [`Self::es256_parts`].
    #[must_use]
    pub fn verified_elsewhere(self) -> Verdict {
        self.verdict
    }
}

impl Claims {
    fn verdict(&self) -> Result<Verdict, Fault> {
        let Self { sub, auth_time, iat, nbf, exp, .. } = *self;
        if [auth_time, iat, nbf, exp].iter().any(|time| *time > LATEST) {
            return Err(Fault::Lifetime);
        }
        let ordered = auth_time <= iat + LEEWAY && iat <= exp && nbf <= exp;
        if !ordered || exp - iat > TOKEN_LIFETIME || exp > auth_time + SESSION_LIFETIME + LEEWAY {
            return Err(Fault::Lifetime);
        }
        Ok(Verdict { customer: sub, not_before: nbf.max(iat), expires_at: exp })
    }
}

/// Key ids are looked up, and nothing that a stranger writes there may be anything but a name.
fn is_key_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (1..=64).contains(&text.len()) && text.bytes().all(plain)
}

fn decode(part: &str) -> Result<Vec<u8>, Fault> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| Fault::NotCompact)
}

fn json<T: DeserializeOwned>(part: &str) -> Result<T, Fault> {
    serde_json::from_slice(&decode(part)?).map_err(|_| Fault::Claims)
}
