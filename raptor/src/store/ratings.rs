//! Ratings. The help desk has no place for them.

use shared::endpoints::tickets::Score;
use shared::{Param as _, Text, TicketId, Timestamp};

use super::decode::{get, time};
use super::{Store, StoreError};

/// A rating.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRating {
    /// How well.
    pub score: Score,
    /// Why.
    pub comment: Option<Text<1, 1000>>,
    /// When it was last changed.
    pub rated_at: Timestamp,
}

impl Store {
    /// Keeps a rating, instead of an earlier one. Says whether it is another: the same one sent twice, also at the same moment, is one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn rate(&self, ticket: TicketId, rating: &StoredRating) -> Result<bool, StoreError> {
        let result = sqlx::query(
            "INSERT INTO ratings (ticket_id, score, comment, rated_at) VALUES ($1, $2, $3, $4) ON CONFLICT (ticket_id) \
             DO UPDATE SET score = excluded.score, comment = excluded.comment, rated_at = excluded.rated_at \
             WHERE ratings.score <> excluded.score OR ratings.comment IS DISTINCT FROM excluded.comment",
        )
        .bind(ticket.to_string())
        .bind(rating.score.as_str())
        .bind(rating.comment.as_ref().map(|comment| comment.as_str().to_owned()))
        .bind(rating.rated_at.millis())
        .execute(&self.pool)
        .await?;
        Ok(result.rows_affected() == 1)
    }

    /// A ticket's rating.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rating(&self, ticket: TicketId) -> Result<Option<StoredRating>, StoreError> {
        let row = sqlx::query("SELECT score, comment, rated_at FROM ratings WHERE ticket_id = $1")
            .bind(ticket.to_string())
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| {
            let score = Score::parse_param(&get::<String>(&row, "score")?);
            let comment: Option<String> = get(&row, "comment")?;
            Ok(StoredRating {
                score: score.map_err(|_| StoreError::Unreadable { column: "score" })?,
                comment: comment
                    .map(Text::new)
                    .transpose()
                    .map_err(|_| StoreError::Unreadable { column: "comment" })?,
                rated_at: time(&row, "rated_at")?,
            })
        })
        .transpose()
    }
}
