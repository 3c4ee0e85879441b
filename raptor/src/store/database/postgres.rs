//! Postgres: for several instances.

use sqlx::any::AnyPoolOptions;

use super::Database;
use crate::config::DatabaseUrl;

pub(in crate::store) struct Postgres;

impl Database for Postgres {
    fn name(&self) -> &'static str {
        "postgres"
    }

    fn address(&self, given: &DatabaseUrl) -> String {
        given.expose().to_owned()
    }

    fn pool(&self, options: AnyPoolOptions, _: &DatabaseUrl) -> AnyPoolOptions {
        options
    }

    fn bytes_type(&self) -> &'static str {
        "BYTEA"
    }

    fn serial_type(&self) -> &'static str {
        "BIGSERIAL PRIMARY KEY"
    }

    fn begin_write(&self) -> &'static str {
        "BEGIN"
    }

    fn is_shared(&self) -> bool {
        true
    }

    /// Sequence numbers are given out before their rows can be seen. Whoever adds events takes turns, so that a reader who has seen
    /// number 8 never misses a 7 that was committed later.
    fn take_turns(&self) -> Option<&'static str> {
        Some("SELECT pg_advisory_xact_lock(7362041)")
    }

    fn tell_others(&self) -> Option<&'static str> {
        Some("SELECT pg_notify('raptor_events', $1)")
    }
}
