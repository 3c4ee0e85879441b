//! Bearer authentication between two services, rotated without a restart (ADR 0056).
//!
//! A private service such as Reasonator, or Raptor behind its edge worker, must know that a request comes from its one
//! legitimate caller before it believes anything else in it. Both ends of such a *service pair* hold the same
//! [`ServiceToken`]: 32 random bytes, written as 43 characters of unpadded base64url.
//!
//! # The client
//!
//! A [`ClientCredential`] reads the token from a [`TokenSource`] at start and adds it to each request.
//!
//! ```
//! use service_auth::{ClientCredential, ServiceToken, TokenSource};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let directory = tempfile::tempdir()?;
//! let path = directory.path().join("reasonator-service-token");
//! std::fs::write(&path, ServiceToken::generate()?.expose())?;
//!
//! let credential = ClientCredential::load(TokenSource::file(&path))?;
//! let mut headers = http::HeaderMap::new();
//! credential.apply(&mut headers);
//! assert!(headers["authorization"].is_sensitive());
//! # Ok(()) }
//! ```
//!
//! # The server
//!
//! A [`ServiceAuthLayer`] refuses every request that does not carry the current token, or the previous one while its
//! overlap window lasts.
//!
//! ```
//! use std::{sync::Arc, time::Duration};
//! use axum::{Router, routing::get};
//! use service_auth::{KeyRing, KeySource, ServiceAuthLayer, ServiceToken, Tier, TokenSource, Verifier};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let token = ServiceToken::generate()?;
//! let source = KeySource::new(TokenSource::value("REASONATOR_SERVICE_TOKEN", token.expose()));
//! let ring = Arc::new(KeyRing::load(source, Duration::from_secs(600))?);
//! let verifier = Arc::new(Verifier::new("raptor", ring));
//!
//! let app: Router = Router::new()
//!     .route("/score", get(|tier: Tier| async move { tier.as_str().to_owned() }))
//!     .layer(ServiceAuthLayer::new(verifier));
//! # Ok(()) }
//! ```
//!
//! # Rotation
//!
//! The verifier learns the new token **first**, and from then on accepts both; then the client switches; then the window
//! ends and the old token is refused. The other order refuses every request between the two steps.
//!
//! Both ends re-read a *file* on `SIGHUP` and whenever its content changes ([`watch`]), and keep what they have if the new
//! content is unusable. **The environment of a running process cannot be changed from outside**: a token that came from an
//! environment variable changes only with a restart, and [`SourceError::NotReloadable`] says so.
//!
//! # What is never shown
//!
//! Tokens have no `Display` and a redacted `Debug`. A log line carries the first 8 characters, and those only if the
//! presented value is shaped like a token; anything else is logged as `<malformed>`, so that a caller cannot write into the
//! log. A refusal says nothing of its cause.

mod client;
mod clock;
mod keys;
mod layer;
mod metrics;
mod refusal;
mod reload;
mod source;
#[cfg(feature = "axum")]
mod tier;
mod token;
mod verifier;

pub use client::ClientCredential;
pub use clock::{Clock, ManualClock, SystemClock};
pub use keys::{KeyAge, KeyMatch, KeyRing, KeySource, Keys};
pub use layer::{ServiceAuth, ServiceAuthLayer};
pub use metrics::Metrics;
pub use refusal::{PROBLEM_BODY, Refusal, refusal_response};
pub use reload::{DEFAULT_POLL_INTERVAL, Reload, ReloadWatch, Reloaded, watch};
pub use source::{SourceError, TokenSource};
#[cfg(feature = "axum")]
pub use tier::{TIER_HEADER, Tier, TierRejection};
pub use token::{ServiceToken, TOKEN_BYTES, TOKEN_CHARACTERS, TokenDigest, TokenError, log_label};
pub use verifier::{Verified, Verifier};
