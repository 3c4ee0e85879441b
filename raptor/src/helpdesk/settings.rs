//! What the client needs to know.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use secrecy::SecretString;
use shared::Timestamp;

use super::id::{AgentId, CustomFieldId, MailboxId};

/// Where the help desk is and how to treat it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Its address.
    pub base: BaseUrl,
    /// The one mailbox whose conversations customers may see.
    pub mailbox: MailboxId,
    /// The account in whose name the portal itself acts: status changes and notes. Without it, a status is changed by a message in
    /// the customer's name, and notes are not possible.
    pub portal_agent: Option<AgentId>,
    /// Custom fields whose values customers may see. All others are dropped while the answer is read.
    pub visible_fields: BTreeSet<CustomFieldId>,
    /// How long things may take.
    pub timeouts: Timeouts,
    /// When it is left alone.
    pub breaker: BreakerSettings,
    /// Agents can take a message back for 15 s, during which it can be read already. Younger ones than this are held back.
    pub hold_back: Duration,
    /// How long after an attempt ended the help desk may still be working on it. Only then does "not there" mean that it never will be.
    pub settle: Duration,
    /// What time it is.
    pub clock: Clock,
}

impl Settings {
    /// The usual settings.
    #[must_use]
    pub fn new(base: BaseUrl, mailbox: MailboxId) -> Self {
        Self {
            base,
            mailbox,
            portal_agent: None,
            visible_fields: BTreeSet::new(),
            timeouts: Timeouts::default(),
            breaker: BreakerSettings::default(),
            hold_back: Duration::from_secs(20),
            settle: Duration::from_secs(90),
            clock: Clock::system(),
        }
    }
}

/// How long things may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Until a connection stands.
    pub connect: Duration,
    /// Until an answer to a read is complete.
    pub read: Duration,
    /// Until an answer to a write is complete; files travel within.
    pub write: Duration,
    /// Longest silence within a download.
    pub download_idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            read: Duration::from_secs(10),
            write: Duration::from_secs(30),
            download_idle: Duration::from_secs(20),
        }
    }
}

/// When the help desk is left alone, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakerSettings {
    /// After so many failures in a row.
    pub failures: u32,
    /// The first pause; each further one is twice as long.
    pub first_pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
}

impl Default for BreakerSettings {
    fn default() -> Self {
        Self { failures: 5, first_pause: Duration::from_secs(1), longest_pause: Duration::from_secs(60) }
    }
}

/// What opens the help desk's door. Read anew while Raptor runs, see [`super::HelpDesk::replace_secrets`].
#[derive(Clone)]
pub struct Secrets {
    /// The one key of the interface. It opens everything: all authorisation is Raptor's.
    pub api_key: SecretString,
    /// Service token of the access gate in front of it, when there is one.
    pub access_gate: Option<AccessGateToken>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Secrets(access_gate: {})", if self.access_gate.is_some() { "set" } else { "none" })
    }
}

/// A service token of the access gate.
#[derive(Clone, Debug)]
pub struct AccessGateToken {
    /// Sent as `CF-Access-Client-Id`.
    pub client_id: SecretString,
    /// Sent as `CF-Access-Client-Secret`.
    pub client_secret: SecretString,
}

/// The help desk's address. It never reaches a customer, so it is not printed either.
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl {
    /// Ends with a slash, without `api`.
    root: Url,
    host: String,
}

/// Why an address cannot be the help desk's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BaseUrlError {
    /// It is no address.
    #[error("it is not an absolute address such as https://desk.example")]
    Malformed,
    /// It is not https, and not loopback either.
    #[error("it must be https; http is allowed for loopback addresses alone, because the key travels in it")]
    Insecure,
    /// It carries a user name, a query or a fragment.
    #[error("it must not carry a user name, a password, a query or a fragment")]
    Decorated,
}

