//! The storage trait: everything in which the two databases differ.
//!
//! Both take `$1` for a parameter, `ON CONFLICT` and `RETURNING`, so each query is one text and is written once, in [`super::Store`].
//! What is left stands here. Whoever implements this has a database of Raptor's, if the suite of `tests/service/database.rs` passes.

mod postgres;
mod sqlite;

use sqlx::AnyConnection;
use sqlx::any::AnyPoolOptions;

use crate::config::DatabaseUrl;

pub(super) use postgres::Postgres;
pub(super) use sqlite::Sqlite;

/// A database that Raptor can run on.
pub(super) trait Database: Send + Sync {
    /// What it is called in messages.
    fn name(&self) -> &'static str;

    /// The address as its driver takes it.
    fn address(&self, given: &DatabaseUrl) -> String;

    /// How its connections are kept and prepared.
    fn pool(&self, options: AnyPoolOptions, given: &DatabaseUrl) -> AnyPoolOptions;

    /// The type of a column of bytes.
    fn bytes_type(&self) -> &'static str;

    /// The type of a primary key that counts by itself.
    fn serial_type(&self) -> &'static str;

    /// Begins a transaction that will write, so that two of them never both have to give up.
    fn begin_write(&self) -> &'static str;

    /// Other processes may work on it at the same time: leases are theirs until they run out, and they are told of events.
    fn is_shared(&self) -> bool;

    /// Run within a transaction before an event is added, so that events become visible in the order of their numbers.
    fn take_turns(&self) -> Option<&'static str>;

    /// Run within the same transaction after it, with the customer's id as `$1`, so that other processes hear of it.
    fn tell_others(&self) -> Option<&'static str>;
}

/// The one that an address belongs to.
pub(super) fn of(url: &DatabaseUrl) -> &'static dyn Database {
    if url.is_postgres() { &Postgres } else { &Sqlite }
}

/// Statements for a fresh connection, one after the other.
async fn prepare(connection: &mut AnyConnection, statements: &[&'static str]) -> Result<(), sqlx::Error> {
    for statement in statements {
        sqlx::query(*statement).execute(&mut *connection).await?;
    }
    Ok(())
}
