//! The worker that empties the outbox.

use std::sync::Arc;
use std::time::Duration;

use shared::{MessageId, Timestamp};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use crate::app::Timing;
use crate::helpdesk::{Clock, HelpDesk};
use crate::metrics::Metrics;
use crate::store::{Store, StoreError, SubmissionState};
use crate::tickets::Copier;

/// Submissions that are delivered side by side, each of another ticket.
const SIDE_BY_SIDE: usize = 6;
/// How long the worker sleeps at most: another instance may have left something behind.
const LONGEST_SLEEP: Duration = Duration::from_secs(5);

/// Delivers what customers write. Cheap to clone.
#[derive(Clone)]
pub struct Outbox {
    pub(super) store: Store,
    pub(super) desk: HelpDesk,
    pub(super) copier: Copier,
    pub(super) metrics: Arc<Metrics>,
    pub(super) clock: Clock,
    pub(super) timing: Timing,
    woken: Arc<Notify>,
    /// Counts steps that were finished, so that whoever waits for one looks again.
    steps: Arc<watch::Sender<u64>>,
}

impl Outbox {
    pub(crate) fn new(
        store: Store,
        desk: HelpDesk,
        copier: Copier,
        metrics: Arc<Metrics>,
        clock: Clock,
        timing: Timing,
    ) -> Self {
        let steps = Arc::new(watch::Sender::new(0));
        Self { store, desk, copier, metrics, clock, timing, woken: Arc::default(), steps }
    }

    /// Something new is there.
    pub fn wake(&self) {
        self.woken.notify_one();
    }

    /// Waits until a submission has come to an end, or as long as this.
    pub(super) async fn wait_for(&self, id: MessageId, longest: Duration) -> Result<(), StoreError> {
        let mut steps = self.steps.subscribe();
        let waiting = async {
            loop {
                steps.mark_unchanged();
                let state = self.store.pending(id).await?.map(|submission| submission.state);
                if !matches!(state, Some(SubmissionState::Queued | SubmissionState::Sending)) {
                    return Ok(());
                }
                if steps.changed().await.is_err() {
                    return Ok(());
                }
            }
        };
        tokio::time::timeout(longest, waiting).await.unwrap_or(Ok(()))
    }

    /// Works until `stopping` says so, and then until the attempts that are under way have ended.
    pub async fn run(self, mut stopping: watch::Receiver<bool>) {
        let mut under_way = JoinSet::new();
        // A process that is alone on its database knows that whoever held a lease is gone.
        if !self.store.is_shared()
            && let Err(error) = self.store.release_leases().await
        {
            tracing::error!(%error, "leases of an earlier process could not be released; they end by themselves");
        }
        while !*stopping.borrow() {
            let room = SIDE_BY_SIDE.saturating_sub(under_way.len());
            let started = match self.start(&mut under_way, room).await {
                Ok(started) => started,
                Err(error) => {
                    tracing::error!(%error, "the outbox cannot be read");
                    0
                }
            };
            if started > 0 && started == room {
                // There may be more than there was room for: go on as soon as one has ended.
                tokio::select! {
                    _ = under_way.join_next() => {}
                    _ = stopping.changed() => {}
                }
                continue;
            }
            let sleep = self.sleep().await;
            tokio::select! {
                () = self.woken.notified() => {}
                () = tokio::time::sleep(sleep) => {}
                Some(_) = under_way.join_next(), if !under_way.is_empty() => {}
                _ = stopping.changed() => {}
            }
        }
        while under_way.join_next().await.is_some() {}
    }

    async fn start(&self, under_way: &mut JoinSet<()>, room: usize) -> Result<usize, StoreError> {
        let limit = u32::try_from(room).unwrap_or_default();
        if limit == 0 {
            return Ok(0);
        }
        let now = self.clock.now();
        let due = self.store.lease_due(now, later(now, self.timing.lease), limit).await?;
        let started = due.len();
        for submission in due {
            let outbox = self.clone();
            under_way.spawn(async move {
                let id = submission.id;
                if let Err(error) = outbox.deliver(submission).await {
                    tracing::error!(%error, message = %id, "a step of a delivery failed; it will be taken up again");
                    outbox.put_off_after_failure(id).await;
                }
                outbox.steps.send_modify(|steps| *steps += 1);
            });
        }
        Ok(started)
    }

    /// After a fault of our own database: keep what is known, and do not try at full speed.
    async fn put_off_after_failure(&self, id: MessageId) {
        let now = self.clock.now();
        let next = later(now, self.timing.retry_first);
        if let Err(error) = self.store.put_off(id, next, false, now).await {
            tracing::error!(%error, "and it could not be put off; its lease will end by itself");
        }
    }

    async fn sleep(&self) -> Duration {
        let now = self.clock.now();
        match self.store.next_due().await {
            Ok(Some(due)) => {
                let wait = u64::try_from(due.millis() - now.millis()).unwrap_or_default();
                // At least a moment: what is due and cannot be leased waits for an older message of its ticket.
                Duration::from_millis(wait.max(20)).min(LONGEST_SLEEP)
            }
            Ok(None) | Err(_) => LONGEST_SLEEP,
        }
    }
}

pub(super) fn later(now: Timestamp, duration: Duration) -> Timestamp {
    Timestamp::from_millis(now.millis() + i64::try_from(duration.as_millis()).unwrap_or_default())
}
