//! Asks the help desk what changed: webhooks get lost, arrive late, or are not configured at all.

use std::num::NonZeroU32;
use std::sync::Arc;

use shared::Timestamp;
use tokio::sync::watch;

use crate::app::App;
use crate::helpdesk::ReadError;
use crate::store::StoreError;
use crate::tickets::RefreshError;

/// How far back each question reaches beyond the last one, in milliseconds: times are whole seconds, and clocks differ.
const OVERLAP: i64 = 30_000;
/// Pages that one question may take; what changed more than that is found when a customer looks.
const PAGES: u32 = 4;
/// Tickets with a message that was held back that are read anew together.
const RECHECKS: u32 = 50;

/// Asks until `stopping` says so; only while somebody is listening, so that an idle portal costs the help desk nothing.
pub(crate) async fn run(app: Arc<App>, mut stopping: watch::Receiver<bool>) {
    let mut since = app.now();
    loop {
        tokio::select! {
            () = tokio::time::sleep(app.timing.poll_every) => {}
            _ = stopping.wait_for(|stopping| *stopping) => return,
        }
        if !app.live.has_readers() || app.desk.is_left_alone() {
            continue;
        }
        let now = app.now();
        match changes(&app, since).await {
            Ok(()) => since = now,
            Err(error) => tracing::warn!(%error, "changes could not be read; asking again"),
        }
        if let Err(error) = recheck(&app, now).await {
            tracing::warn!(%error, "held-back messages could not be read; asking again");
        }
    }
}

async fn changes(app: &App, since: Timestamp) -> Result<(), RefreshError> {
    let since = Timestamp::from_millis(since.millis() - OVERLAP);
    for page in (1..=PAGES).filter_map(NonZeroU32::new) {
        let list = app.desk.list_changes(since, page).await?;
        for change in &list.items {
            let Some(customer) = app.store.customer_of(change.owner).await? else { continue };
            let known = app.store.ticket_of(customer, change.conversation).await?;
            if known.is_some_and(|known| known.revision == change.revision.as_str()) {
                continue;
            }
            forgive_absence(app.copier.reread(customer, change.conversation).await)?;
        }
        if !list.has_more {
            break;
        }
    }
    Ok(())
}

async fn recheck(app: &App, now: Timestamp) -> Result<(), RefreshError> {
    for ticket in app.store.tickets_to_recheck(now, RECHECKS).await? {
        if let Some(conversation) = ticket.conversation {
            forgive_absence(app.copier.reread(ticket.customer, conversation).await)?;
        }
    }
    Ok(())
}

/// A conversation that is gone is an answer and no failure.
fn forgive_absence(result: Result<(), RefreshError>) -> Result<(), RefreshError> {
    match result {
        Err(RefreshError::Desk(ReadError::NotFound) | RefreshError::Store(StoreError::Taken)) => Ok(()),
        other => other,
    }
}
