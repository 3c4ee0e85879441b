//! The client side: holds the token, adds it to requests, exchanges it on reload.

use std::sync::Arc;

use arc_swap::ArcSwap;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use crate::{Metrics, Reload, Reloaded, ServiceToken, SourceError, TokenError, TokenSource};

/// What a service presents to its peer.
#[derive(Debug)]
pub struct ClientCredential {
    source: TokenSource,
    header: HeaderName,
    held: ArcSwap<Held>,
    metrics: Metrics,
}

/// A token together with the header made of it, so that a request only clones.
#[derive(Debug)]
struct Held {
    token: ServiceToken,
    value: HeaderValue,
}

impl Held {
    fn new(token: ServiceToken) -> Result<Self, TokenError> {
        let text = SecretString::from(format!("Bearer {}", token.expose()));
        let mut value = HeaderValue::from_str(text.expose_secret()).map_err(|_| TokenError::NotBase64Url)?;
        // Keeps HTTP libraries from printing it and from putting it into a compression table.
        value.set_sensitive(true);
        Ok(Self { token, value })
    }
}

impl ClientCredential {
    /// Reads the token, to be sent in `Authorization`.
    ///
    /// # Errors
    /// [`SourceError`]; a client that has no token cannot do its work and should not start.
    pub fn load(source: TokenSource) -> Result<Self, SourceError> {
        let held = Self::read(&source, source.load()?)?;
        Ok(Self {
            source,
            header: header::AUTHORIZATION,
            held: ArcSwap::from_pointee(held),
            metrics: Metrics::default(),
        })
    }

    /// Sends the token in another header, still as `Bearer <token>`.
    #[must_use]
    pub fn with_header(mut self, header: HeaderName) -> Self {
        self.header = header;
        self
    }

    /// Puts the present token into the headers of a request, replacing what was there under that name.
    pub fn apply(&self, headers: &mut HeaderMap) {
        headers.insert(self.header.clone(), self.held.load().value.clone());
    }

    /// Counters of this credential's reloads.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    fn read(source: &TokenSource, token: ServiceToken) -> Result<Held, SourceError> {
        Held::new(token).map_err(|error| SourceError::Token { origin: source.describe(), error })
    }
}

impl Reload for ClientCredential {
    fn reload(&self) -> Result<Reloaded, SourceError> {
        let next = Self::read(&self.source, self.source.reload()?)?;
        let unchanged = bool::from(self.held.load().token.digest().ct_eq(&next.token.digest()));
        if unchanged {
            return Ok(Reloaded::Unchanged);
        }
        self.held.store(Arc::new(next));
        Ok(Reloaded::Changed)
    }

    fn describe(&self) -> String {
        self.source.describe()
    }

    fn metrics(&self) -> &Metrics {
        &self.metrics
    }
}
