//! Everything that handlers share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;
use shared::Timestamp;
use webauthn_rs::prelude::WebauthnError;

use crate::audit::Audit;
use crate::config::{Config, DeskConfig, DevelopmentConfig};
use crate::helpdesk::{Clock, HelpDesk, Secrets, SetUpError, Settings};
use crate::http::RateLimiter;
use crate::ids::DerivedIds;
use crate::live::Live;
use crate::metrics::Metrics;
use crate::random;
use crate::sessions::{Authenticator, Passkeys, Tokens};
use crate::store::{Store, StoreError};
use crate::submissions::Outbox;
use crate::tickets::Copier;
use crate::topics::Topics;

/// How long things take. Operators decide about the undo window alone; tests change the others too.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// How long a reply can be withdrawn before it leaves.
    pub undo: Duration,
    /// How long a new ticket's request waits for its delivery before it is answered with 202.
    pub delivery_wait: Duration,
    /// How long a customer waits for fresh data before they are shown the copy, marked as such.
    pub fresh_wait: Duration,
    /// How old a copy may be and still count as fresh.
    pub fresh_for: Duration,
    /// After how long everything is compared, not only what changed.
    pub sweep_every: Duration,
    /// How often the help desk is asked what changed, while anybody listens.
    pub poll_every: Duration,
    /// How long one instance may work on a submission before another takes over; longer than any call.
    pub lease: Duration,
    /// The first wait after a failed attempt; each further one is twice as long.
    pub retry_first: Duration,
    /// The longest wait between attempts.
    pub retry_longest: Duration,
    /// How often an idle event stream says that it is alive.
    pub heartbeat: Duration,
    /// How the help desk's client waits.
    pub desk: Option<DeskTiming>,
}

/// How the help desk's client waits; its own defaults where absent.
#[derive(Debug, Clone, Copy)]
pub struct DeskTiming {
    /// Until an answer is complete, for reads and writes alike.
    pub timeout: Duration,
    /// How long after an attempt the help desk may still be working on it.
    pub settle: Duration,
    /// How long an agent's message is held back.
    pub hold_back: Duration,
    /// The first pause of the circuit breaker.
    pub breaker_pause: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            undo: Duration::from_secs(10),
            delivery_wait: Duration::from_secs(8),
            fresh_wait: Duration::from_secs(3),
            fresh_for: Duration::from_secs(5),
            sweep_every: Duration::from_secs(15 * 60),
            poll_every: Duration::from_secs(5),
            lease: Duration::from_secs(120),
            retry_first: Duration::from_secs(1),
            retry_longest: Duration::from_secs(60),
            heartbeat: Duration::from_secs(15),
            desk: None,
        }
    }
}

impl Timing {
    /// The usual waits, and those that operators decide.
    #[must_use]
    pub fn configured(config: &Config) -> Self {
        Self { undo: config.undo, ..Self::default() }
    }
}

/// Everything that handlers share.
pub struct App {
    /// The database.
    pub store: Store,
    /// The help desk.
    pub desk: HelpDesk,
    /// Passkey ceremonies.
    pub passkeys: Passkeys,
    /// Reads session tokens.
    pub authenticator: Authenticator,
    /// How often callers may call.
    pub rates: RateLimiter,
    /// Who did what.
    pub audit: Audit,
    /// Counters.
    pub metrics: Arc<Metrics>,
    /// Tells customers what happened.
    pub live: Live,
    /// Keeps the copies of what customers can see.
    pub copier: Copier,
    /// Delivers what customers write.
    pub outbox: Outbox,
    /// Topics, fields and notices.
    pub topics: Topics,
    /// Demo enrolment, where it is switched on.
    pub development: Option<DevelopmentConfig>,
    /// How long things take.
    pub timing: Timing,
    pub(crate) ids: DerivedIds,
    pub(crate) webhook_secret: ArcSwapOption<SecretString>,
    /// Bounds the memory that files on their way take.
    pub(crate) uploads: tokio::sync::Semaphore,
    clock: Clock,
    portal_enabled: AtomicBool,
    stopping: AtomicBool,
}

