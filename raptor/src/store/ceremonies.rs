//! Passkey ceremonies and credentials.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use shared::{CeremonyId, CustomerId, Line, Timestamp};

use super::decode::{get, maybe_param, param, time};
use super::{Store, StoreError};

/// What a challenge was given out for. One for signing in cannot end an enrolment, nor the other way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CeremonyPurpose {
    /// Signing in.
    SignIn,
    /// Enrolling a demo customer.
    Enrolment,
}

impl CeremonyPurpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Enrolment => "enrolment",
        }
    }
}

/// A ceremony that has begun.
#[derive(Clone, Debug)]
pub struct StoredCeremony {
    /// Its id.
    pub id: CeremonyId,
    /// What for.
    pub purpose: CeremonyPurpose,
    /// The library's state, as JSON.
    pub state: String,
    /// The customer to be, when enrolling.
    pub customer: Option<CustomerId>,
    /// Their name, when enrolling.
    pub display_name: Option<Line<1, 80>>,
    /// When the challenge stops being accepted.
    pub expires_at: Timestamp,
}

/// A passkey.
#[derive(Clone, Debug)]
pub struct StoredCredential {
    /// The credential's id.
    pub id: Vec<u8>,
    /// Whose it is.
    pub customer: CustomerId,
    /// The library's passkey, as JSON.
    pub passkey: String,
}

impl Store {
    /// Keeps a ceremony, and forgets those that are over.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn begin_ceremony(&self, ceremony: &StoredCeremony, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM ceremonies WHERE expires_at <= $1").bind(now.millis()).execute(&self.pool).await?;
        sqlx::query(
            "INSERT INTO ceremonies (id, purpose, state, customer_id, display_name, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(ceremony.id.to_string())
        .bind(ceremony.purpose.as_str())
        .bind(&ceremony.state)
        .bind(ceremony.customer.map(|customer| customer.to_string()))
        .bind(ceremony.display_name.as_ref().map(|name| name.as_str().to_owned()))
        .bind(ceremony.expires_at.millis())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Takes a ceremony out: of two answers that arrive together, one finds nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take_ceremony(&self, id: CeremonyId) -> Result<Option<StoredCeremony>, StoreError> {
        let row = sqlx::query(
            "DELETE FROM ceremonies WHERE id = $1 RETURNING purpose, state, customer_id, display_name, expires_at",
        )
        .bind(id.to_string())
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| {
            let purpose = match get::<String>(&row, "purpose")?.as_str() {
                "sign_in" => CeremonyPurpose::SignIn,
                "enrolment" => CeremonyPurpose::Enrolment,
                _ => return Err(StoreError::Unreadable { column: "purpose" }),
            };
            Ok(StoredCeremony {
                id,
                purpose,
                state: get(&row, "state")?,
                customer: maybe_param(&row, "customer_id")?,
                display_name: maybe_param(&row, "display_name")?,
                expires_at: time(&row, "expires_at")?,
            })
        })
        .transpose()
    }

    /// The credential with this id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn credential(&self, id: &[u8]) -> Result<Option<StoredCredential>, StoreError> {
        let row = sqlx::query("SELECT customer_id, passkey FROM credentials WHERE id = $1")
            .bind(URL_SAFE_NO_PAD.encode(id))
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| {
            Ok(StoredCredential {
                id: id.to_vec(),
                customer: param(&row, "customer_id")?,
                passkey: get(&row, "passkey")?,
            })
        })
        .transpose()
    }

    /// Replaces what is kept of a credential, unless somebody was faster. Says whether it did.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn replace_credential(&self, known: &StoredCredential, passkey: &str) -> Result<bool, StoreError> {
        let result = sqlx::query("UPDATE credentials SET passkey = $1 WHERE id = $2 AND passkey = $3")
            .bind(passkey)
            .bind(URL_SAFE_NO_PAD.encode(&known.id))
            .bind(&known.passkey)
            .execute(&self.pool)
            .await?;
        Ok(result.rows_affected() == 1)
    }
}
