//! The keys that sign session tokens: a JWK Set (RFC 7517) of private Ed25519 keys (RFC 8037).

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{SigningKey, VerifyingKey};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use zeroize::Zeroizing;

/// Keys in a set at most: the present one, the one before, and the one to come leave room to spare.
const MAX_KEYS: usize = 8;

/// Where the key set comes from.
#[derive(Debug, Clone)]
pub struct KeySource(Place);

#[derive(Debug, Clone)]
enum Place {
    Text(SecretString),
    File(PathBuf),
}

/// Why a key set cannot be used. Never with any content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read.
    #[error("the file {path} cannot be read ({kind}); it must hold a JWK Set, see `raptor generate-key`")]
    Unreadable {
        /// The file.
        path: String,
        /// What the operating system said.
        kind: std::io::ErrorKind,
    },
    /// It is not a JWK Set.
    #[error("it must be a JWK Set or the path of a file with one; `raptor generate-key` prints one")]
    Malformed,
    /// There is none, or there are too many.
    #[error("the set must hold 1 to 8 keys")]
    Count,
    /// A key is not one of ours.
    #[error(
        "key {place}: it must be a private key with kty OKP, crv Ed25519, a kid of 1 to 64 characters, d and a matching x"
    )]
    Key {
        /// Place in the set, from 1.
        place: usize,
    },
    /// Two keys have one name.
    #[error("two keys have the same kid; a verifier could not tell them apart")]
    Duplicate,
}

impl KeySource {
    /// A set as text, or the path of a file with one.
    #[must_use]
    pub fn new(text: &str) -> Self {
        if text.trim_start().starts_with('{') {
            Self(Place::Text(SecretString::from(text)))
        } else {
            Self(Place::File(PathBuf::from(text)))
        }
    }

    /// Reads the set, again if it is a file.
    ///
    /// # Errors
    /// [`KeyError`]; the keys in use stay what they are.
    pub fn load(&self) -> Result<SigningKeys, KeyError> {
        match &self.0 {
            Place::Text(text) => SigningKeys::parse(text.expose_secret()),
            Place::File(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|error| KeyError::Unreadable { path: path.display().to_string(), kind: error.kind() })?;
                SigningKeys::parse(&Zeroizing::new(text))
            }
        }
    }
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<PrivateKey>,
}

#[derive(Deserialize)]
struct PrivateKey {
    kty: String,
    crv: String,
    kid: String,
    d: Zeroizing<String>,
    x: String,
}

struct NamedKey {
    kid: String,
    key: SigningKey,
}

/// The keys of one set. The first signs; all verify and all are published, so that a key can be announced before it signs and kept after
/// it has signed.
pub struct SigningKeys {
    first: NamedKey,
    others: Vec<NamedKey>,
}

impl SigningKeys {
    fn parse(text: &str) -> Result<Self, KeyError> {
        let set: KeySet = serde_json::from_str(text).map_err(|_| KeyError::Malformed)?;
        if set.keys.len() > MAX_KEYS {
            return Err(KeyError::Count);
        }
        let mut keys = Vec::with_capacity(set.keys.len());
        for (place, key) in set.keys.iter().enumerate() {
            let named = NamedKey::parse(key).ok_or(KeyError::Key { place: place + 1 })?;
            if keys.iter().any(|other: &NamedKey| other.kid == named.kid) {
                return Err(KeyError::Duplicate);
            }
            keys.push(named);
        }
        let mut keys = keys.into_iter();
        let first = keys.next().ok_or(KeyError::Count)?;
        Ok(Self { first, others: keys.collect() })
    }

    /// The name and the key that sign.
    #[must_use]
    pub fn signing(&self) -> (&str, &SigningKey) {
        (&self.first.kid, &self.first.key)
    }

    /// The key of this name.
    #[must_use]
    pub fn verifying(&self, kid: &str) -> Option<VerifyingKey> {
        std::iter::once(&self.first).chain(&self.others).find(|key| key.kid == kid).map(|key| key.key.verifying_key())
    }

    /// The public half, to be published.
    #[must_use]
    pub fn public_key_set(&self) -> String {
        let keys: Vec<_> = std::iter::once(&self.first)
            .chain(&self.others)
            .map(|key| {
                serde_json::json!({
                    "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key.kid,
                    "x": URL_SAFE_NO_PAD.encode(key.key.verifying_key().as_bytes()),
                })
            })
            .collect();
        serde_json::json!({ "keys": keys }).to_string()
    }
}