/// Why Raptor cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Passkeys.
    #[error("RAPTOR_RP_ID and RAPTOR_ORIGINS do not fit together: {0}")]
    Passkeys(#[from] WebauthnError),
    /// The help desk's client.
    #[error(transparent)]
    Desk(#[from] SetUpError),
    /// The edge's token.
    #[error(transparent)]
    EdgeToken(#[from] service_auth::SourceError),
    /// The address to listen on.
    #[error("cannot listen on {address}: {error}; is another process using it?")]
    Listen {
        /// The address.
        address: std::net::SocketAddr,
        /// What the operating system said.
        error: std::io::Error,
    },
    /// Topics and notices.
    #[error("RAPTOR_DESK_CONTENT: {0}")]
    Content(String),
}

impl App {
    /// Puts everything together. Calls nobody but the database.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn new(config: Config, timing: Timing) -> Result<Arc<Self>, StartError> {
        let store = Store::open(&config.database).await?;
        let ids = DerivedIds::new(id_secret(&store).await?);
        let clock = Clock::system();
        let settings = desk_settings(&config.desk, timing.desk, clock.clone());
        let desk = HelpDesk::new(settings, desk_secrets(&config.desk))?;
        let metrics = Arc::new(Metrics::default());
        let live = Live::new(store.clone());
        let copier = Copier::new(store.clone(), desk.clone(), ids.clone(), live.clone(), clock.clone(), timing);
        let outbox = Outbox::new(store.clone(), desk.clone(), copier.clone(), metrics.clone(), clock.clone(), timing);
        let topics = Topics::new(desk.clone(), store.clone(), ids.clone(), config.desk_content.as_deref())
            .map_err(StartError::Content)?;
        Ok(Arc::new(Self {
            passkeys: Passkeys::new(&config.passkeys)?,
            authenticator: Authenticator { tokens: Tokens::new(config.tokens) },
            rates: RateLimiter::default(),
            audit: Audit::start(store.clone()),
            metrics,
            live,
            copier,
            outbox,
            topics,
            development: config.development,
            timing,
            ids,
            webhook_secret: ArcSwapOption::from_pointee(config.desk.webhook_secret),
            uploads: tokio::sync::Semaphore::new(8),
            clock,
            portal_enabled: AtomicBool::new(config.portal_enabled),
            stopping: AtomicBool::new(false),
            store,
            desk,
        }))
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The portal's API is switched on.
    #[must_use]
    pub fn portal_enabled(&self) -> bool {
        self.portal_enabled.load(Ordering::Relaxed)
    }

    /// The process is about to end and takes no new work.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    pub(crate) fn begin_stopping(&self) {
        self.stopping.store(true, Ordering::Relaxed);
        self.live.close();
    }

    /// Uses what a new reading of the environment's files says: keys, the help desk's secrets, and the switch.
    pub fn reload(&self, config: Config) {
        self.authenticator.tokens.replace_keys(config.tokens.keys);
        self.desk.replace_secrets(desk_secrets(&config.desk));
        self.webhook_secret.store(config.desk.webhook_secret.map(Arc::new));
        self.portal_enabled.store(config.portal_enabled, Ordering::Relaxed);
    }

    /// All counters as text.
    pub async fn render_metrics(&self) -> String {
        let mut text = self.metrics.render(self.store.outbox_depth().await.ok());
        text.push_str(&crate::metrics::render_desk(&self.desk));
        text
    }
}

async fn id_secret(store: &Store) -> Result<[u8; 32], StoreError> {
    let mut fresh = [0; 32];
    random::fill(&mut fresh);
    let kept = store.setting("id_secret", &URL_SAFE_NO_PAD.encode(fresh)).await?;
    let bytes = URL_SAFE_NO_PAD.decode(kept).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or(StoreError::Unreadable { column: "id_secret" })
}

fn desk_secrets(config: &DeskConfig) -> Secrets {
    Secrets { api_key: config.api_key.clone(), access_gate: config.access_gate.clone() }
}

fn desk_settings(config: &DeskConfig, timing: Option<DeskTiming>, clock: Clock) -> Settings {
    let mut settings = Settings::new(config.base.clone(), config.mailbox);
    settings.portal_agent = config.portal_agent;
    settings.visible_fields = config.visible_fields.iter().copied().collect();
    settings.hold_back = config.hold_back;
    settings.clock = clock;
    if let Some(timing) = timing {
        settings.timeouts.read = timing.timeout;
        settings.timeouts.write = timing.timeout;
        settings.settle = timing.settle;
        settings.hold_back = timing.hold_back;
        settings.breaker.first_pause = timing.breaker_pause;
        settings.breaker.longest_pause = timing.breaker_pause * 4;
    }
    settings
}
