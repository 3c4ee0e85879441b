//! Live events, kept for an hour so that a reader who was away can go on where it stopped, and webhooks that were seen.

use shared::endpoints::tickets::AuthorKind;
use shared::{CustomerId, LiveEvent, TicketId, Timestamp};

use super::decode::{get, param, time};
use super::{Store, StoreError};

/// How long events are kept, in milliseconds.
const KEPT: i64 = 60 * 60 * 1000;

/// An event with its place in the order of all events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredEvent {
    /// Its place; grows, with gaps.
    pub seq: u64,
    /// The event.
    pub event: LiveEvent,
}

impl Store {
    /// Keeps an event for a customer and tells other instances.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn add_event(
        &self,
        customer: CustomerId,
        ticket: TicketId,
        last_activity_at: Timestamp,
        last_author: AuthorKind,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin_write().await?;
        if let Some(take_turns) = self.database.take_turns() {
            sqlx::query(take_turns).execute(&mut *transaction).await?;
        }
        sqlx::query(
            "INSERT INTO live_events (customer_id, ticket_id, last_activity_at, last_author, created_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(customer.to_string())
        .bind(ticket.to_string())
        .bind(last_activity_at.millis())
        .bind(last_author.as_str())
        .bind(now.millis())
        .execute(&mut *transaction)
        .await?;
        if let Some(tell_others) = self.database.tell_others() {
            sqlx::query(tell_others).bind(customer.to_string()).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// A customer's events after this one, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn events_after(
        &self,
        customer: CustomerId,
        seq: u64,
        limit: u32,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        let rows = sqlx::query(
            "SELECT seq, ticket_id, last_activity_at, last_author FROM live_events WHERE customer_id = $1 AND seq > $2 \
             ORDER BY seq LIMIT $3",
        )
        .bind(customer.to_string())
        .bind(i64::try_from(seq).unwrap_or(i64::MAX))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(StoredEvent {
                    seq: u64::try_from(get::<i64>(row, "seq")?).unwrap_or_default(),
                    event: LiveEvent::TicketChanged {
                        ticket_id: param(row, "ticket_id")?,
                        last_activity_at: time(row, "last_activity_at")?,
                        last_author: param(row, "last_author")?,
                    },
                })
            })
            .collect()
    }

    /// The newest event's place and the oldest one's that is still kept; zeros when there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn event_bounds(&self) -> Result<(u64, u64), StoreError> {
        let row =
            sqlx::query("SELECT COALESCE(MIN(seq), 0) AS oldest, COALESCE(MAX(seq), 0) AS newest FROM live_events")
                .fetch_one(&self.pool)
                .await?;
        let place = |column| Ok::<u64, StoreError>(u64::try_from(get::<i64>(&row, column)?).unwrap_or_default());
        Ok((place("oldest")?, place("newest")?))
    }

    /// Forgets old events and webhooks.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn prune_events(&self, now: Timestamp) -> Result<(), StoreError> {
        // The newest row stays, so that "nothing since" and "everything was forgotten" can be told apart.
        sqlx::query("DELETE FROM live_events WHERE created_at <= $1 AND seq < (SELECT MAX(seq) FROM live_events)")
            .bind(now.millis() - KEPT)
            .execute(&self.pool)
            .await?;
        sqlx::query("DELETE FROM webhook_deliveries WHERE received_at <= $1")
            .bind(now.millis() - 24 * KEPT)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Notes a webhook; `false` when it was seen before.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn note_webhook(&self, digest: &str, now: Timestamp) -> Result<bool, StoreError> {
        let result =
            sqlx::query("INSERT INTO webhook_deliveries (digest, received_at) VALUES ($1, $2) ON CONFLICT DO NOTHING")
                .bind(digest)
                .bind(now.millis())
                .execute(&self.pool)
                .await?;
        Ok(result.rows_affected() == 1)
    }
}
