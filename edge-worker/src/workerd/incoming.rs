//! What a client asked.

use std::net::IpAddr;

use crate::address;

/// A request, as the glue's `describe` tells it.
pub(super) struct Incoming<'a> {
    /// When it arrived, in milliseconds since the epoch.
    pub(super) arrived: f64,
    pub(super) method: &'a str,
    /// The path as it stands in the URL, undecoded.
    pub(super) path: &'a str,
    /// The query without its question mark.
    pub(super) query: &'a str,
    pub(super) traceparent: &'a str,
    // These three are empty where GET asks something of the API.
    pub(super) accept: &'a str,
    pub(super) accept_encoding: &'a str,
    pub(super) if_none_match: &'a str,
    // From here on they are empty where a file is asked for.
    pub(super) authorization: &'a str,
    pub(super) address: Option<IpAddr>,
    pub(super) content_length: &'a str,
    pub(super) last_event_id: &'a str,
    // From here on they are empty where GET is asked.
    pub(super) content_type: &'a str,
    pub(super) content_encoding: &'a str,
    pub(super) idempotency_key: &'a str,
}

impl<'a> Incoming<'a> {
    pub(super) fn read(described: &'a str) -> Self {
        let mut lines = described.split('\n');
        let mut line = || lines.next().unwrap_or_default();
        let arrived = line().parse().unwrap_or_default();
        let method = line();
        let (path, query) = target(line());
        Self {
            arrived,
            method,
            path,
            query,
            // In the order in which the glue reads them.
            traceparent: line(),
            accept: line(),
            accept_encoding: line(),
            if_none_match: line(),
            authorization: line(),
            address: address::parse(line()),
            content_length: line(),
            last_event_id: line(),
            content_type: line(),
            content_encoding: line(),
            idempotency_key: line(),
        }
    }

    /// Seconds since the epoch.
    pub(super) fn seconds(&self) -> u64 {
        self.milliseconds() / 1000
    }

    /// Milliseconds since the epoch.
    pub(super) fn milliseconds(&self) -> u64 {
        self.arrived as u64
    }

    /// Somebody's browser shows the answer as a page.
    pub(super) fn is_navigation(&self) -> bool {
        self.method == "GET" && self.accept.contains("text/html") && !self.path.starts_with("/api/")
    }
}

/// Path and query of an absolute URL.
fn target(url: &str) -> (&str, &str) {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let target = after_scheme.find('/').and_then(|at| after_scheme.get(at..)).unwrap_or("/");
    let target = target.split('#').next().unwrap_or_default();
    target.split_once('?').unwrap_or((target, ""))
}
