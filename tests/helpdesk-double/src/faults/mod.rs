//! Injected faults: what goes wrong, for which calls, and how often.

mod apply;

pub(crate) use apply::{DropConnection, loses_files, with_faults};

use serde::{Deserialize, Serialize};
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};
use tokio::sync::watch;

/// What goes wrong. "Commit" is the moment at which the help desk has stored what the call asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultKind {
    /// Wait before anything happens, then work as usual.
    Latency {
        /// Milliseconds.
        ms: u64,
    },
    /// Work as usual, then wait before answering.
    SlowAnswer {
        /// Milliseconds.
        ms: u64,
    },
    /// Answer with an HTML error page; nothing is stored. 500 is the help desk's own page, others the web server's.
    ErrorBeforeCommit {
        /// HTTP status, 400 to 599.
        status: u16,
    },
    /// Store, then answer with an HTML error page.
    ErrorAfterCommit {
        /// HTTP status, 400 to 599.
        status: u16,
    },
    /// 429 of the fronting web server; nothing is stored.
    TooManyRequests {
        /// Seconds for `Retry-After`; no header when missing.
        #[serde(default)]
        retry_after: Option<u64>,
    },
    /// Never answer until the fault is cleared; then 504. Nothing is stored.
    HangBeforeCommit,
    /// Store, then never answer until the fault is cleared; then 504.
    HangAfterCommit,
    /// Close the connection without an answer; nothing is stored.
    DropBeforeCommit,
    /// Store, then close the connection without an answer.
    DropAfterCommit,
    /// Store only after a while, even when the caller has given up by then, as PHP does.
    CommitLate {
        /// Milliseconds.
        ms: u64,
    },
    /// Store, then answer 2xx with JSON that ends in the middle.
    MalformedJson,
    /// Store, then send half of the announced body and close.
    TruncatedBody,
    /// Store, then answer 2xx with no body.
    EmptyBody,
    /// Store and answer as usual, but without the files, as when the disk is full.
    LoseFiles,
    /// Answer 200 with an HTML page, as an access gate does for its login; nothing is stored.
    LoginPage,
    /// Answer 302 to a login page elsewhere; nothing is stored.
    RedirectToLogin,
}

impl FaultKind {
    /// One fault of each kind, those that wait waiting for `ms` milliseconds: what a fault matrix draws from.
    #[must_use]
    pub fn one_of_each(ms: u64) -> Vec<Self> {
        vec![
            Self::Latency { ms },
            Self::SlowAnswer { ms },
            Self::ErrorBeforeCommit { status: 500 },
            Self::ErrorAfterCommit { status: 504 },
            Self::TooManyRequests { retry_after: None },
            Self::HangBeforeCommit,
            Self::HangAfterCommit,
            Self::DropBeforeCommit,
            Self::DropAfterCommit,
            Self::CommitLate { ms },
            Self::MalformedJson,
            Self::TruncatedBody,
            Self::EmptyBody,
            Self::LoseFiles,
            Self::LoginPage,
            Self::RedirectToLogin,
        ]
    }

    /// Whether a call that meets this fault is stored, sooner or later.
    #[must_use]
    pub fn commits(&self) -> bool {
        match self {
            Self::Latency { .. }
            | Self::SlowAnswer { .. }
            | Self::ErrorAfterCommit { .. }
            | Self::HangAfterCommit
            | Self::DropAfterCommit
            | Self::CommitLate { .. }
            | Self::MalformedJson
            | Self::TruncatedBody
            | Self::EmptyBody
            | Self::LoseFiles => true,
            Self::ErrorBeforeCommit { .. }
            | Self::TooManyRequests { .. }
            | Self::HangBeforeCommit
            | Self::DropBeforeCommit
            | Self::LoginPage
            | Self::RedirectToLogin => false,
        }
    }
}

/// A fault and the calls that it hits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What goes wrong.
    #[serde(flatten)]
    pub kind: FaultKind,
    /// Only this method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Only this route, either as a template (`/api/conversations/{id}/threads`) or as the start of a path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<String>,
    /// Let this many matching calls pass first.
    #[serde(default)]
    pub skip: u32,
    /// Hit this many calls; all until cleared when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
}

impl Fault {
    /// A fault for the next call only, whatever it is.
    #[must_use]
    pub fn once(kind: FaultKind) -> Self {
        Self { times: Some(1), ..Self::always(kind) }
    }

    /// A fault for every call until cleared.
    #[must_use]
    pub fn always(kind: FaultKind) -> Self {
        Self { kind, method: None, route: None, skip: 0, times: None }
    }

    /// Only for this method and route.
    #[must_use]
    pub fn on(mut self, method: &str, route: &str) -> Self {
        self.method = Some(method.to_owned());
        self.route = Some(route.to_owned());
        self
    }

