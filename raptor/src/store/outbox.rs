//! The outbox: what customers sent and the help desk has not confirmed.

use shared::{MessageId, ProblemCode, TicketId, Timestamp};
use sqlx::{Any, AssertSqlSafe, Transaction};

use super::decode::{count, get, maybe_time};
use super::idempotency::ClaimOutcome;
use super::submission::{Arrival, COLUMNS, PendingSubmission, Submitted, submission};
use super::tickets::{insert, number};
use super::{Store, StoreError};
use crate::helpdesk::ThreadId;

impl Store {
    /// Accepts a submission. From here on it survives whatever happens to this process.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn accept(&self, submitted: &Submitted<'_>, now: Timestamp) -> Result<ClaimOutcome, StoreError> {
        let mut transaction = self.begin_write().await?;
        let outcome = Self::claim(&mut transaction, submitted.claim, now).await?;
        if !matches!(outcome, ClaimOutcome::New) {
            return Ok(outcome);
        }
        if let Some(copy) = submitted.new_ticket {
            insert(&mut *transaction, copy).await?;
        }
        let s = submitted.submission;
        insert_submission(&mut transaction, s).await?;
        for (place, upload) in submitted.uploads.iter().enumerate() {
            let result = sqlx::query(
                "UPDATE uploads SET message_id = $1 WHERE id = $2 AND customer_id = $3 AND message_id IS NULL AND expires_at > $4",
            )
            .bind(s.id.to_string())
            .bind(upload.to_string())
            .bind(s.customer.to_string())
            .bind(now.millis())
            .execute(&mut *transaction)
            .await?;
            if result.rows_affected() != 1 {
                // Dropping the transaction takes everything back.
                return Ok(ClaimOutcome::UploadUnknown { place });
            }
        }
        transaction.commit().await?;
        Ok(ClaimOutcome::New)
    }

    /// What is pending for a ticket, oldest first; withdrawn ones are left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn pending_of(&self, ticket: TicketId) -> Result<Vec<PendingSubmission>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM pending_submissions WHERE ticket_id = $1 AND state <> 'withdrawn' ORDER BY created_at, id"
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(ticket.to_string()).fetch_all(&self.pool).await?;
        rows.iter().map(submission).collect()
    }

    /// A submission.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn pending(&self, id: MessageId) -> Result<Option<PendingSubmission>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM pending_submissions WHERE id = $1");
        let row = sqlx::query(AssertSqlSafe(sql)).bind(id.to_string()).fetch_optional(&self.pool).await?;
        row.as_ref().map(submission).transpose()
    }

    /// Leases what may be sent now: per ticket the oldest alone, so that messages arrive in the order in which they were written. What is
    /// leased can no longer be withdrawn. Of two instances, one gets it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lease_due(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: u32,
    ) -> Result<Vec<PendingSubmission>, StoreError> {
        let sql = format!(
            "UPDATE pending_submissions SET state = 'sending', lease_until = $2, \
             last_attempt_at = CASE WHEN first_attempt_at IS NOT NULL AND last_attempt_at IS NULL THEN $1 ELSE last_attempt_at END \
             WHERE id IN (SELECT p.id FROM pending_submissions p WHERE p.state IN ('queued', 'sending') AND p.next_attempt_at <= $1 \
             AND p.leaves_at <= $1 AND p.lease_until <= $1 AND NOT EXISTS (SELECT 1 FROM pending_submissions e \
             WHERE e.ticket_id = p.ticket_id AND e.state IN ('queued', 'sending') \
             AND (e.created_at < p.created_at OR (e.created_at = p.created_at AND e.id < p.id))) \
             ORDER BY p.created_at LIMIT $3) \
             AND lease_until <= $1 AND state IN ('queued', 'sending') RETURNING {COLUMNS}"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(now.millis())
            .bind(lease_until.millis())
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(submission).collect()
    }

    /// When the next submission may be tried; `None` when there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let row = sqlx::query(
            "SELECT MIN(CASE WHEN lease_until > next_attempt_at THEN lease_until ELSE next_attempt_at END) AS due \
             FROM pending_submissions WHERE state IN ('queued', 'sending')",
        )
        .fetch_one(&self.pool)
        .await?;
        maybe_time(&row, "due")
    }

    /// How many submissions wait, for metrics.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn outbox_depth(&self) -> Result<u32, StoreError> {
        let row =
            sqlx::query("SELECT COUNT(*) AS waiting FROM pending_submissions WHERE state IN ('queued', 'sending')")
                .fetch_one(&self.pool)
                .await?;
        count(&row, "waiting")
    }

    /// Gives all leases back. For the start of a process that is the only one on its database.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn release_leases(&self) -> Result<(), StoreError> {
        sqlx::query("UPDATE pending_submissions SET lease_until = 0 WHERE lease_until > 0").execute(&self.pool).await?;
        Ok(())
    }

    /// Says that a call is about to be made whose outcome may never be known. Must be durable before the call.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn begin_attempt(&self, id: MessageId, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE pending_submissions SET attempts = attempts + 1, last_attempt_at = NULL, \
             first_attempt_at = CASE WHEN first_attempt_at IS NULL THEN $1 ELSE first_attempt_at END WHERE id = $2",
        )
        .bind(now.millis())
        .bind(id.to_string())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Puts a submission off. `absent` says that it is certain that nothing is there; otherwise the next step is to look.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn put_off(
        &self,
        id: MessageId,
        next_attempt_at: Timestamp,
        absent: bool,
        ended_at: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE pending_submissions SET lease_until = 0, next_attempt_at = $1, \
             first_attempt_at = CASE WHEN $2 = 1 THEN NULL ELSE first_attempt_at END, \
             last_attempt_at = CASE WHEN last_attempt_at IS NULL THEN $3 ELSE last_attempt_at END WHERE id = $4",
        )
        .bind(next_attempt_at.millis())
        .bind(i64::from(absent))
        .bind(ended_at.millis())
        .bind(id.to_string())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// It has arrived; a new ticket has its conversation from now on.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Taken`] when the conversation is another ticket's.
    pub async fn delivered(&self, submission: &PendingSubmission, arrival: &Arrival<'_>) -> Result<(), StoreError> {
        let mut transaction = self.begin_write().await?;
        sqlx::query("UPDATE pending_submissions SET state = 'delivered', lease_until = 0 WHERE id = $1")
            .bind(submission.id.to_string())
            .execute(&mut *transaction)
            .await?;
        if let Some(conversation) = arrival.opened {
            // The copier may have met the conversation before us and given it an id of its own: the id that the customer was told wins.
            sqlx::query("DELETE FROM tickets WHERE conversation_id = $1 AND id <> $2 AND customer_id = $3")
                .bind(number(conversation)?)
                .bind(submission.ticket.to_string())
                .bind(submission.customer.to_string())
                .execute(&mut *transaction)
                .await?;
            sqlx::query("UPDATE tickets SET conversation_id = $1, number = $2, revision = '' WHERE id = $3")
                .bind(number(conversation)?)
                .bind(arrival.number.map(i64::from))
                .bind(submission.ticket.to_string())
                .execute(&mut *transaction)
                .await
                .map_err(
                    |error| {
                        if StoreError::is_unique_violation(&error) { StoreError::Taken } else { error.into() }
                    },
                )?;
        }
        if let Some(thread) = arrival.thread {
            sqlx::query("INSERT INTO delivered_threads (thread_id, ticket_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
                .bind(i64::try_from(thread.get()).map_err(|_| StoreError::Unreadable { column: "thread_id" })?)
                .bind(submission.ticket.to_string())
                .execute(&mut *transaction)
                .await?;
        }
        if let Some((next, uploads)) = arrival.follow_up {
            insert_submission(&mut transaction, next).await?;
            for upload in uploads {
                sqlx::query("UPDATE uploads SET message_id = $1 WHERE id = $2")
                    .bind(next.id.to_string())
                    .bind(upload.to_string())
                    .execute(&mut *transaction)
                    .await?;
            }
        }
        sqlx::query("DELETE FROM uploads WHERE message_id = $1")
            .bind(submission.id.to_string())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Threads of a ticket that are known to be messages of ours.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delivered_threads(&self, ticket: TicketId) -> Result<Vec<ThreadId>, StoreError> {
        let rows = sqlx::query("SELECT thread_id FROM delivered_threads WHERE ticket_id = $1")
            .bind(ticket.to_string())
            .fetch_all(&self.pool)
            .await?;
        rows.iter()
            .map(|row| {
                let thread = u64::try_from(get::<i64>(row, "thread_id")?).ok().and_then(ThreadId::new);
                thread.ok_or(StoreError::Unreadable { column: "thread_id" })
            })
            .collect()
    }

    /// It was refused for good. What was written is kept, so that the customer can take it again.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn failed(&self, id: MessageId, reason: ProblemCode) -> Result<(), StoreError> {
        sqlx::query("UPDATE pending_submissions SET state = 'failed', reason = $1, lease_until = 0 WHERE id = $2")
            .bind(reason.as_str())
            .bind(id.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Takes a submission back, if it has not left. Its files can be sent with another message. Says whether it is taken back: of two who
    /// ask together, both are told the same.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn withdraw(&self, id: MessageId) -> Result<bool, StoreError> {
        let mut transaction = self.begin_write().await?;
        let result = sqlx::query(
            "UPDATE pending_submissions SET state = 'withdrawn', payload = '' WHERE id = $1 \
             AND (state = 'withdrawn' OR (state = 'queued' AND lease_until = 0))",
        )
        .bind(id.to_string())
        .execute(&mut *transaction)
        .await?;
        sqlx::query("UPDATE uploads SET message_id = NULL WHERE message_id = $1 AND $2 = 1")
            .bind(id.to_string())
            .bind(i64::from(result.rows_affected() == 1))
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(result.rows_affected() == 1)
    }

    /// Forgets delivered submissions that the copy of their thread shows.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn forget_delivered(&self, ids: &[MessageId]) -> Result<(), StoreError> {
        for id in ids {
            sqlx::query("DELETE FROM pending_submissions WHERE id = $1 AND state = 'delivered'")
                .bind(id.to_string())
                .execute(&self.pool)
                .await?;
        }
        Ok(())
    }

    /// Forgets what nobody needs any more: withdrawn and delivered ones after a day, failed ones after 90.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn prune_submissions(&self, now: Timestamp) -> Result<(), StoreError> {
        const DAY: i64 = 86_400_000;
        sqlx::query(
            "DELETE FROM pending_submissions WHERE (state IN ('withdrawn', 'delivered') AND created_at < $1) \
             OR (state = 'failed' AND created_at < $2)",
        )
        .bind(now.millis() - DAY)
        .bind(now.millis() - 90 * DAY)
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

async fn insert_submission(
    transaction: &mut Transaction<'static, Any>,
    submission: &PendingSubmission,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO pending_submissions (id, kind, customer_id, ticket_id, payload, state, reason, created_at, leaves_at, \
         next_attempt_at, attempts, lease_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, 0, 0)",
    )
    .bind(submission.id.to_string())
    .bind(submission.kind.as_str())
    .bind(submission.customer.to_string())
    .bind(submission.ticket.to_string())
    .bind(&submission.payload)
    .bind(submission.state.as_str())
    .bind(submission.reason.map(|reason| reason.as_str().to_owned()))
    .bind(submission.created_at.millis())
    .bind(submission.leaves_at.millis())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}
