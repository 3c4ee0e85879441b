//! Counters in the text format of Prometheus (version 0.0.4).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::helpdesk::{Cause, HelpDesk, Operation};

/// Upper bounds of the duration buckets, in seconds.
const BUCKETS: [f64; 8] = [0.005, 0.02, 0.05, 0.1, 0.5, 1.0, 5.0, 15.0];

/// Everything that is counted here; the help desk's client counts its own.
#[derive(Default)]
pub struct Metrics {
    calls: Mutex<BTreeMap<(&'static str, u16), u64>>,
    durations: Mutex<BTreeMap<&'static str, Histogram>>,
    /// Open event streams.
    pub streams: AtomicU64,
    /// Webhooks that were accepted.
    pub webhooks_accepted: AtomicU64,
    /// Webhooks that were refused.
    pub webhooks_refused: AtomicU64,
    /// Submissions that were delivered.
    pub delivered: AtomicU64,
    /// Submissions that were refused for good.
    pub failed: AtomicU64,
    /// Submissions that were found at the help desk after an attempt whose outcome was unknown: duplicates that were not made.
    pub reconciled: AtomicU64,
}

#[derive(Default, Clone)]
struct Histogram {
    buckets: [u64; BUCKETS.len()],
    count: u64,
    seconds: f64,
}

impl Metrics {
    /// Counts a call. The route comes from the contract, so the number of rows is bounded.
    pub fn count_call(&self, route: &'static str, status: u16, elapsed: Duration) {
        *self.calls.lock().unwrap_or_else(PoisonError::into_inner).entry((route, status)).or_default() += 1;
        let mut durations = self.durations.lock().unwrap_or_else(PoisonError::into_inner);
        let histogram = durations.entry(route).or_default();
        let seconds = elapsed.as_secs_f64();
        for (bucket, bound) in histogram.buckets.iter_mut().zip(BUCKETS) {
            *bucket += u64::from(seconds <= bound);
        }
        histogram.count += 1;
        histogram.seconds += seconds;
    }

    /// The counters as text.
    #[must_use]
    pub fn render(&self, outbox_depth: Option<u32>) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ =
            writeln!(text, "# HELP raptor_calls_total Calls by route and status.\n# TYPE raptor_calls_total counter");
        for ((route, status), count) in self.calls.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let _ = writeln!(text, "raptor_calls_total{{route=\"{route}\",status=\"{status}\"}} {count}");
        }
        let _ = writeln!(text, "# HELP raptor_call_seconds How long calls took.\n# TYPE raptor_call_seconds histogram");
        for (route, histogram) in self.durations.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            for (count, bound) in histogram.buckets.iter().zip(BUCKETS) {
                let _ = writeln!(text, "raptor_call_seconds_bucket{{route=\"{route}\",le=\"{bound}\"}} {count}");
            }
            let _ = writeln!(text, "raptor_call_seconds_bucket{{route=\"{route}\",le=\"+Inf\"}} {}", histogram.count);
            let _ = writeln!(text, "raptor_call_seconds_sum{{route=\"{route}\"}} {}", histogram.seconds);
            let _ = writeln!(text, "raptor_call_seconds_count{{route=\"{route}\"}} {}", histogram.count);
        }
        let mut single = |name: &str, kind: &str, help: &str, value: u64| {
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}");
        };
        let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        single("raptor_event_streams", "gauge", "Open event streams.", load(&self.streams));
        single("raptor_webhooks_accepted_total", "counter", "Webhooks accepted.", load(&self.webhooks_accepted));
        single("raptor_webhooks_refused_total", "counter", "Webhooks refused.", load(&self.webhooks_refused));
        single("raptor_submissions_delivered_total", "counter", "Submissions delivered.", load(&self.delivered));
        single("raptor_submissions_failed_total", "counter", "Submissions refused for good.", load(&self.failed));
        single(
            "raptor_submissions_reconciled_total",
            "counter",
            "Duplicates that were not made.",
            load(&self.reconciled),
        );
        if let Some(depth) = outbox_depth {
            single("raptor_outbox_depth", "gauge", "Submissions that wait.", u64::from(depth));
        }
        text
    }
}

/// The counters of the help desk's client.
pub(crate) fn render_desk(desk: &HelpDesk) -> String {
    let mut text = String::new();
    let counters = desk.counters();
    let _ = writeln!(
        text,
        "# HELP raptor_desk_calls_total Calls to the help desk.\n# TYPE raptor_desk_calls_total counter"
    );
    for operation in Operation::ALL {
        let calls = counters.calls(operation);
        let _ = writeln!(text, "raptor_desk_calls_total{{operation=\"{}\"}} {calls}", operation.name());
    }
    let _ = writeln!(
        text,
        "# HELP raptor_desk_failures_total Calls that failed.\n# TYPE raptor_desk_failures_total counter"
    );
    for cause in Cause::ALL {
        let failures = counters.failures(cause);
        let _ = writeln!(text, "raptor_desk_failures_total{{cause=\"{}\"}} {failures}", cause.code());
    }
    let open = u8::from(desk.is_left_alone());
    let _ = writeln!(
        text,
        "# HELP raptor_desk_left_alone The circuit breaker is open.\n# TYPE raptor_desk_left_alone gauge"
    );
    let _ = writeln!(text, "raptor_desk_left_alone {open}");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_calls_and_their_durations() {
        let metrics = Metrics::default();
        metrics.count_call("listTickets", 200, Duration::from_millis(10));
        metrics.count_call("listTickets", 200, Duration::from_secs(60));
        let text = metrics.render(Some(3));
        for line in [
            "raptor_calls_total{route=\"listTickets\",status=\"200\"} 2",
            "raptor_call_seconds_bucket{route=\"listTickets\",le=\"0.02\"} 1",
            "raptor_call_seconds_bucket{route=\"listTickets\",le=\"15\"} 1",
            "raptor_call_seconds_bucket{route=\"listTickets\",le=\"+Inf\"} 2",
            "raptor_outbox_depth 3",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
        }
    }
}
