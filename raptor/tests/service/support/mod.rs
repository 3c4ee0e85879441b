//! A world to test in: a help desk, a Raptor, and customers.

pub(crate) mod client;
pub(crate) mod customer;
pub(crate) mod logs;
pub(crate) mod postgres;

use std::sync::Arc;
use std::time::Duration;

use helpdesk_double::{Handle, HelpDeskDouble};
use raptor::app::{App, DeskTiming, Timing};
use raptor::config::Config;
use raptor::server::Server;
use service_auth::ServiceToken;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub(crate) use client::Answer;
pub(crate) use customer::TestCustomer;

/// Everything happens fast: what takes seconds in production takes milliseconds here, in the same proportions.
pub(crate) fn quick() -> Timing {
    Timing {
        undo: Duration::from_millis(150),
        delivery_wait: Duration::from_secs(3),
        fresh_wait: Duration::from_secs(2),
        fresh_for: Duration::ZERO,
        sweep_every: Duration::from_secs(3600),
        poll_every: Duration::from_millis(50),
        lease: Duration::from_secs(20),
        retry_first: Duration::from_millis(20),
        retry_longest: Duration::from_millis(200),
        heartbeat: Duration::from_millis(100),
        desk: Some(DeskTiming {
            timeout: Duration::from_millis(400),
            settle: Duration::from_millis(900),
            hold_back: Duration::ZERO,
            breaker_pause: Duration::from_millis(20),
        }),
    }
}

pub(crate) struct Options {
    pub(crate) timing: Timing,
    pub(crate) desk: helpdesk_double::Config,
    pub(crate) environment: Vec<(&'static str, String)>,
}

impl Default for Options {
    fn default() -> Self {
        Self { timing: quick(), desk: helpdesk_double::Config::default(), environment: Vec::new() }
    }
}

pub(crate) struct World {
    pub(crate) desk: Handle,
    pub(crate) raptor: Running,
    pub(crate) http: reqwest::Client,
    pub(crate) edge_token: String,
    environment: Vec<(&'static str, String)>,
    timing: Timing,
    directory: TempDir,
}

pub(crate) struct Running {
    pub(crate) app: Arc<App>,
    pub(crate) base: String,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<std::io::Result<()>>,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    pub(crate) async fn start_with(options: Options) -> Self {
        let desk = HelpDeskDouble::start(options.desk).await.unwrap();
        let directory = tempfile::tempdir().unwrap();
        let edge_token = ServiceToken::generate().unwrap().expose().to_owned();
        let mut environment = vec![
            ("RAPTOR_LISTEN", "127.0.0.1:0".to_owned()),
            ("RAPTOR_RP_ID", "localhost".to_owned()),
            ("RAPTOR_ORIGINS", "http://localhost:8787".to_owned()),
            ("RAPTOR_JWT_KEYS", raptor::sessions::generate_key_set()),
            ("RAPTOR_DEV_ENROLMENT", "1".to_owned()),
            ("DATABASE_URL", format!("sqlite:{}", directory.path().join("raptor.sqlite3").display())),
            ("EDGE_SERVICE_TOKEN", edge_token.clone()),
            ("FREESCOUT_BASE_URL", desk.base_url.clone()),
            ("FREESCOUT_API_TOKEN", desk.api_key.clone()),
            ("FREESCOUT_SUPPORT_MAILBOX_ID", "1".to_owned()),
            ("FREESCOUT_SUPPORT_WEBHOOK_SECRET", "webhook-secret".to_owned()),
            ("FREESCOUT_VISIBLE_FIELD_IDS", "18,19".to_owned()),
            ("FREESCOUT_PORTAL_USER_ID", "1".to_owned()),
        ];
        for (name, value) in options.environment {
            environment.retain(|(known, _)| *known != name);
            environment.push((name, value));
        }
        let raptor = launch(&environment, options.timing).await;
        let http = reqwest::Client::builder().timeout(Duration::from_secs(30)).build().unwrap();
        Self { desk, raptor, http, edge_token, environment, timing: options.timing, directory }
    }

    pub(crate) fn app(&self) -> &Arc<App> {
        &self.raptor.app
    }

    /// Ends Raptor as a platform does, and starts it anew on the same database.
    pub(crate) async fn restart(&mut self) {
        self.raptor.stop().await;
        self.raptor = launch(&self.environment, self.timing).await;
    }

    /// Ends Raptor as a crash does: nothing is finished.
    pub(crate) async fn crash(&mut self) {
        self.raptor.abort();
        self.raptor = launch(&self.environment, self.timing).await;
    }

    /// Changes one variable for the next start.
    pub(crate) fn set(&mut self, name: &'static str, value: &str) {
        self.environment.retain(|(known, _)| *known != name);
        self.environment.push((name, value.to_owned()));
    }

    /// The configuration, read anew.
    pub(crate) fn config(&self) -> Config {
        read_config(&self.environment)
    }

    /// The environment, for a look at what Raptor was given.
    pub(crate) fn variable(&self, name: &str) -> String {
        self.environment.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone()).unwrap()
    }

    pub(crate) fn path(&self, name: &str) -> std::path::PathBuf {
        self.directory.path().join(name)
    }
}

fn read_config(environment: &[(&'static str, String)]) -> Config {
    let lookup = |wanted: &str| {
        environment.iter().find(|(name, _)| *name == wanted).map(|(_, value)| std::ffi::OsString::from(value))
    };
    Config::from_lookup(lookup).unwrap()
}

async fn launch(environment: &[(&'static str, String)], timing: Timing) -> Running {
    let server = Server::bind(read_config(environment), timing).await.unwrap();
    let base = format!("http://{}", server.address().unwrap());
    let app = server.app.clone();
    let (stop, stopped) = oneshot::channel::<()>();
    let served = tokio::spawn(server.run(async move {
        let _ = stopped.await;
    }));
    Running { app, base, stop: Some(stop), served }
}

impl Running {
    pub(crate) async fn stop(&mut self) {
        drop(self.stop.take());
        (&mut self.served).await.unwrap().unwrap();
    }

    fn abort(&mut self) {
        // The server's future owns its background work, so dropping it drops that too, wherever it stands.
        self.served.abort();
        // `oneshot` must not look like a request to end in good order.
        std::mem::forget(self.stop.take());
    }
}

/// Waits until `condition` holds, looking every 10 ms.
pub(crate) async fn eventually<F: Future<Output = bool>>(what: &str, mut condition: impl FnMut() -> F) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    while !condition().await {
        assert!(tokio::time::Instant::now() < deadline, "did not happen in 20 s: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
