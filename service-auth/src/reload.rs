//! Reloading while the process runs: on `SIGHUP`, and when a file's content changes.

use std::{sync::Arc, time::Duration};

use tokio::{sync::watch as channel, task::JoinHandle, time::MissedTickBehavior};

use crate::{Metrics, SourceError};

/// How often a token file is looked at, if nothing else is said. Small enough for a rotation to feel immediate, and one
/// read of 43 bytes costs nothing.
pub const DEFAULT_POLL_INTERVAL: Duration = Duration::from_secs(5);

/// What a reload did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reloaded {
    /// Another token counts now.
    Changed,
    /// The same token as before.
    Unchanged,
}

/// Something that holds tokens and can read them again.
pub trait Reload: Send + Sync + 'static {
    /// Reads the token again; keeps the old one on any error.
    ///
    /// # Errors
    /// [`SourceError`]: the old token still counts.
    fn reload(&self) -> Result<Reloaded, SourceError>;

    /// The variable or file, for logs.
    fn describe(&self) -> String;

    /// Where reloads are counted.
    fn metrics(&self) -> &Metrics;
}

/// Keeps `target` fresh until the returned [`ReloadWatch`] is dropped: reloads it on `SIGHUP` (Unix) and looks for changed
/// content every `poll` (at least 10 ms). Polling rather than file events, because a secret mounted into a container is
/// exchanged by a link, over a file system that may send no event at all.
///
/// Must be called inside a Tokio runtime.
///
/// # Errors
/// An I/O error if the signal handler cannot be installed.
pub fn watch(target: Arc<dyn Reload>, poll: Duration) -> std::io::Result<ReloadWatch> {
    let (sender, receiver) = channel::channel(0);
    let mut hangups = Hangups::new()?;
    let task = tokio::spawn(async move {
        let mut ticks = tokio::time::interval(poll.max(Duration::from_millis(10)));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ticks.tick().await; // the first tick is immediate, and the token has just been read
        let mut last_error = None;
        loop {
            let asked = tokio::select! {
                () = hangups.recv() => true,
                _ = ticks.tick() => false,
            };
            let subject = target.clone();
            // A file on a network may take its time; the runtime's own threads must not.
            let Ok(result) = tokio::task::spawn_blocking(move || subject.reload()).await else { continue };
            report(&*target, asked, result, &mut last_error);
            sender.send_modify(|attempts| *attempts += 1);
        }
    });
    Ok(ReloadWatch { task, attempts: receiver })
}

/// Counts and logs one reload. A failure seen by polling is logged once, not every few seconds.
fn report(
    target: &dyn Reload,
    asked: bool,
    result: Result<Reloaded, SourceError>,
    last_error: &mut Option<SourceError>,
) {
    let source = target.describe();
    match result {
        Ok(Reloaded::Changed) => {
            target.metrics().count_reload_changed();
            tracing::info!(target: "service_auth", source, "service token reloaded");
            *last_error = None;
        }
        Ok(Reloaded::Unchanged) => {
            if asked || last_error.is_some() {
                tracing::info!(target: "service_auth", source, "service token unchanged");
            }
            *last_error = None;
        }
        // Polling a value from the environment can never do anything: only an explicit request deserves the answer.
        Err(SourceError::NotReloadable { .. }) if !asked => {}
        Err(error) => {
            if asked || last_error.as_ref() != Some(&error) {
                target.metrics().count_reload_failed();
                tracing::warn!(target: "service_auth", source, code = error.code(), "service token kept, the reload failed: {error}");
            }
            *last_error = Some(error);
        }
    }
}

/// Stops the watching when dropped.
#[derive(Debug)]
pub struct ReloadWatch {
    task: JoinHandle<()>,
    attempts: channel::Receiver<u64>,
}

impl ReloadWatch {
    /// The number of reloads tried so far, as a value that can be awaited.
    pub fn attempts(&self) -> channel::Receiver<u64> {
        self.attempts.clone()
    }
}

impl Drop for ReloadWatch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[cfg(unix)]
struct Hangups(tokio::signal::unix::Signal);

#[cfg(unix)]
impl Hangups {
    fn new() -> std::io::Result<Self> {
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).map(Self)
    }

    async fn recv(&mut self) {
        if self.0.recv().await.is_none() {
            std::future::pending::<()>().await;
        }
    }
}

/// Elsewhere there is no such signal, and polling alone keeps the token fresh.
#[cfg(not(unix))]
struct Hangups;

#[cfg(not(unix))]
impl Hangups {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn recv(&mut self) {
        std::future::pending::<()>().await;
    }
}
