//! One careful HTTP client: no redirects, an explicit User-Agent, small bodies, `https` only, errors without addresses.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use ureq::{Agent, Body, http};

/// Bytes of an answer's body that are read at most, unless the request expects a long list.
const BODY_LIMIT: u64 = 256 * 1024;

/// Bytes of a long list at most.
const LIST_LIMIT: u64 = 32 * 1024 * 1024;

/// Says who asks: an unnamed client is what browser checks refuse.
const USER_AGENT: &str = concat!("raxx-vault/", env!("CARGO_PKG_VERSION"), " (credential check; read-only)");

/// Sends requests.
pub struct Client {
    agent: Agent,
    /// For loopback addresses, which no proxy should see.
    direct: Agent,
}

/// Why there was no answer. The messages hold no address and no header: either may contain a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Trouble {
    /// No answer in time.
    #[error("no answer in time")]
    Timeout,
    /// No connection.
    #[error("no connection")]
    Connection,
    /// TLS failed.
    #[error("no trusted connection: the certificate or the protocol was refused")]
    Tls,
    /// More than the limit.
    #[error("the answer was too large to be what was asked for")]
    TooLarge,
    /// The address is not `https`.
    #[error("not asked: the address is not https, and a credential would be readable on its way")]
    Insecure,
    /// The value cannot be sent.
    #[error("not asked: the value has characters that no credential has")]
    Unsendable,
    /// Anything else.
    #[error("no answer: the connection failed")]
    Other,
}

/// A request, built up part by part.
pub(crate) struct Request {
    method: &'static str,
    url: String,
    headers: Vec<(&'static str, SecretString)>,
    body: Option<SecretString>,
    retry: bool,
    limit: u64,
}

impl Request {
    pub(crate) fn get(url: String) -> Self {
        Self { method: "GET", url, headers: Vec::new(), body: None, retry: true, limit: BODY_LIMIT }
    }

    pub(crate) fn post(url: String, content_type: &'static str, body: impl Into<SecretString>) -> Self {
        Self { method: "POST", url, headers: Vec::new(), body: Some(body.into()), retry: true, limit: BODY_LIMIT }
            .header("content-type", content_type)
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, SecretString::from(value.into())));
        self
    }

    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    /// The answer may be long.
    pub(crate) fn list(mut self) -> Self {
        self.limit = LIST_LIMIT;
        self
    }

    /// Not even a lost connection is tried again: the vendor counts attempts.
    pub(crate) fn once(mut self) -> Self {
        self.retry = false;
        self
    }
}

/// An answer. Has no `Debug`: its body may repeat the credential.
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: http::HeaderMap,
    body: SecretString,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as JSON; `Null` if it is none.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(self.body.expose_secret()).unwrap_or_default()
    }

    pub(crate) fn text(&self) -> &str {
        self.body.expose_secret()
    }

    /// Cloudflare's Browser Integrity Check, which refuses a client by its looks.
    pub(crate) fn is_browser_check(&self) -> bool {
        let text = self.text();
        matches!(self.status, 403 | 503)
            && ["error code: 1010", "Error 1010", "error_code\":1010", "error_code\": 1010", "cf_chl_opt"]
                .iter()
                .any(|mark| text.contains(mark))
    }

    /// The values of a comma-separated header.
    pub(crate) fn list(&self, name: &str) -> Option<Vec<String>> {
        let value = self.header(name)?;
        Some(value.split(',').map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect())
    }
}

impl Client {
    /// A client whose calls take at most this long.
    pub fn new(timeout: Duration) -> Self {
        let config = || {
            Agent::config_builder()
                .user_agent(USER_AGENT)
                .max_redirects(0)
                .max_redirects_will_error(false)
                .http_status_as_error(false)
                .timeout_global(Some(timeout))
        };
        Self { agent: config().build().new_agent(), direct: config().proxy(None).build().new_agent() }
    }

    /// Sends a request; a lost connection is tried once more.
    pub(crate) fn send(&self, request: &Request) -> Result<Answer, Trouble> {
        match self.attempt(request) {
            Err(Trouble::Connection | Trouble::Timeout) if request.retry => self.attempt(request),
            result => result,
        }
    }

    fn attempt(&self, request: &Request) -> Result<Answer, Trouble> {
        let loopback = is_loopback(&request.url);
        if !request.url.starts_with("https://") && !loopback {
            return Err(Trouble::Insecure);
        }
        let mut builder = http::Request::builder().method(request.method).uri(&request.url);
        for (name, value) in &request.headers {
            let mut value = http::HeaderValue::from_str(value.expose_secret()).map_err(|_| Trouble::Unsendable)?;
            value.set_sensitive(true);
            builder = builder.header(*name, value);
        }
        let agent = if loopback { &self.direct } else { &self.agent };
        let response = match &request.body {
            None => builder
                .body(())
                .map_err(|_| Trouble::Unsendable)
                .and_then(|request| agent.run(request).map_err(trouble)),
            Some(body) => builder
                .body(body.expose_secret().as_bytes())
                .map_err(|_| Trouble::Unsendable)
                .and_then(|request| agent.run(request).map_err(trouble)),
        }?;
        read(response, request.limit)
    }
}

fn read(response: http::Response<Body>, limit: u64) -> Result<Answer, Trouble> {
    let (parts, mut body) = response.into_parts();
    let text = body.with_config().limit(limit).lossy_utf8(true).read_to_string().map_err(trouble)?;
    Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body: SecretString::from(text) })
}

/// What went wrong, without the words: `ureq`'s messages may contain the address.
#[expect(clippy::needless_pass_by_value, reason = "so that it can be given to map_err")]
fn trouble(error: ureq::Error) -> Trouble {
    match error {
        ureq::Error::Timeout(_) => Trouble::Timeout,
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed | ureq::Error::Io(_) => Trouble::Connection,
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => Trouble::Tls,
        ureq::Error::BodyExceedsLimit(_) | ureq::Error::LargeResponseHeader(..) => Trouble::TooLarge,
        _ => Trouble::Other,
    }
}

/// Whether an address is this machine's own, so that nobody on the way can read it.
fn is_loopback(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    matches!(host, "127.0.0.1" | "localhost" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_travels_encrypted_or_not_at_all() {
        let client = Client::new(Duration::from_secs(1));
        for url in ["http://example.com/", "http://127.0.0.1.example.com/", "http://localhost@example.com/", "ftp://x"]
        {
            let request = Request::get(url.to_owned()).bearer("secret");
            assert_eq!(client.send(&request).err(), Some(Trouble::Insecure), "{url}");
        }
        assert!(
            is_loopback("http://127.0.0.1:80/x")
                && is_loopback("http://[::1]:1/")
                && !is_loopback("https://localhost/")
        );
        let request = Request::get("http://127.0.0.1:9/".to_owned()).bearer("two\nlines");
        assert_eq!(client.send(&request).err(), Some(Trouble::Unsendable));
    }
}
