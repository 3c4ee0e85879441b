//! A help desk, a Raptor, and customers with sessions.

use std::process::Stdio;
use std::time::{Duration, Instant};

use helpdesk_double::model::ThreadType;
use helpdesk_double::{Handle, HelpDeskDouble, SeedConversation, SeedThread};
use raptor::config::{Config, DatabaseUrl};
use raptor::sessions::Tokens;
use raptor::store::{NewCustomer, NewSession, Store, StoredCredential};
use shared::{CustomerId, Line, Timestamp};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

pub(crate) const TICKETS: &str = "/api/v1/support/tickets";

pub(crate) struct Place {
    pub(crate) desk: Handle,
    pub(crate) http: reqwest::Client,
    raptor: Child,
    base: String,
    edge: String,
    store: Store,
    tokens: Tokens,
    _directory: TempDir,
}

pub(crate) struct Customer {
    authorization: String,
}

fn now() -> Timestamp {
    raptor::helpdesk::Clock::system().now()
}

impl Place {
    pub(crate) async fn new() -> Self {
        let desk = HelpDeskDouble::start(helpdesk_double::Config::default()).await.unwrap();
        let directory = tempfile::tempdir().unwrap();
        let database = format!("sqlite:{}", directory.path().join("raptor.sqlite3").display());
        let edge = service_auth::ServiceToken::generate().unwrap().expose().to_owned();
        let environment = [
            ("RAPTOR_LISTEN", "127.0.0.1:0".to_owned()),
            ("RAPTOR_RP_ID", "localhost".to_owned()),
            ("RAPTOR_ORIGINS", "http://localhost:8787".to_owned()),
            ("RAPTOR_JWT_KEYS", raptor::sessions::generate_key_set()),
            ("DATABASE_URL", database.clone()),
            ("EDGE_SERVICE_TOKEN", edge.clone()),
            ("FREESCOUT_BASE_URL", desk.base_url.clone()),
            ("FREESCOUT_API_TOKEN", desk.api_key.clone()),
            ("FREESCOUT_SUPPORT_MAILBOX_ID", "1".to_owned()),
            ("RAPTOR_AGENT_HOLD_BACK_SECONDS", "0".to_owned()),
        ];
        let config = Config::from_lookup(|wanted| {
            environment.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.into())
        });
        let tokens = Tokens::new(config.unwrap().tokens);
        let mut command = Command::new(env!("CARGO_BIN_EXE_raptor"));
        command.env_clear().envs(environment.iter().map(|(name, value)| (*name, value.as_str())));
        let mut raptor = command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
        let mut lines = BufReader::new(raptor.stdout.take().unwrap()).lines();
        let base = loop {
            let line: serde_json::Value = serde_json::from_str(&lines.next_line().await.unwrap().unwrap()).unwrap();
            if line["message"] == "listening" {
                break format!("http://{}", line["address"].as_str().unwrap());
            }
        };
        // The log goes on; nobody reads it, and it must not fill the pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let store = Store::open(&DatabaseUrl::parse(&database).unwrap()).await.unwrap();
        let http = reqwest::Client::builder().timeout(Duration::from_secs(120)).build().unwrap();
        Self { desk, http, raptor, base, edge, store, tokens, _directory: directory }
    }

    /// A signed-in customer with so many tickets of two messages each.
    pub(crate) async fn customer(&self, name: &str, tickets: usize) -> Customer {
        let id = CustomerId::from_bits(raptor::random::bits());
        let email = Line::new(format!("{name}@bench.example")).unwrap();
        let new = NewCustomer { id, name: Line::new(name).unwrap(), email: email.clone() };
        let credential = StoredCredential { id: id.bits().to_be_bytes().to_vec(), customer: id, passkey: "{}".into() };
        self.store.enrol(&new, &credential, now()).await.unwrap();
        let session = NewSession {
            id: format!("{:032x}", raptor::random::bits()),
            customer: id,
            started_at: now(),
            ends_at: Timestamp::from_millis(now().millis() + 3_600_000),
        };
        self.store.begin_session(&session).await.unwrap();
        let seconds = u64::try_from(now().millis() / 1000).unwrap();
        let token = self.tokens.issue(id, &email, &session.id, seconds, now()).unwrap().token;
        let at_the_desk = self.desk.customer(&email, name, "Bench").unwrap();
        for number in 0..tickets {
            let message = |kind, seconds_ago| SeedThread {
                kind,
                body: format!("<p>Message of ticket {number}, as long as people write: {}</p>", "word ".repeat(60)),
                seconds_ago,
                ..serde_json::from_str(r#"{"kind":"customer","body":""}"#).unwrap()
            };
            let age = i64::try_from(tickets - number).unwrap() * 60;
            let conversation = SeedConversation {
                customer_id: at_the_desk,
                subject: format!("Ticket {number}"),
                threads: vec![message(ThreadType::Customer, age), message(ThreadType::Message, age - 30)],
                ..serde_json::from_str(r#"{"customer_id":0,"subject":"","threads":[]}"#).unwrap()
            };
            self.desk.seed_conversation(conversation).unwrap();
        }
        Customer { authorization: format!("Bearer {}", token.as_str()) }
    }

    /// Asks, and says how long the whole answer took.
    pub(crate) async fn get(&self, customer: &Customer, path: &str) -> (u16, Duration, bytes::Bytes) {
        let request = self.http.get(format!("{}{path}", self.base));
        let request = request
            .header(shared::SERVICE_AUTHORIZATION, format!("Bearer {}", self.edge))
            .header("authorization", &customer.authorization);
        let started = Instant::now();
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let body = response.bytes().await.unwrap();
        (status, started.elapsed(), body)
    }

    /// The list of a customer, as JSON.
    pub(crate) async fn list(&self, customer: &Customer) -> serde_json::Value {
        let (status, _, body) = self.get(customer, &format!("{TICKETS}?limit=50")).await;
        assert_eq!(status, 200);
        serde_json::from_slice(&body).unwrap()
    }

    /// Calls that the help desk has had.
    pub(crate) fn desk_calls(&self) -> u64 {
        self.desk.counts().by_route.values().sum()
    }

    /// Memory of Raptor's process in MiB: now, and at most so far.
    pub(crate) fn memory(&self) -> (f64, f64) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.raptor.id().unwrap())).unwrap_or_default();
        let field = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name));
            let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
            kib.unwrap_or(f64::NAN) / 1024.0
        };
        (field("VmRSS:"), field("VmHWM:"))
    }
}

/// The value below which this share of the sorted times lies, in milliseconds.
pub(crate) fn percentile(sorted: &[Duration], share: f64) -> f64 {
    let place = ((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1));
    sorted.get(place).map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
}
