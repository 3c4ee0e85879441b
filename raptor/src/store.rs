//! Raptor's database: SQLite or Postgres.
//!
//! [`Store`] holds the queries, by concern; the trait `database::Database` is what the two databases do differently, and each of them
//! implements it. `tests/service/database.rs` is the one suite that both pass.

mod audit;
mod ceremonies;
mod connect;
mod customers;
mod database;
mod decode;
mod events;
mod idempotency;
mod migrate;
mod outbox;
mod ratings;
mod sessions;
mod submission;
mod tickets;
mod uploads;

use sqlx::AnyPool;

pub use audit::AuditRow;
pub use ceremonies::{CeremonyPurpose, StoredCeremony, StoredCredential};
pub use customers::{NewCustomer, Profile, SyncTimes};
pub use events::StoredEvent;
pub use idempotency::{Claim, ClaimOutcome};
pub use ratings::StoredRating;
pub use sessions::{LiveSession, NewSession};
pub use submission::{Arrival, PendingSubmission, SubmissionKind, SubmissionState, Submitted};
pub use tickets::{ListFilter, ListPosition, StoredTicket, TicketCopy};
pub use uploads::{NewUpload, StoredUpload};

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pool: AnyPool,
    database: &'static dyn database::Database,
}

/// Something went wrong in the database. It names no value.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or could not be reached.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// The tables could not be brought up to date.
    #[error("the tables could not be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A row holds something that this version cannot read.
    #[error("the column {column} of a row cannot be read: was the database written by a newer version?")]
    Unreadable {
        /// The column.
        column: &'static str,
    },
    /// It is taken: another customer has this e-mail address or this identity at the help desk.
    #[error("it belongs to another customer already")]
    Taken,
}

impl StoreError {
    fn is_unique_violation(error: &sqlx::Error) -> bool {
        error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Store({})", self.database.name())
    }
}
