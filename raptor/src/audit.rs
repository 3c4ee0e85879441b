//! The audit: who did what, when, to which ticket, and what came of it. Never what was written.

use shared::{CustomerId, Reference, TicketId, Timestamp};
use tokio::sync::{mpsc, oneshot};

use crate::store::Store;

/// Rows that wait to be written at most; then callers wait too, rather than leave no trace.
const QUEUE: usize = 1024;
/// Rows that are written together at most.
const BATCH: usize = 128;

/// One action of a customer's.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: CustomerId,
    /// The operation's id in the contract.
    pub action: &'static str,
    /// The ticket that it was about.
    pub ticket: Option<TicketId>,
    /// `ok`, or the problem's code.
    pub outcome: &'static str,
    /// What the customer can quote.
    pub reference: Reference,
}

enum Order {
    Write(Entry),
    Flush(oneshot::Sender<()>),
}

/// Writes rows in the background, in order, many at a time.
#[derive(Clone)]
pub struct Audit {
    queue: mpsc::Sender<Order>,
}

impl Audit {
    /// Starts the writer. Must be called inside a Tokio runtime.
    #[must_use]
    pub fn start(store: Store) -> Self {
        let (queue, orders) = mpsc::channel(QUEUE);
        tokio::spawn(write(store, orders));
        Self { queue }
    }

    /// Adds a row.
    pub async fn record(&self, entry: Entry) {
        if self.queue.send(Order::Write(entry)).await.is_err() {
            tracing::error!(reference = %entry.reference, action = entry.action, "the audit is closed; a row is lost");
        }
    }

    /// Waits until everything that was recorded before is written.
    pub async fn flush(&self) {
        let (sender, done) = oneshot::channel();
        if self.queue.send(Order::Flush(sender)).await.is_ok() {
            // An error means that the writer has ended, and then there is nothing left to wait for.
            let _ = done.await;
        }
    }
}

async fn write(store: Store, mut orders: mpsc::Receiver<Order>) {
    let mut batch = Vec::with_capacity(BATCH);
    while orders.recv_many(&mut batch, BATCH).await > 0 {
        let mut entries = Vec::with_capacity(batch.len());
        let mut flushed = Vec::new();
        for order in batch.drain(..) {
            match order {
                Order::Write(entry) => entries.push(entry),
                Order::Flush(sender) => flushed.push(sender),
            }
        }
        if !entries.is_empty()
            && let Err(error) = store.add_audit(&entries).await
        {
            // The log is the second place where these facts are: "served" lines carry reference, route and outcome.
            let references: Vec<String> = entries.iter().map(|entry| entry.reference.to_string()).collect();
            tracing::error!(%error, ?references, "audit rows could not be written");
        }
        for sender in flushed {
            let _ = sender.send(());
        }
    }
}
