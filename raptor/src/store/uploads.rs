//! Files that were uploaded and not yet sent.

use shared::{CustomerId, Line, MessageId, Timestamp, UploadId};
use sqlx::any::AnyRow;

use super::decode::{count, get, param, time};
use super::{Store, StoreError};

/// A file that begins to arrive.
#[derive(Clone, Debug)]
pub struct NewUpload {
    /// Opaque id.
    pub id: UploadId,
    /// Whose it is.
    pub customer: CustomerId,
    /// When it is thrown away unless a message takes it.
    pub expires_at: Timestamp,
}

/// A file that has arrived.
#[derive(Clone, Debug)]
pub struct StoredUpload {
    /// Opaque id.
    pub id: UploadId,
    /// Name for people.
    pub name: Line<1, 200>,
    /// Media type, as its bytes say.
    pub media_type: Line<3, 100>,
    /// Size in bytes.
    pub size: u32,
    /// When it is thrown away unless a message takes it.
    pub expires_at: Timestamp,
}

impl Store {
    /// How many files wait for a message, and their bytes: a customer must not use Raptor as a store.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn uploads_waiting(&self, customer: CustomerId, now: Timestamp) -> Result<(u32, u64), StoreError> {
        let row = sqlx::query(
            "SELECT COUNT(*) AS files, CAST(COALESCE(SUM(size), 0) AS BIGINT) AS bytes FROM uploads \
             WHERE customer_id = $1 AND message_id IS NULL AND expires_at > $2",
        )
        .bind(customer.to_string())
        .bind(now.millis())
        .fetch_one(&self.pool)
        .await?;
        Ok((count(&row, "files")?, u64::try_from(get::<i64>(&row, "bytes")?).unwrap_or_default()))
    }

    /// Makes room for a file that is about to arrive. It can be used by nobody before [`Store::finish_upload`].
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn begin_upload(&self, upload: &NewUpload, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO uploads (id, customer_id, name, media_type, size, message_id, created_at, expires_at) \
             VALUES ($1, $2, '', '', 0, '', $3, $4)",
        )
        .bind(upload.id.to_string())
        .bind(upload.customer.to_string())
        .bind(now.millis())
        .bind(upload.expires_at.millis())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Keeps the next part of a file.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn put_part(&self, id: UploadId, place: u32, bytes: Vec<u8>) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO upload_parts (upload_id, place, bytes) VALUES ($1, $2, $3)")
            .bind(id.to_string())
            .bind(i64::from(place))
            .bind(bytes)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The file is complete.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn finish_upload(&self, upload: &StoredUpload) -> Result<(), StoreError> {
        sqlx::query("UPDATE uploads SET name = $1, media_type = $2, size = $3, message_id = NULL WHERE id = $4")
            .bind(upload.name.as_str())
            .bind(upload.media_type.as_str())
            .bind(i64::from(upload.size))
            .bind(upload.id.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Throws a file away that broke off or was refused.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn abandon_upload(&self, id: UploadId) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM uploads WHERE id = $1").bind(id.to_string()).execute(&self.pool).await?;
        Ok(())
    }

    /// Throws a customer's file away that no message has taken. Says whether there was one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn discard_upload(&self, customer: CustomerId, id: UploadId) -> Result<bool, StoreError> {
        let result = sqlx::query("DELETE FROM uploads WHERE id = $1 AND customer_id = $2 AND message_id IS NULL")
            .bind(id.to_string())
            .bind(customer.to_string())
            .execute(&self.pool)
            .await?;
        Ok(result.rows_affected() == 1)
    }

    /// A customer's file that waits for a message.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn waiting_upload(
        &self,
        customer: CustomerId,
        id: UploadId,
        now: Timestamp,
    ) -> Result<Option<StoredUpload>, StoreError> {
        let row = sqlx::query(
            "SELECT id, name, media_type, size, expires_at FROM uploads \
             WHERE id = $1 AND customer_id = $2 AND message_id IS NULL AND expires_at > $3",
        )
        .bind(id.to_string())
        .bind(customer.to_string())
        .bind(now.millis())
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(upload).transpose()
    }

    /// The files that a message has taken, in the order in which they were uploaded.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn uploads_of(&self, message: MessageId) -> Result<Vec<StoredUpload>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, name, media_type, size, expires_at FROM uploads WHERE message_id = $1 ORDER BY created_at, id",
        )
        .bind(message.to_string())
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(upload).collect()
    }

    /// A file's bytes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn upload_bytes(&self, id: UploadId) -> Result<Vec<u8>, StoreError> {
        let rows = sqlx::query("SELECT bytes FROM upload_parts WHERE upload_id = $1 ORDER BY place")
            .bind(id.to_string())
            .fetch_all(&self.pool)
            .await?;
        let mut bytes = Vec::new();
        for row in &rows {
            bytes.extend(get::<Vec<u8>>(row, "bytes")?);
        }
        Ok(bytes)
    }

    /// Throws files away whose time is over, and those that broke off.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn prune_uploads(&self, now: Timestamp) -> Result<u64, StoreError> {
        let result =
            sqlx::query("DELETE FROM uploads WHERE (message_id IS NULL OR message_id = '') AND expires_at <= $1")
                .bind(now.millis())
                .execute(&self.pool)
                .await?;
        Ok(result.rows_affected())
    }
}

fn upload(row: &AnyRow) -> Result<StoredUpload, StoreError> {
    Ok(StoredUpload {
        id: param(row, "id")?,
        name: param(row, "name")?,
        media_type: param(row, "media_type")?,
        size: count(row, "size")?,
        expires_at: time(row, "expires_at")?,
    })
}
