//! The running service: listener, background work, reload, and a graceful end.

mod housekeeping;
mod listen_notify;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use service_auth::{KeyRing, KeySource};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::app::{App, StartError, Timing};
use crate::config::Config;
use crate::http::router;
use crate::live;

/// How long a replaced token of the edge is still accepted.
const EDGE_GRACE: Duration = Duration::from_secs(15 * 60);
/// How long the end may take; then open connections are closed.
const GRACE: Duration = Duration::from_secs(25);

/// A service that is ready to run.
pub struct Server {
    /// Everything that handlers share.
    pub app: Arc<App>,
    listener: TcpListener,
    edge: Arc<KeyRing>,
    database: crate::config::DatabaseUrl,
}

impl Server {
    /// Opens the database, reads the secrets and binds the address. From here on connections are queued, and nothing is served yet.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn bind(config: Config, timing: Timing) -> Result<Self, StartError> {
        let address = config.listen;
        let listener = TcpListener::bind(address).await.map_err(|error| StartError::Listen { address, error })?;
        let mut tokens = KeySource::new(config.edge_token.clone());
        if let Some(previous) = config.edge_token_previous.clone() {
            tokens = tokens.with_previous(previous);
        }
        let edge = Arc::new(KeyRing::load(tokens, EDGE_GRACE)?);
        let database = config.database.clone();
        let app = App::new(config, timing).await?;
        Ok(Self { app, listener, edge, database })
    }

    /// The address that is listened on.
    ///
    /// # Errors
    /// What the operating system said.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `stop` ends; then takes no new work, finishes what is under way, and closes the database.
    ///
    /// # Errors
    /// What the operating system said.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
        let Self { app, listener, edge, database } = self;
        let (stopping, stopped) = watch::channel(false);
        let mut background = JoinSet::new();
        background.spawn(app.outbox.clone().run(stopped.clone()));
        background.spawn(live::poll(app.clone(), stopped.clone()));
        background.spawn(housekeeping::run(app.clone(), stopped.clone()));
        if database.is_postgres() {
            background.spawn(listen_notify::run(app.live.clone(), database, stopped.clone()));
        }
        let _token_watch = service_auth::watch(edge.clone(), service_auth::DEFAULT_POLL_INTERVAL)?;
        let service = router(app.clone(), edge);
        let ending = {
            let app = app.clone();
            async move {
                stop.await;
                tracing::info!("stopping: no new work is taken");
                app.begin_stopping();
                stopping.send_replace(true);
            }
        };
        let mut forced = stopped.clone();
        let served = tokio::select! {
            served = axum::serve(listener, service).with_graceful_shutdown(ending) => served,
            () = async {
                // An error means that the sender is gone, and then the other branch has ended too.
                let _ = forced.wait_for(|stopping| *stopping).await;
                tokio::time::sleep(GRACE).await;
            } => {
                tracing::warn!("some connections did not end in time and were closed");
                Ok(())
            }
        };
        // Background work ends by itself: each attempt at the help desk has a time limit of its own.
        let all_ended = async { while background.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, all_ended).await.is_err() {
            tracing::warn!("some background work did not end in time; the outbox takes it up again at the next start");
        }
        app.audit.flush().await;
        app.store.close().await;
        tracing::info!("stopped");
        served
    }
}
