//! Brings the tables up to date. The migrations are in the binary and run at every start.

use std::borrow::Cow;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr as _};

use super::{Store, StoreError};

/// Version, name and text. A migration that was released is never changed: its checksum is kept in the database.
const MIGRATIONS: [(i64, &str, &str); 1] = [(1, "begin", include_str!("migrations/0001_begin.sql"))];

impl Store {
    pub(super) async fn migrate(&self) -> Result<(), StoreError> {
        let (bytes, serial) = (self.database.bytes_type(), self.database.serial_type());
        let migrations = MIGRATIONS.iter().map(|(version, name, text)| {
            let text = text.replace(" BYTES ", &format!(" {bytes} ")).replace(" SERIAL,", &format!(" {serial},"));
            let sql = AssertSqlSafe(text).into_sql_str();
            Migration::new(*version, Cow::Borrowed(name), MigrationType::Simple, sql, false)
        });
        // On Postgres an advisory lock lets instances that start together take turns.
        Migrator::with_migrations(migrations.collect()).run(&self.pool).await?;
        Ok(())
    }
}
