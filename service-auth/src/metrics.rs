//! Counters that the host service reads and publishes.

use std::{
    fmt::Write,
    sync::atomic::{AtomicU64, Ordering},
};

use crate::{KeyAge, Refusal};

/// How often each thing happened since the process started. All counters only grow.
#[derive(Debug, Default)]
pub struct Metrics {
    accepted_current: AtomicU64,
    accepted_previous: AtomicU64,
    refused_missing: AtomicU64,
    refused_malformed: AtomicU64,
    refused_unknown: AtomicU64,
    refused_ended: AtomicU64,
    reload_changed: AtomicU64,
    reload_failed: AtomicU64,
}

impl Metrics {
    /// Requests accepted with a key of this age. A count of `Previous` that no longer grows means that every client has
    /// switched, and the window may end.
    pub fn accepted(&self, age: KeyAge) -> u64 {
        self.accepted_counter(age).load(Ordering::Relaxed)
    }

    /// Requests refused for this reason.
    pub fn refused(&self, refusal: Refusal) -> u64 {
        self.refused_counter(refusal).load(Ordering::Relaxed)
    }

    /// Reloads that brought another token.
    pub fn reloads_changed(&self) -> u64 {
        self.reload_changed.load(Ordering::Relaxed)
    }

    /// Reloads that failed, after which the old token was kept.
    pub fn reloads_failed(&self) -> u64 {
        self.reload_failed.load(Ordering::Relaxed)
    }

    /// The counters in the Prometheus text format (version 0.0.4). `pair` names the other end of the service pair.
    ///
    /// ```
    /// let text = service_auth::Metrics::default().render("edge");
    /// assert!(text.contains("service_auth_requests_total{pair=\"edge\",outcome=\"accepted_current\"} 0\n"));
    /// ```
    pub fn render(&self, pair: &str) -> String {
        // The three characters that the format escapes in a label value.
        let pair = pair.replace('\\', r"\\").replace('"', "\\\"").replace('\n', r"\n");
        let mut text = String::new();
        let mut family = |name: &str, help: &str, label: &str, rows: &[(&str, &AtomicU64)]| {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} counter");
            for (value, counter) in rows {
                let count = counter.load(Ordering::Relaxed);
                let _ = writeln!(text, "{name}{{pair=\"{pair}\",{label}=\"{value}\"}} {count}");
            }
        };
        family(
            "service_auth_requests_total",
            "Requests between the two services, by outcome.",
            "outcome",
            &[
                ("accepted_current", &self.accepted_current),
                ("accepted_previous", &self.accepted_previous),
                ("refused_missing", &self.refused_missing),
                ("refused_malformed", &self.refused_malformed),
                ("refused_unknown", &self.refused_unknown),
                ("refused_ended", &self.refused_ended),
            ],
        );
        family(
            "service_auth_reloads_total",
            "Reloads of the token that changed it or failed.",
            "outcome",
            &[("changed", &self.reload_changed), ("failed", &self.reload_failed)],
        );
        text
    }

    pub(crate) fn count_accepted(&self, age: KeyAge) {
        self.accepted_counter(age).fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_refused(&self, refusal: Refusal) {
        self.refused_counter(refusal).fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_reload_changed(&self) {
        self.reload_changed.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_reload_failed(&self) {
        self.reload_failed.fetch_add(1, Ordering::Relaxed);
    }

    fn accepted_counter(&self, age: KeyAge) -> &AtomicU64 {
        match age {
            KeyAge::Current => &self.accepted_current,
            KeyAge::Previous => &self.accepted_previous,
        }
    }

    fn refused_counter(&self, refusal: Refusal) -> &AtomicU64 {
        match refusal {
            Refusal::Missing => &self.refused_missing,
            Refusal::Malformed => &self.refused_malformed,
            Refusal::Unknown => &self.refused_unknown,
            Refusal::Ended => &self.refused_ended,
        }
    }
}
