//! A JSON Web Key Set.

use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::VerifyingKey;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Keys that may verify a session's token, each with a `kid` of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySet {
    keys: Vec<Key>,
}

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The `kid`.
    pub id: Rc<str>,
    /// The key itself.
    pub material: KeyMaterial,
}

/// The kinds of keys that can verify one of our algorithms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyMaterial {
    /// A point on Ed25519 that is not of small order.
    Ed25519(Box<VerifyingKey>),
    /// The two coordinates of a point on P-256, as base64url of 32 bytes each. That it is on the curve is checked by whoever imports it.
    P256 {
        /// The x coordinate.
        x: String,
        /// The y coordinate.
        y: String,
    },
}

/// Why a whole key set was refused. A set that holds one mistake is not trusted in part; keys for other purposes are no mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySetError {
    /// Not the JSON of a key set, or more than 16 keys.
    Malformed,
    /// No key of it can verify a session's token.
    Empty,
    /// Two keys have the same `kid`.
    Duplicate,
    /// A private or symmetric key was published.
    Private,
    /// A key for us is broken: wrong length, not on the curve, or of small order.
    Broken,
}

impl KeySetError {
    /// The stable word for logs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Empty => "empty",
            Self::Duplicate => "duplicate_kid",
            Self::Private => "private_key_published",
            Self::Broken => "broken_key",
        }
    }
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<Map<String, Value>>,
}

impl KeySet {
    /// Reads a key set. Keys that are not for verifying signatures, or of a kind that we have no algorithm for, are left out.
    ///
    /// # Errors
    /// [`KeySetError`].
    pub fn read(bytes: &[u8]) -> Result<Self, KeySetError> {
        if bytes.len() > super::MAX_BYTES || shared::check_shape(bytes).is_err() {
            return Err(KeySetError::Malformed);
        }
        let Document { keys } = serde_json::from_slice(bytes).map_err(|_| KeySetError::Malformed)?;
        if keys.len() > 16 {
            return Err(KeySetError::Malformed);
        }
        let mut set = Self { keys: Vec::new() };
        let mut seen: Vec<&str> = Vec::new();
        for key in &keys {
            // Members that only private or symmetric keys have (RFC 7518, sections 6.2.2, 6.3.2 and 6.4.1).
            if ["d", "p", "q", "dp", "dq", "qi", "oth", "k"].iter().any(|member| key.contains_key(*member)) {
                return Err(KeySetError::Private);
            }
            if let Some(id) = key.get("kid").and_then(Value::as_str) {
                if seen.contains(&id) {
                    return Err(KeySetError::Duplicate);
                }
                seen.push(id);
            }
            set.keys.extend(Key::read(key)?);
        }
        if set.keys.is_empty() { Err(KeySetError::Empty) } else { Ok(set) }
    }

    /// The key of this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Key> {
        self.keys.iter().find(|key| *key.id == *id)
    }

    /// Every key.
    #[must_use]
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }
}

impl Key {
    /// Reads one key; `Ok(None)` for a key that is not for us.
    fn read(key: &Map<String, Value>) -> Result<Option<Self>, KeySetError> {
        let member = |name: &str| key.get(name).and_then(Value::as_str);
        let Some(id) = member("kid").filter(|id| (1..=64).contains(&id.len())) else { return Ok(None) };
        if key.contains_key("use") && member("use") != Some("sig") {
            return Ok(None);
        }
        if let Some(operations) = key.get("key_ops") {
            let verifies = |operation: &Value| operation.as_str() == Some("verify");
            if !operations.as_array().is_some_and(|operations| operations.iter().any(verifies)) {
                return Ok(None);
            }
        }
        let algorithm_is =
            |known: &[&str]| !key.contains_key("alg") || member("alg").is_some_and(|alg| known.contains(&alg));
        let material = match (member("kty"), member("crv")) {
            (Some("OKP"), Some("Ed25519")) if algorithm_is(&["EdDSA", "Ed25519"]) => {
                let x: [u8; 32] = coordinate(member("x"))?;
                let point = VerifyingKey::from_bytes(&x).map_err(|_| KeySetError::Broken)?;
                // A key of small order makes signatures that verify for any message; an encoding that is not canonical is a
                // second name of the same point.
                if point.is_weak() || point.to_edwards().compress().to_bytes() != x {
                    return Err(KeySetError::Broken);
                }
                KeyMaterial::Ed25519(Box::new(point))
            }
            (Some("EC"), Some("P-256")) if algorithm_is(&["ES256"]) => {
                let (x, y): ([u8; 32], [u8; 32]) = (coordinate(member("x"))?, coordinate(member("y"))?);
                KeyMaterial::P256 { x: URL_SAFE_NO_PAD.encode(x), y: URL_SAFE_NO_PAD.encode(y) }
            }
            _ => return Ok(None),
        };
        Ok(Some(Self { id: id.into(), material }))
    }
}

fn coordinate(text: Option<&str>) -> Result<[u8; 32], KeySetError> {
    let bytes = text.and_then(|text| URL_SAFE_NO_PAD.decode(text).ok()).ok_or(KeySetError::Broken)?;
    bytes.try_into().map_err(|_| KeySetError::Broken)
}
