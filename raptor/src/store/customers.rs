//! Customers and how the help desk knows them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use shared::{CustomerId, Line, Timestamp};

use super::ceremonies::StoredCredential;
use super::decode::{get, maybe_time, param};
use super::{Store, StoreError};
use crate::helpdesk;

/// A customer to keep.
#[derive(Clone, Debug)]
pub struct NewCustomer {
    /// The id.
    pub id: CustomerId,
    /// First and last name.
    pub name: Line<1, 80>,
    /// Verified e-mail address.
    pub email: Line<3, 254>,
}

/// A customer.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The id.
    pub id: CustomerId,
    /// First and last name.
    pub name: Line<1, 80>,
    /// Verified e-mail address.
    pub email: Line<3, 254>,
    /// Who they are at the help desk, once that is known. It stays when the address changes.
    pub helpdesk_id: Option<helpdesk::CustomerId>,
}

/// When a customer's copy was brought up to date.
#[derive(Clone, Copy, Debug, Default)]
pub struct SyncTimes {
    /// What changed was read.
    pub synced_at: Option<Timestamp>,
    /// Everything was compared.
    pub swept_at: Option<Timestamp>,
}

impl Store {
    /// A value that is made once and kept for ever, such as the secret that ids are derived with.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn setting(&self, name: &str, fresh: &str) -> Result<String, StoreError> {
        sqlx::query("INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
            .bind(name)
            .bind(fresh)
            .execute(&self.pool)
            .await?;
        let row = sqlx::query("SELECT value FROM settings WHERE name = $1").bind(name).fetch_one(&self.pool).await?;
        get(&row, "value")
    }

    /// A value that was put there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn get_setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let row =
            sqlx::query("SELECT value FROM settings WHERE name = $1").bind(name).fetch_optional(&self.pool).await?;
        row.as_ref().map(|row| get(row, "value")).transpose()
    }

    /// Puts a value there, instead of an earlier one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn put_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
            .bind(name)
            .bind(value)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Keeps a new customer with their first passkey.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the address or the credential is somebody else's.
    pub async fn enrol(
        &self,
        customer: &NewCustomer,
        credential: &StoredCredential,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin_write().await?;
        let taken =
            |error: sqlx::Error| if StoreError::is_unique_violation(&error) { StoreError::Taken } else { error.into() };
        sqlx::query("INSERT INTO customers (id, name, email, created_at) VALUES ($1, $2, $3, $4)")
            .bind(customer.id.to_string())
            .bind(customer.name.as_str())
            .bind(customer.email.as_str())
            .bind(now.millis())
            .execute(&mut *transaction)
            .await
            .map_err(taken)?;
        sqlx::query("INSERT INTO customer_emails (email, customer_id, verified_at) VALUES ($1, $2, $3)")
            .bind(customer.email.to_lowercase())
            .bind(customer.id.to_string())
            .bind(now.millis())
            .execute(&mut *transaction)
            .await
            .map_err(taken)?;
        sqlx::query("INSERT INTO credentials (id, customer_id, passkey, created_at) VALUES ($1, $2, $3, $4)")
            .bind(URL_SAFE_NO_PAD.encode(&credential.id))
            .bind(customer.id.to_string())
            .bind(&credential.passkey)
            .bind(now.millis())
            .execute(&mut *transaction)
            .await
            .map_err(taken)?;
        transaction.commit().await?;
        Ok(())
    }

    /// A customer.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn customer(&self, id: CustomerId) -> Result<Option<Profile>, StoreError> {
        let row = sqlx::query("SELECT id, name, email, helpdesk_id FROM customers WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| {
            Ok(Profile {
                id: param(&row, "id")?,
                name: param(&row, "name")?,
                email: param(&row, "email")?,
                helpdesk_id: helpdesk_id(get(&row, "helpdesk_id")?),
            })
        })
        .transpose()
    }

    /// Whose identity at the help desk this is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn customer_of(&self, id: helpdesk::CustomerId) -> Result<Option<CustomerId>, StoreError> {
        let Ok(id) = i64::try_from(id.get()) else { return Ok(None) };
        let row =
            sqlx::query("SELECT id FROM customers WHERE helpdesk_id = $1").bind(id).fetch_optional(&self.pool).await?;
        row.map(|row| param(&row, "id")).transpose()
    }

    /// Remembers who a customer is at the help desk. Once it is known it is never changed here: a changed address keeps the old tickets.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when another customer has that identity.
    pub async fn link_customer(&self, id: CustomerId, desk: helpdesk::CustomerId) -> Result<(), StoreError> {
        let desk = i64::try_from(desk.get()).map_err(|_| StoreError::Unreadable { column: "helpdesk_id" })?;
        sqlx::query("UPDATE customers SET helpdesk_id = $1 WHERE id = $2 AND helpdesk_id IS NULL")
            .bind(desk)
            .bind(id.to_string())
            .execute(&self.pool)
            .await
            .map_err(|error| if StoreError::is_unique_violation(&error) { StoreError::Taken } else { error.into() })?;
        Ok(())
    }

    /// Changes the verified address. The identity at the help desk stays.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the address is another customer's.
    pub async fn change_email(&self, id: CustomerId, email: &Line<3, 254>, now: Timestamp) -> Result<(), StoreError> {
        let mut transaction = self.begin_write().await?;
        let result = sqlx::query(
            "INSERT INTO customer_emails (email, customer_id, verified_at) VALUES ($1, $2, $3) \
             ON CONFLICT (email) DO UPDATE SET verified_at = excluded.verified_at WHERE customer_emails.customer_id = $2",
        )
        .bind(email.to_lowercase())
        .bind(id.to_string())
        .bind(now.millis())
        .execute(&mut *transaction)
        .await?;
        if result.rows_affected() != 1 {
            return Err(StoreError::Taken);
        }
        sqlx::query("UPDATE customers SET email = $1 WHERE id = $2")
            .bind(email.as_str())
            .bind(id.to_string())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// When a customer's copy was brought up to date.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sync_times(&self, id: CustomerId) -> Result<SyncTimes, StoreError> {
        let row = sqlx::query("SELECT synced_at, swept_at FROM customers WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(SyncTimes::default()) };
        Ok(SyncTimes { synced_at: maybe_time(&row, "synced_at")?, swept_at: maybe_time(&row, "swept_at")? })
    }

    /// A customer's copy is up to date as of this time.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_synced(&self, id: CustomerId, at: Timestamp, swept: bool) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE customers SET synced_at = $1, swept_at = CASE WHEN $2 = 1 THEN $1 ELSE swept_at END WHERE id = $3",
        )
        .bind(at.millis())
        .bind(i64::from(swept))
        .bind(id.to_string())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Deletes everything that is kept of a customer here, and says whether there was any. What the help desk holds stays there.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_customer(&self, id: CustomerId) -> Result<bool, StoreError> {
        let mut transaction = self.begin_write().await?;
        let result =
            sqlx::query("DELETE FROM customers WHERE id = $1").bind(id.to_string()).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(result.rows_affected() == 1)
    }

    /// A transaction that will write.
    pub(super) async fn begin_write(&self) -> Result<sqlx::Transaction<'static, sqlx::Any>, StoreError> {
        Ok(self.pool.begin_with(self.database.begin_write()).await?)
    }
}

fn helpdesk_id(number: Option<i64>) -> Option<helpdesk::CustomerId> {
    number.and_then(|number| u64::try_from(number).ok()).and_then(helpdesk::CustomerId::new)
}
