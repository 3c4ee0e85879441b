//! Forgets what has no reason to be kept.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::app::App;
use crate::store::StoreError;

/// How often.
const EVERY: Duration = Duration::from_secs(10 * 60);

/// Cleans up at start and from then on every ten minutes.
pub(super) async fn run(app: Arc<App>, mut stopping: watch::Receiver<bool>) {
    loop {
        if let Err(error) = clean(&app).await {
            tracing::warn!(%error, "cleaning up failed; trying again later");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stopping.wait_for(|stopping| *stopping) => return,
        }
    }
}

async fn clean(app: &App) -> Result<(), StoreError> {
    let now = app.now();
    app.store.prune_sessions(now).await?;
    app.store.prune_uploads(now).await?;
    app.store.prune_claims(now).await?;
    app.store.prune_submissions(now).await?;
    app.store.prune_events(now).await?;
    app.store.prune_audit(now).await?;
    Ok(())
}
