//! SQLite: one file, one process.

use sqlx::any::AnyPoolOptions;

use super::{Database, prepare};
use crate::config::DatabaseUrl;

/// A write-ahead log lets readers go on while somebody writes; `synchronous = FULL` makes an accepted submission survive a power cut; a
/// busy database is waited for.
const PRAGMAS: [&str; 4] = [
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA busy_timeout = 10000",
    "PRAGMA foreign_keys = ON",
];

pub(in crate::store) struct Sqlite;

impl Database for Sqlite {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    /// `mode=rwc` makes a missing file, which the driver would refuse to open otherwise.
    fn address(&self, given: &DatabaseUrl) -> String {
        let address = given.expose();
        if address.contains("mode=") || is_in_memory(given) {
            return address.to_owned();
        }
        format!("{address}{}mode=rwc", if address.contains('?') { '&' } else { '?' })
    }

    fn pool(&self, options: AnyPoolOptions, given: &DatabaseUrl) -> AnyPoolOptions {
        let options = options.after_connect(|connection, _| Box::pin(prepare(connection, &PRAGMAS)));
        if !is_in_memory(given) {
            return options;
        }
        // Each connection would have a database of its own, and lose it when it ends.
        options.max_connections(1).idle_timeout(None).max_lifetime(None)
    }

    fn bytes_type(&self) -> &'static str {
        "BLOB"
    }

    fn serial_type(&self) -> &'static str {
        "INTEGER PRIMARY KEY AUTOINCREMENT"
    }

    /// Takes the lock at once: two that read first and write later would have to give up.
    fn begin_write(&self) -> &'static str {
        "BEGIN IMMEDIATE"
    }

    fn is_shared(&self) -> bool {
        false
    }

    /// Writers take turns anyway.
    fn take_turns(&self) -> Option<&'static str> {
        None
    }

    fn tell_others(&self) -> Option<&'static str> {
        None
    }
}

fn is_in_memory(url: &DatabaseUrl) -> bool {
    url.expose().contains(":memory:")
}
