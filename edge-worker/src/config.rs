//! What the worker is told: variables and one secret.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::token::Algorithms;

/// The worker's configuration, checked.
#[derive(Clone)]
pub struct Config {
    /// Origin of the Pages project, without a trailing slash.
    pub pages_origin: String,
    /// Origin of Raptor, without a trailing slash.
    pub raptor_origin: String,
    /// Where Raptor publishes its keys.
    pub jwks_url: String,
    /// The `iss` that a token must have.
    pub issuer: String,
    /// The `aud` that a token must have.
    pub audience: String,
    /// The algorithms that a token may have.
    pub algorithms: Algorithms,
    /// What the edge proves itself to Raptor with.
    pub service_token: String,
    /// Demo customers may enrol: true in development alone.
    pub demo_enrolment: bool,
    /// A fault that tests ask for with the header of [`FAULT_HEADER`]: never in a deployed environment.
    pub fault_injection: bool,
}

/// The header by which a test asks for a fault, where [`Config::fault_injection`] is on.
pub const FAULT_HEADER: &str = "x-raxx-test-fault";

/// A variable that is missing or wrong. Names it and never shows its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigError {
    /// The variable or secret is not set.
    Missing(&'static str),
    /// Not an origin: `https://host`, or `http://` on a loopback address, with nothing after it.
    Origin(&'static str),
    /// Not a URL: `https://…`, or `http://` on a loopback address.
    Url(&'static str),
    /// Not a list of algorithms that the worker knows.
    Algorithms(&'static str),
    /// Not a service token: 32 random bytes in base64url without padding, 43 characters.
    ServiceToken(&'static str),
}

impl std::fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing(name) => {
                write!(formatter, "{name} is not set: set it in wrangler.toml, or with `wrangler secret put`")
            }
            Self::Origin(name) => {
                write!(formatter, "{name} is not an https origin without a path (http on loopback is accepted)")
            }
            Self::Url(name) => write!(formatter, "{name} is not an https URL (http on loopback is accepted)"),
            Self::Algorithms(name) => {
                write!(formatter, "{name} must list some of EdDSA, Ed25519 and ES256, separated by commas")
            }
            Self::ServiceToken(name) => {
                write!(
                    formatter,
                    "{name} is not 32 random bytes in base64url without padding (43 characters): make one as docs/runbook.md says"
                )
            }
        }
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Reads the configuration through `get`, which gives a variable or secret by its name.
    ///
    /// # Errors
    /// The first variable that is missing or wrong.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let need = |name: &'static str| get(name).filter(|value| !value.is_empty()).ok_or(ConfigError::Missing(name));
        let algorithms = need("JWT_ALGS")?;
        let service_token = need("EDGE_SERVICE_TOKEN")?;
        // Raptor would refuse it on every request: better one clear line in the log than a refusal for each customer.
        if !is_service_token(&service_token) {
            return Err(ConfigError::ServiceToken("EDGE_SERVICE_TOKEN"));
        }
        let on = |name: &str| get(name).is_some_and(|value| value == "1");
        Ok(Self {
            pages_origin: origin("PAGES_ORIGIN", need("PAGES_ORIGIN")?)?,
            raptor_origin: origin("RAPTOR_ORIGIN", need("RAPTOR_ORIGIN")?)?,
            jwks_url: url("JWKS_URL", need("JWKS_URL")?)?,
            issuer: need("JWT_ISSUER")?,
            audience: need("JWT_AUDIENCE")?,
            algorithms: Algorithms::parse(&algorithms).ok_or(ConfigError::Algorithms("JWT_ALGS"))?,
            service_token,
            demo_enrolment: on("DEMO_ENROLMENT"),
            fault_injection: on("FAULT_INJECTION"),
        })
    }
}

/// Whether this is written as a service token is (ADR 0056): 32 bytes in base64url without padding. Fewer than 8 different bytes are a
/// placeholder and not chance.
#[must_use]
pub fn is_service_token(text: &str) -> bool {
    let Some(bytes) = (text.len() == 43).then(|| URL_SAFE_NO_PAD.decode(text).ok()).flatten() else { return false };
    bytes.iter().collect::<HashSet<_>>().len() >= 8
}

/// Host and rest of a URL that credentials may be sent to.
fn split(url: &str) -> Option<(&str, &str)> {
    let (rest, loopback_only) = match url.split_once("://")? {
        ("https", rest) => (rest, false),
        ("http", rest) => (rest, true),
        _ => return None,
    };
    let end = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b':' | b'[' | b']');
    let sound = !host.is_empty() && authority.bytes().all(plain);
    let loopback = matches!(host, "127.0.0.1" | "localhost" | "[::1]");
    (sound && (loopback || !loopback_only)).then_some((authority, path))
}

