//! The algorithms that a session's token may have.

use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use jwt_compact::Algorithm as JwtAlgorithm;
use jwt_compact::alg::Ed25519;
use std::borrow::Cow;

/// One algorithm by name. Exactly these spellings: names are case-sensitive (RFC 7515, section 4.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// `EdDSA` (RFC 8037), with Ed25519.
    EdDsa,
    /// `Ed25519`, the fully specified name of the same (RFC 9864).
    Ed25519,
    /// `ES256`: ECDSA on P-256 with SHA-256.
    Es256,
}

impl Algorithm {
    /// The algorithm of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "EdDSA" => Some(Self::EdDsa),
            "Ed25519" => Some(Self::Ed25519),
            "ES256" => Some(Self::Es256),
            _ => None,
        }
    }
}

/// The algorithms that are configured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Algorithms {
    ed25519: bool,
    es256: bool,
}

impl Algorithms {
    /// Reads a list such as `EdDSA,ES256`. `EdDSA` and `Ed25519` are one algorithm under two names: each admits both. `None` for an
    /// empty list or a name that is not known.
    #[must_use]
    pub fn parse(list: &str) -> Option<Self> {
        let mut algorithms = Self::default();
        for name in list.split(',') {
            match Algorithm::named(name.trim())? {
                Algorithm::EdDsa | Algorithm::Ed25519 => algorithms.ed25519 = true,
                Algorithm::Es256 => algorithms.es256 = true,
            }
        }
        Some(algorithms)
    }

    /// Whether a token may have this algorithm.
    #[must_use]
    pub const fn admit(self, algorithm: Algorithm) -> bool {
        match algorithm {
            Algorithm::EdDsa | Algorithm::Ed25519 => self.ed25519,
            Algorithm::Es256 => self.es256,
        }
    }
}

/// Ed25519 that verifies strictly: it also refuses signatures whose `R` is a point of small order, which verify for more than one
/// message (RFC 8032, section 8.9 leaves them open, and so does jwt-compact's own implementation).
#[derive(Clone, Copy, Debug)]
pub struct StrictEd25519(pub Algorithm);

impl JwtAlgorithm for StrictEd25519 {
    type SigningKey = SigningKey;
    type VerifyingKey = VerifyingKey;
    type Signature = Signature;

    fn name(&self) -> Cow<'static, str> {
        Cow::Borrowed(if self.0 == Algorithm::Ed25519 { "Ed25519" } else { "EdDSA" })
    }

    fn sign(&self, signing_key: &SigningKey, message: &[u8]) -> Signature {
        Ed25519.sign(signing_key, message)
    }

    fn verify_signature(&self, signature: &Signature, verifying_key: &VerifyingKey, message: &[u8]) -> bool {
        verifying_key.verify_strict(message, signature).is_ok()
    }
}
