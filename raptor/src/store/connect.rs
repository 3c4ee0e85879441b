//! Opens the database.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::AnyConnection;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};

use super::{Store, StoreError};
use crate::config::DatabaseUrl;

/// Connections at most. SQLite writes one at a time anyway; Postgres plans of small hosts allow 20 in all.
const MAX_CONNECTIONS: u32 = 8;

impl Store {
    /// Opens the database, creates a missing SQLite file, and brings the tables up to date.
    ///
    /// # Errors
    /// [`StoreError::Database`] or [`StoreError::Migration`].
    pub async fn open(url: &DatabaseUrl) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let postgres = url.is_postgres();
        let in_memory = url.expose().contains(":memory:");
        let address = if postgres { url.expose().to_owned() } else { creating(url.expose()) };
        let options = AnyConnectOptions::from_str(&address)?;
        let mut pool = AnyPoolOptions::new()
            .max_connections(if in_memory { 1 } else { MAX_CONNECTIONS })
            .acquire_timeout(Duration::from_secs(10));
        if in_memory {
            pool = pool.idle_timeout(None).max_lifetime(None);
        }
        if !postgres {
            pool = pool.after_connect(|connection, _| Box::pin(prepare_sqlite(connection)));
        }
        let pool = pool.connect_with(options).await?;
        let store = Self { pool, postgres };
        store.migrate().await?;
        Ok(store)
    }

    /// It is Postgres.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        self.postgres
    }

    /// The database answers.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Closes all connections after their work is done.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// `mode=rwc` makes a missing file, which the driver would refuse to open otherwise.
fn creating(address: &str) -> String {
    if address.contains("mode=") || address.contains(":memory:") {
        return address.to_owned();
    }
    format!("{address}{}mode=rwc", if address.contains('?') { '&' } else { '?' })
}

/// A write-ahead log lets readers go on while somebody writes; `synchronous = FULL` makes an accepted submission survive a power cut;
/// a busy database is waited for.
async fn prepare_sqlite(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    for pragma in [
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "PRAGMA busy_timeout = 10000",
        "PRAGMA foreign_keys = ON",
    ] {
        sqlx::query(pragma).execute(&mut *connection).await?;
    }
    Ok(())
}