fn origin(name: &'static str, value: String) -> Result<String, ConfigError> {
    match split(&value) {
        Some((_, "")) => Ok(value),
        _ => Err(ConfigError::Origin(name)),
    }
}

fn url(name: &'static str, value: String) -> Result<String, ConfigError> {
    let plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'#' | b'?' | b'\\');
    match split(&value) {
        Some((_, path)) if path.starts_with('/') && path.bytes().all(plain) => Ok(value),
        _ => Err(ConfigError::Url(name)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn with(changed: &str, value: &str) -> Result<Config, ConfigError> {
        Config::read(|name| {
            let default = match name {
                "PAGES_ORIGIN" => "https://raxx-support.pages.dev",
                "RAPTOR_ORIGIN" => "https://api.raxx.app",
                "JWKS_URL" => "https://api.raxx.app/.well-known/jwks.json",
                "JWT_ISSUER" => "https://api.raxx.app",
                "JWT_AUDIENCE" => "https://support.raxx.app",
                "JWT_ALGS" => "EdDSA",
                "EDGE_SERVICE_TOKEN" => "a-service-token-for-the-tests-of-this-file0",
                _ => return None,
            };
            Some(if name == changed { value } else { default }.to_owned())
        })
    }

    #[test]
    fn takes_what_is_sound() {
        let config = with("", "").ok().unwrap();
        assert!(!config.demo_enrolment && !config.fault_injection);
        for local in ["http://127.0.0.1:8789", "http://localhost:8789", "http://[::1]:8789"] {
            assert!(with("RAPTOR_ORIGIN", local).is_ok(), "{local}");
        }
    }

    #[test]
    fn sends_credentials_nowhere_else() {
        for odd in [
            "http://api.raxx.app",
            "https://api.raxx.app/",
            "https://api.raxx.app/v1",
            "https://user@api.raxx.app",
            "http://127.0.0.1@elsewhere.example",
            "http://127.0.0.1.elsewhere.example",
            "https://",
            "api.raxx.app",
            "ftp://api.raxx.app",
        ] {
            assert_eq!(with("RAPTOR_ORIGIN", odd).err(), Some(ConfigError::Origin("RAPTOR_ORIGIN")), "{odd}");
        }
        for odd in ["https://api.raxx.app", "http://api.raxx.app/jwks", "https://api.raxx.app/a?b"] {
            assert_eq!(with("JWKS_URL", odd).err(), Some(ConfigError::Url("JWKS_URL")), "{odd}");
        }
    }

    #[test]
    fn says_what_is_missing_and_never_shows_a_value() {
        assert_eq!(with("JWT_ISSUER", "").err(), Some(ConfigError::Missing("JWT_ISSUER")));
        for odd in ["none", "HS256", "EdDSA,none", ","] {
            assert_eq!(with("JWT_ALGS", odd).err(), Some(ConfigError::Algorithms("JWT_ALGS")), "{odd}");
        }
        let error = with("EDGE_SERVICE_TOKEN", "short-secret").err().unwrap();
        assert_eq!(error, ConfigError::ServiceToken("EDGE_SERVICE_TOKEN"));
        assert!(!error.to_string().contains("short-secret"));
    }

    #[test]
    fn takes_the_service_tokens_that_raptor_takes() {
        let repeated = "AAAA".repeat(10) + "AAA";
        for text in ["", "short-secret", &repeated, "development-only-service-token-of-the-edge0", "a b"] {
            assert_eq!(is_service_token(text), service_auth::ServiceToken::parse(text).is_ok(), "{text}");
        }
        assert!(is_service_token(service_auth::ServiceToken::generate().unwrap().expose()));
    }

    proptest! {
        #[test]
        fn judges_service_tokens_as_raptor_does(text in "[A-Za-z0-9_=-]{42,44}|[AB]{43}") {
            prop_assert_eq!(is_service_token(&text), service_auth::ServiceToken::parse(&text).is_ok());
        }
    }
}