impl BaseUrl {
    /// Reads an address, with or without the `/api` behind it.
    ///
    /// # Errors
    /// See [`BaseUrlError`].
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        let mut root = Url::parse(text.trim()).map_err(|_| BaseUrlError::Malformed)?;
        let host = root.host_str().ok_or(BaseUrlError::Malformed)?.trim_end_matches('.').to_ascii_lowercase();
        let loopback = host == "localhost"
            || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        match root.scheme() {
            "https" => {}
            "http" if loopback => {}
            "http" => return Err(BaseUrlError::Insecure),
            _ => return Err(BaseUrlError::Malformed),
        }
        if !root.username().is_empty()
            || root.password().is_some()
            || root.query().is_some()
            || root.fragment().is_some()
        {
            return Err(BaseUrlError::Decorated);
        }
        let path = root.path().trim_end_matches('/');
        let path = format!("{}/", path.strip_suffix("/api").unwrap_or(path));
        root.set_path(&path);
        Ok(Self { root, host })
    }

    /// The host, lower case: it must not occur in anything that a customer sees.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Address of a resource; the segments are encoded.
    pub(super) fn resource(&self, segments: &[&str]) -> Url {
        let mut url = self.root.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().push("api").extend(segments);
        }
        url
    }

    /// The same scheme, host and port, below the same path.
    pub(super) fn covers(&self, url: &Url) -> bool {
        url.origin() == self.root.origin() && url.path().starts_with(self.root.path())
    }

    /// What follows the help desk's own path.
    pub(super) fn path_within<'a>(&self, url: &'a Url) -> Option<&'a str> {
        self.covers(url).then(|| url.path().strip_prefix(self.root.path())).flatten()
    }

    /// An address that may be relative, such as in an `img`.
    pub(super) fn join(&self, text: &str) -> Option<Url> {
        self.root.join(text).ok()
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("BaseUrl(..)")
    }
}

/// What time it is.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The system's.
    #[must_use]
    pub fn system() -> Self {
        Self::new(|| {
            let elapsed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
            Timestamp::from_millis(i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX))
        })
    }

    /// One of the caller's.
    #[must_use]
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Clock(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_addresses_with_and_without_api() {
        for text in
            ["https://desk.example", "https://desk.example/", "https://desk.example/api", "https://DESK.example/api/"]
        {
            let base = BaseUrl::parse(text).unwrap();
            assert_eq!(
                base.resource(&["conversations", "3"]).as_str(),
                "https://desk.example/api/conversations/3",
                "{text}"
            );
            assert_eq!(base.host(), "desk.example");
        }
        let below = BaseUrl::parse("https://desk.example/help/api").unwrap();
        assert_eq!(below.resource(&["users"]).as_str(), "https://desk.example/help/api/users");
        assert!(!below.covers(&Url::parse("https://desk.example/storage/attachment/1").unwrap()));
    }

    #[test]
    fn refuses_what_would_leak_the_key() {
        assert_eq!(BaseUrl::parse("http://desk.example"), Err(BaseUrlError::Insecure));
        assert_eq!(BaseUrl::parse("http://127.0.0.1.evil.example"), Err(BaseUrlError::Insecure));
        assert_eq!(BaseUrl::parse("ftp://desk.example"), Err(BaseUrlError::Malformed));
        assert_eq!(BaseUrl::parse("desk.example"), Err(BaseUrlError::Malformed));
        assert_eq!(BaseUrl::parse("https://u:p@desk.example"), Err(BaseUrlError::Decorated));
        assert_eq!(BaseUrl::parse("https://desk.example?x"), Err(BaseUrlError::Decorated));
        for loopback in ["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080"] {
            assert!(BaseUrl::parse(loopback).is_ok(), "{loopback}");
        }
    }

    #[test]
    fn nothing_secret_is_printed() {
        let secrets = Secrets { api_key: "0123456789abcdef".into(), access_gate: None };
        let base = BaseUrl::parse("https://desk.example").unwrap();
        assert!(!format!("{secrets:?}").contains("0123456789abcdef"));
        assert!(!format!("{:?}", Settings::new(base, MailboxId::new(1).unwrap())).contains("desk.example"));
    }
}
