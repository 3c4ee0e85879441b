//! The audit: one row per action of a customer's, kept for 90 days. It never holds what was written.

use shared::{CustomerId, Reference, TicketId, Timestamp};

use super::decode::{get, maybe_param, time};
use super::{Store, StoreError};
use crate::audit::Entry;

/// How long rows are kept, in milliseconds: 90 days.
const KEPT: i64 = 90 * 24 * 60 * 60 * 1000;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// When.
    pub at: Timestamp,
    /// `customer:` and the id.
    pub actor: String,
    /// The operation's id.
    pub action: String,
    /// The ticket that it was about.
    pub ticket: Option<TicketId>,
    /// `ok`, or the problem's code.
    pub outcome: String,
    /// What the customer can quote.
    pub reference: Reference,
}

impl Store {
    /// Adds rows.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn add_audit(&self, entries: &[Entry]) -> Result<(), StoreError> {
        let mut transaction = self.begin_write().await?;
        for entry in entries {
            sqlx::query(
                "INSERT INTO audit (at, actor, action, ticket_id, outcome, reference) VALUES ($1, $2, $3, $4, $5, $6)",
            )
            .bind(entry.at.millis())
            .bind(actor(entry.actor))
            .bind(entry.action)
            .bind(entry.ticket.map(|ticket| ticket.to_string()))
            .bind(entry.outcome)
            .bind(entry.reference.to_string())
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// A customer's newest rows.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn audit_of(&self, customer: CustomerId, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT at, actor, action, ticket_id, outcome, reference FROM audit WHERE actor = $1 ORDER BY seq DESC LIMIT $2",
        )
        .bind(actor(customer))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                let reference = Reference::parse(&get::<String>(row, "reference")?);
                Ok(AuditRow {
                    at: time(row, "at")?,
                    actor: get(row, "actor")?,
                    action: get(row, "action")?,
                    ticket: maybe_param(row, "ticket_id")?,
                    outcome: get(row, "outcome")?,
                    reference: reference.map_err(|_| StoreError::Unreadable { column: "reference" })?,
                })
            })
            .collect()
    }

    /// Forgets rows that are older than 90 days.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn prune_audit(&self, now: Timestamp) -> Result<u64, StoreError> {
        let result =
            sqlx::query("DELETE FROM audit WHERE at <= $1").bind(now.millis() - KEPT).execute(&self.pool).await?;
        Ok(result.rows_affected())
    }
}

fn actor(customer: CustomerId) -> String {
    format!("customer:{customer}")
}