    /// Only for this many calls.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Lets this many matching calls pass first.
    #[must_use]
    pub fn skip(mut self, skip: u32) -> Self {
        self.skip = skip;
        self
    }

    fn matches(&self, method: &str, route: &str, path: &str) -> bool {
        self.method.as_deref().is_none_or(|own| own.eq_ignore_ascii_case(method))
            && self.route.as_deref().is_none_or(|own| {
                if own.contains('{') { own == route } else { route == own || path.starts_with(&format!("{own}/")) }
            })
    }
}

/// A fault that was injected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InjectedFault {
    /// For clearing it.
    pub id: u64,
    /// The fault; `skip` and `times` count down.
    #[serde(flatten)]
    pub fault: Fault,
    /// Calls hit so far.
    pub hits: u64,
}

/// All injected faults.
#[derive(Debug)]
pub(crate) struct Faults {
    injected: Mutex<Vec<InjectedFault>>,
    next_id: AtomicU64,
    /// Changes whenever faults are cleared, which ends every hanging call.
    cleared: watch::Sender<u64>,
}

impl Default for Faults {
    fn default() -> Self {
        Self { injected: Mutex::default(), next_id: AtomicU64::new(1), cleared: watch::Sender::new(0) }
    }
}

impl Faults {
    pub(crate) fn inject(&self, fault: Fault) -> u64 {
        let id = self.next_id.fetch_add(1, Ordering::SeqCst);
        self.with(|injected| injected.push(InjectedFault { id, fault, hits: 0 }));
        id
    }

    pub(crate) fn list(&self) -> Vec<InjectedFault> {
        self.with(|injected| injected.clone())
    }

    /// Clears one fault and lets every hanging call end.
    pub(crate) fn remove(&self, id: u64) -> bool {
        let removed = self.with(|injected| {
            let before = injected.len();
            injected.retain(|fault| fault.id != id);
            injected.len() < before
        });
        self.cleared.send_modify(|generation| *generation += 1);
        removed
    }

    /// Clears all faults and lets every hanging call end.
    pub(crate) fn clear(&self) {
        self.with(Vec::clear);
        self.cleared.send_modify(|generation| *generation += 1);
    }

    /// The faults that hit this call, counted.
    pub(crate) fn take(&self, method: &str, route: &str, path: &str) -> Vec<FaultKind> {
        self.with(|injected| {
            let mut hit = Vec::new();
            for entry in injected.iter_mut().filter(|entry| entry.fault.matches(method, route, path)) {
                if entry.fault.skip > 0 {
                    entry.fault.skip -= 1;
                    continue;
                }
                match &mut entry.fault.times {
                    Some(0) => continue,
                    Some(times) => *times -= 1,
                    None => {}
                }
                entry.hits += 1;
                hit.push(entry.fault.kind.clone());
            }
            hit
        })
    }

    /// Ends when faults are cleared after this was called.
    pub(crate) async fn until_cleared(&self) {
        let mut cleared = self.cleared.subscribe();
        // An error means that the sender is gone, and with it the help desk.
        let _ = cleared.changed().await;
    }

    fn with<T>(&self, use_faults: impl FnOnce(&mut Vec<InjectedFault>) -> T) -> T {
        use_faults(&mut self.injected.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_count_down_and_match() {
        let faults = Faults::default();
        let template = "/api/conversations/{id}/threads";
        faults.inject(Fault::once(FaultKind::EmptyBody).on("POST", template).skip(1).times(2));
        let hits = |method| faults.take(method, template, "/api/conversations/3/threads").len();
        assert_eq!((hits("GET"), hits("POST"), hits("POST"), hits("POST"), hits("POST")), (0, 0, 1, 1, 0));
        assert_eq!(faults.take("POST", "/api/conversations", "/api/conversations").len(), 0);
    }

    #[test]
    fn a_route_without_braces_matches_what_lies_below() {
        let faults = Faults::default();
        faults.inject(Fault::always(FaultKind::EmptyBody).on("GET", "/api/conversations"));
        assert_eq!(faults.take("GET", "/api/conversations", "/api/conversations").len(), 1);
        assert_eq!(faults.take("GET", "/api/conversations/{id}", "/api/conversations/7").len(), 1);
        assert_eq!(faults.take("GET", "/api/customers", "/api/customers").len(), 0);
    }

    #[test]
    fn faults_are_written_flat() {
        let json =
            r#"{"kind":"error_after_commit","status":504,"method":"POST","route":"/api/conversations","times":1}"#;
        let fault: Fault = serde_json::from_str(json).unwrap();
        assert_eq!(fault, Fault::once(FaultKind::ErrorAfterCommit { status: 504 }).on("POST", "/api/conversations"));
    }
}
