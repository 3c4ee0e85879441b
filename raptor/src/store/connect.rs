//! Opens the database.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};

use super::{Store, StoreError, database};
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
        let database = database::of(url);
        let options = AnyPoolOptions::new().max_connections(MAX_CONNECTIONS).acquire_timeout(Duration::from_secs(10));
        let address = AnyConnectOptions::from_str(&database.address(url))?;
        let pool = database.pool(options, url).connect_with(address).await?;
        let store = Self { pool, database };
        store.migrate().await?;
        Ok(store)
    }

    /// Other processes may work on the same database.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.database.is_shared()
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
