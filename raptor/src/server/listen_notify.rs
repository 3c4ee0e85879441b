//! Hears of events that other instances added, by Postgres' LISTEN and NOTIFY.

use std::time::Duration;

use shared::CustomerId;
use sqlx::postgres::PgListener;
use tokio::sync::watch;

use crate::config::DatabaseUrl;
use crate::live::Live;

/// How long to wait before a broken connection is made anew.
const AGAIN: Duration = Duration::from_secs(2);

/// Listens until `stopping` says so. After every break readers look for themselves: what was said meanwhile was not heard.
pub(super) async fn run(live: Live, database: DatabaseUrl, mut stopping: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            Err(error) = listen(&live, &database) => tracing::warn!(%error, "events of other instances are not heard; connecting again"),
            _ = stopping.wait_for(|stopping| *stopping) => return,
        }
        tokio::select! {
            () = tokio::time::sleep(AGAIN) => {}
            _ = stopping.wait_for(|stopping| *stopping) => return,
        }
    }
}

async fn listen(live: &Live, database: &DatabaseUrl) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect(database.expose()).await?;
    listener.listen("raptor_events").await?;
    live.heard(None);
    loop {
        match listener.try_recv().await? {
            Some(said) => live.heard(CustomerId::parse(said.payload()).ok()),
            // The connection was lost and made anew.
            None => live.heard(None),
        }
    }
}
