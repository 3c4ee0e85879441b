//! What a build of the portal says about itself: the hashes that the Content Security Policy admits, and what to preload.
//!
//! The build script includes this file too, so that a release that it would bake in is read by the very code that uses it.

use serde::{Deserialize, Serialize};

/// A build of the portal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Names the build: 8 to 64 lower-case hexadecimal digits.
    pub version: String,
    /// Hashes of the scripts that may run, as CSP and `integrity` spell them; at most 16.
    pub script_hashes: Vec<String>,
    /// Hashes of the inline styles that may apply; at most 16.
    pub style_hashes: Vec<String>,
    /// Modules that the `Link` header of [`Kind::Entrance`](super::Kind::Entrance) announces, as paths under `/assets/`: the program
    /// that whoever is not signed in gets there. At most 2.
    pub preload: Vec<String>,
    /// Builds that browsers may still hold while this one is rolled out; at most 3, and none of them has any of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub previous: Vec<Self>,
}

/// Why a release was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReleaseError {
    /// Not the JSON of a release; says where.
    Malformed(String),
    /// The version is not 8 to 64 lower-case hexadecimal digits.
    Version,
    /// Not a CSP hash source; names it.
    Hash(String),
    /// A preload that is no WebAssembly module among the hashed assets; names its path.
    Preload(String),
    /// More hashes, preloads or previous releases than allowed, or a previous release that has previous ones.
    TooMany,
}

impl std::fmt::Display for ReleaseError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Malformed(at) => write!(formatter, "the release does not read as JSON of the expected shape: {at}"),
            Self::Version => formatter.write_str("the version is not 8 to 64 lower-case hexadecimal digits"),
            Self::Hash(hash) => write!(formatter, "{hash:?} is not a hash such as \"sha256-…\" in base 64"),
            Self::Preload(path) => {
                write!(formatter, "{path:?} cannot be preloaded: it must be a module under /assets/")
            }
            Self::TooMany => formatter.write_str("more than 16 hashes, 2 preloads or 3 previous releases"),
        }
    }
}

impl std::error::Error for ReleaseError {}

impl Release {
    /// Reads what the portal's build wrote.
    ///
    /// # Errors
    /// [`ReleaseError`], for the first thing that is wrong.
    pub fn from_json(json: &str) -> Result<Self, ReleaseError> {
        let release: Self = serde_json::from_str(json).map_err(|error| ReleaseError::Malformed(error.to_string()))?;
        release.check()?;
        if release.previous.len() > 3 {
            return Err(ReleaseError::TooMany);
        }
        for previous in &release.previous {
            previous.check()?;
            if !previous.previous.is_empty() {
                return Err(ReleaseError::TooMany);
            }
        }
        Ok(release)
    }

    fn check(&self) -> Result<(), ReleaseError> {
        let hexadecimal = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if !(8..=64).contains(&self.version.len()) || !self.version.bytes().all(hexadecimal) {
            return Err(ReleaseError::Version);
        }
        if self.script_hashes.len() > 16 || self.style_hashes.len() > 16 || self.preload.len() > 2 {
            return Err(ReleaseError::TooMany);
        }
        if let Some(hash) = self.script_hashes.iter().chain(&self.style_hashes).find(|hash| !is_hash(hash)) {
            return Err(ReleaseError::Hash(hash.clone()));
        }
        if let Some(path) = self.preload.iter().find(|path| !is_module(path)) {
            return Err(ReleaseError::Preload(path.clone()));
        }
        Ok(())
    }

    /// The hashes of this release and of the previous ones, each once.
    pub fn all_hashes(&self, of: fn(&Self) -> &Vec<String>) -> Vec<&str> {
        let mut hashes: Vec<&str> = Vec::new();
        for hash in std::iter::once(self).chain(&self.previous).flat_map(of) {
            if !hashes.contains(&hash.as_str()) {
                hashes.push(hash);
            }
        }
        hashes
    }
}

/// Whether a path is that of a WebAssembly module of our own, which can be written into a header as it stands.
fn is_module(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    let stem = path.strip_prefix("/assets/").and_then(|name| name.strip_suffix(".wasm")).unwrap_or_default();
    (1..=200).contains(&stem.len()) && !stem.starts_with('.') && stem.bytes().all(plain)
}

/// Whether this is a CSP hash source: an algorithm, and as much base 64 as its digest has (CSP3, section 2.3.1).
fn is_hash(text: &str) -> bool {
    let (digits, padding) = match text.split_once('-') {
        Some(("sha256", digest)) => (digest, "="),
        Some(("sha384", digest)) => (digest, ""),
        Some(("sha512", digest)) => (digest, "=="),
        _ => return false,
    };
    let length = match padding {
        "=" => 43,
        "" => 64,
        _ => 86,
    };
    digits.strip_suffix(padding).is_some_and(|digest| {
        digest.len() == length && digest.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
    })
}