impl NamedKey {
    fn parse(key: &PrivateKey) -> Option<Self> {
        let kid_fits = (1..=64).contains(&key.kid.len()) && key.kid.bytes().all(|byte| byte.is_ascii_graphic());
        if key.kty != "OKP" || key.crv != "Ed25519" || !kid_fits {
            return None;
        }
        let decode = |text: &str| -> Option<Zeroizing<[u8; 32]>> {
            let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
            Some(Zeroizing::new(bytes.as_slice().try_into().ok()?))
        };
        let private = SigningKey::from_bytes(&*decode(&key.d)?);
        // A public half that belongs to another key would be published and verify nothing.
        (private.verifying_key().as_bytes() == &*decode(&key.x)?).then(|| Self { kid: key.kid.clone(), key: private })
    }
}

impl std::fmt::Debug for SigningKeys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kids: Vec<&str> = std::iter::once(&self.first).chain(&self.others).map(|key| key.kid.as_str()).collect();
        formatter.debug_tuple("SigningKeys").field(&kids).finish()
    }
}

/// A new set with one key, as JSON. It is a secret.
#[must_use]
pub fn generate_key_set() -> String {
    let mut seed = Zeroizing::new([0; 32]);
    crate::random::fill(&mut *seed);
    let key = SigningKey::from_bytes(&seed);
    let kid = format!("{:016x}", crate::random::bits() as u64);
    serde_json::json!({ "keys": [{
        "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": kid,
        "x": URL_SAFE_NO_PAD.encode(key.verifying_key().as_bytes()),
        "d": URL_SAFE_NO_PAD.encode(seed.as_slice()),
    }]})
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn publishes_no_private_half() {
        let text = generate_key_set();
        let keys = KeySource::new(&text).load().unwrap();
        let public: serde_json::Value = serde_json::from_str(&keys.public_key_set()).unwrap();
        let private: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(public["keys"][0]["x"], private["keys"][0]["x"]);
        assert!(public["keys"][0].get("d").is_none());
        assert!(!keys.public_key_set().contains(private["keys"][0]["d"].as_str().unwrap()));
    }

    #[test]
    fn the_first_signs_and_all_verify() {
        let one: serde_json::Value = serde_json::from_str(&generate_key_set()).unwrap();
        let two: serde_json::Value = serde_json::from_str(&generate_key_set()).unwrap();
        let set = serde_json::json!({ "keys": [one["keys"][0], two["keys"][0]] }).to_string();
        let keys = SigningKeys::parse(&set).unwrap();
        assert_eq!(keys.signing().0, one["keys"][0]["kid"]);
        assert!(keys.verifying(two["keys"][0]["kid"].as_str().unwrap()).is_some());
        assert!(keys.verifying("another").is_none());
    }

    #[test]
    fn refuses_sets_that_cannot_work() {
        let good: serde_json::Value = serde_json::from_str(&generate_key_set()).unwrap();
        let key = &good["keys"][0];
        let other: serde_json::Value = serde_json::from_str(&generate_key_set()).unwrap();
        let with = |name: &str, value: serde_json::Value| {
            let mut changed = key.clone();
            changed[name] = value;
            serde_json::json!({ "keys": [changed] }).to_string()
        };
        let error = |text: &str| SigningKeys::parse(text).unwrap_err();
        assert_eq!(error("{"), KeyError::Malformed);
        assert_eq!(error(r#"{"keys":[]}"#), KeyError::Count);
        assert_eq!(error(&serde_json::json!({ "keys": [key, key] }).to_string()), KeyError::Duplicate);
        for changed in [
            with("kty", "oct".into()),
            with("crv", "X25519".into()),
            with("kid", "".into()),
            with("d", "AAAA".into()),
            with("x", other["keys"][0]["x"].clone()),
        ] {
            assert_eq!(error(&changed), KeyError::Key { place: 1 }, "{changed}");
        }
        assert!(matches!(KeySource::new("/no/such/file").load().unwrap_err(), KeyError::Unreadable { .. }));
    }
}
