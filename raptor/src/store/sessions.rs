//! Sessions: which exist, and which have ended.

use shared::{CustomerId, Line, Timestamp};

use super::decode::param;
use super::{Store, StoreError};

/// A session that begins.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Random name, shared by all tokens of the session.
    pub id: String,
    /// Whose it is.
    pub customer: CustomerId,
    /// When the passkey was proven.
    pub started_at: Timestamp,
    /// When it ends whatever happens.
    pub ends_at: Timestamp,
}

/// A session that has not ended.
#[derive(Clone, Debug)]
pub struct LiveSession {
    /// Whose it is.
    pub customer: CustomerId,
    /// Verified e-mail address.
    pub email: Line<3, 254>,
    /// First and last name.
    pub name: Line<1, 80>,
}

impl Store {
    /// Keeps a session.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn begin_session(&self, session: &NewSession) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO sessions (id, customer_id, started_at, ends_at) VALUES ($1, $2, $3, $4)")
            .bind(&session.id)
            .bind(session.customer.to_string())
            .bind(session.started_at.millis())
            .bind(session.ends_at.millis())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The session, unless it has ended.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn live_session(&self, id: &str, now: Timestamp) -> Result<Option<LiveSession>, StoreError> {
        let row = sqlx::query(
            "SELECT s.customer_id, c.email, c.name FROM sessions s JOIN customers c ON c.id = s.customer_id \
             WHERE s.id = $1 AND s.ended_at IS NULL AND s.ends_at > $2",
        )
        .bind(id)
        .bind(now.millis())
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| {
            Ok(LiveSession {
                customer: param(&row, "customer_id")?,
                email: param(&row, "email")?,
                name: param(&row, "name")?,
            })
        })
        .transpose()
    }

    /// Ends a session: every token of it is refused from now on.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn end_session(&self, id: &str, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query("UPDATE sessions SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL")
            .bind(now.millis())
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Forgets sessions whose time is over.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn prune_sessions(&self, now: Timestamp) -> Result<u64, StoreError> {
        let result =
            sqlx::query("DELETE FROM sessions WHERE ends_at <= $1").bind(now.millis()).execute(&self.pool).await?;
        Ok(result.rows_affected())
    }
}
