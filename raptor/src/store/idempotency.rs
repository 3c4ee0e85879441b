//! Idempotency keys: one submission, however often it is sent.

use shared::{CustomerId, IdempotencyKey, MessageId, TicketId, Timestamp};
use sqlx::{Any, Transaction};

use super::decode::{get, param, time};
use super::{Store, StoreError};

/// How long a key is remembered, in milliseconds: 24 hours.
const REMEMBERED: i64 = 24 * 60 * 60 * 1000;

/// A key, and what it stands for.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Whose key it is: another customer's same key is another key.
    pub customer: CustomerId,
    /// The key.
    pub key: IdempotencyKey,
    /// Hash of the route and the whole request.
    pub request_hash: String,
    /// The submission.
    pub message: MessageId,
    /// Its ticket.
    pub ticket: TicketId,
    /// Until when the first request is believed to be running.
    pub busy_until: Timestamp,
}

/// What became of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimOutcome {
    /// The key is new.
    New,
    /// The key was used before for the same request.
    Replay {
        /// The submission of then.
        message: MessageId,
        /// Its ticket.
        ticket: TicketId,
        /// The answer of then, once there was a final one.
        answer: Option<String>,
    },
    /// The key was used before for the same request, which is still running.
    Busy,
    /// The key was used before for another request.
    Conflict,
    /// A file is not there, not the customer's, or another message's.
    UploadUnknown {
        /// Its place in the request.
        place: usize,
    },
}

impl Store {
    pub(super) async fn claim(
        transaction: &mut Transaction<'static, Any>,
        claim: &Claim,
        now: Timestamp,
    ) -> Result<ClaimOutcome, StoreError> {
        sqlx::query("DELETE FROM idempotency_keys WHERE customer_id = $1 AND key = $2 AND created_at <= $3")
            .bind(claim.customer.to_string())
            .bind(claim.key.as_str())
            .bind(now.millis() - REMEMBERED)
            .execute(&mut **transaction)
            .await?;
        let result = sqlx::query(
            "INSERT INTO idempotency_keys (customer_id, key, request_hash, message_id, ticket_id, busy_until, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (customer_id, key) DO NOTHING",
        )
        .bind(claim.customer.to_string())
        .bind(claim.key.as_str())
        .bind(&claim.request_hash)
        .bind(claim.message.to_string())
        .bind(claim.ticket.to_string())
        .bind(claim.busy_until.millis())
        .bind(now.millis())
        .execute(&mut **transaction)
        .await?;
        if result.rows_affected() == 1 {
            return Ok(ClaimOutcome::New);
        }
        let row = sqlx::query(
            "SELECT request_hash, message_id, ticket_id, busy_until, answer FROM idempotency_keys \
             WHERE customer_id = $1 AND key = $2",
        )
        .bind(claim.customer.to_string())
        .bind(claim.key.as_str())
        .fetch_one(&mut **transaction)
        .await?;
        if get::<String>(&row, "request_hash")? != claim.request_hash {
            return Ok(ClaimOutcome::Conflict);
        }
        let answer: Option<String> = get(&row, "answer")?;
        if answer.is_none() && now < time(&row, "busy_until")? {
            return Ok(ClaimOutcome::Busy);
        }
        Ok(ClaimOutcome::Replay { message: param(&row, "message_id")?, ticket: param(&row, "ticket_id")?, answer })
    }

    /// What became of a key that was used before, without claiming it: a repeated request must not fail on what the first one has used up.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn earlier_claim(&self, claim: &Claim, now: Timestamp) -> Result<Option<ClaimOutcome>, StoreError> {
        let known = sqlx::query(
            "SELECT created_at FROM idempotency_keys WHERE customer_id = $1 AND key = $2 AND created_at > $3",
        )
        .bind(claim.customer.to_string())
        .bind(claim.key.as_str())
        .bind(now.millis() - REMEMBERED)
        .fetch_optional(&self.pool)
        .await?;
        if known.is_none() {
            return Ok(None);
        }
        let mut transaction = self.begin_write().await?;
        // Rolled back: should the key have been forgotten in between, nothing stays behind.
        let outcome = Self::claim(&mut transaction, claim, now).await?;
        Ok((outcome != ClaimOutcome::New).then_some(outcome))
    }

    /// The first request has been answered for good, or will not be by itself: whoever repeats it gets this.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn settle_claim(&self, claim: &Claim, answer: Option<&str>) -> Result<(), StoreError> {
        sqlx::query("UPDATE idempotency_keys SET busy_until = 0, answer = $1 WHERE customer_id = $2 AND key = $3 AND answer IS NULL")
            .bind(answer)
            .bind(claim.customer.to_string())
            .bind(claim.key.as_str())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Forgets old keys.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn prune_claims(&self, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM idempotency_keys WHERE created_at <= $1")
            .bind(now.millis() - REMEMBERED)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
