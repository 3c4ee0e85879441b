//! Telling customers what happened: server-sent events, fed by webhooks and by asking.

mod events;
mod open;
mod poll;
pub(crate) mod webhook;

use std::sync::Arc;

use shared::endpoints::tickets::AuthorKind;
use shared::{CustomerId, TicketId, Timestamp};
use tokio::sync::{broadcast, watch};

use crate::store::{Store, StoreError};

pub(crate) use poll::run as poll;

/// Wake-ups that a slow reader may be behind; one who is further behind reads the database again, so nothing is lost.
const BEHIND: usize = 64;

/// Something that a reader of events should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Wake {
    /// This customer has new events in the database.
    Customer(CustomerId),
    /// Some customer may have.
    Anybody,
    /// This session has ended.
    SessionEnded(String),
}

/// Tells readers of events. Cheap to clone.
#[derive(Clone)]
pub struct Live {
    store: Store,
    wakes: broadcast::Sender<Wake>,
    closing: Arc<watch::Sender<bool>>,
    open: open::OpenStreams,
}

impl Live {
    pub(crate) fn new(store: Store) -> Self {
        Self {
            store,
            wakes: broadcast::Sender::new(BEHIND),
            closing: Arc::new(watch::Sender::new(false)),
            open: open::OpenStreams::default(),
        }
    }

    /// Tells a customer that a ticket changed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn ticket_changed(
        &self,
        customer: CustomerId,
        ticket: TicketId,
        last_activity_at: Timestamp,
        last_author: AuthorKind,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.store.add_event(customer, ticket, last_activity_at, last_author, now).await?;
        self.wake(Wake::Customer(customer));
        Ok(())
    }

    /// Ends the streams of a session.
    pub fn session_ended(&self, session: &str) {
        self.wake(Wake::SessionEnded(session.to_owned()));
    }

    /// Another instance has added events for this customer.
    pub(crate) fn heard(&self, customer: Option<CustomerId>) {
        self.wake(customer.map_or(Wake::Anybody, Wake::Customer));
    }

    /// Ends all streams: the process is about to end, and clients come back to another.
    pub(crate) fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Somebody is reading events here.
    pub(crate) fn has_readers(&self) -> bool {
        self.wakes.receiver_count() > 0
    }

    fn wake(&self, wake: Wake) {
        // An error means that nobody is reading.
        let _ = self.wakes.send(wake);
    }
}
