//! The rotation of ADR 0056, rehearsed over loopback HTTP under load: 10,000 requests, and how many are refused.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails, in its own functions too")]

mod reasonator;

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use http::{HeaderMap, StatusCode};
use reasonator::Connection;
use service_auth::{
    ClientCredential, KeyAge, KeyRing, KeySource, ManualClock, Metrics, Refusal, Reload, ReloadWatch, ServiceToken,
    TokenSource, Verifier, watch,
};

const REQUESTS: u64 = 10_000;
const CONNECTIONS: u64 = 8;
const GRACE: Duration = Duration::from_secs(600);
const POLL: Duration = Duration::from_millis(10);

/// Both ends of the pair, each with its own file and its own watcher, as two processes would have.
struct Pair {
    _directory: tempfile::TempDir,
    server_file: PathBuf,
    client_file: PathBuf,
    clock: Arc<ManualClock>,
    ring: Arc<KeyRing>,
    credential: Arc<ClientCredential>,
    verifier: Arc<Verifier>,
    _watches: [ReloadWatch; 2],
}

fn replace(path: &Path, token: &ServiceToken) {
    let next = path.with_extension("next");
    std::fs::write(&next, token.expose()).unwrap();
    std::fs::rename(next, path).unwrap();
}

impl Pair {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let (server_file, client_file) = (directory.path().join("server"), directory.path().join("client"));
        let first = ServiceToken::generate().unwrap();
        replace(&server_file, &first);
        replace(&client_file, &first);
        let clock = Arc::new(ManualClock::new(SystemTime::now()));
        let source = KeySource::new(TokenSource::file(&server_file));
        let ring = Arc::new(KeyRing::load_with_clock(source, GRACE, clock.clone()).unwrap());
        let credential = Arc::new(ClientCredential::load(TokenSource::file(&client_file)).unwrap());
        let watches = [watch(ring.clone(), POLL).unwrap(), watch(credential.clone(), POLL).unwrap()];
        let verifier = Arc::new(Verifier::new("raptor", ring.clone()));
        Self { _directory: directory, server_file, client_file, clock, ring, credential, verifier, _watches: watches }
    }

    /// Sends all requests while `rotate` runs in step with them; returns how many were refused.
    async fn run(&self, rotate: impl AsyncFn(&Self, &AtomicU64)) -> u64 {
        let address = reasonator::start(self.verifier.clone()).await;
        let (sent, refused) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let mut clients = tokio::task::JoinSet::new();
        for _ in 0..CONNECTIONS {
            let (credential, sent, refused) = (self.credential.clone(), sent.clone(), refused.clone());
            clients.spawn(async move {
                let mut connection = Connection::open(address).await;
                while sent.fetch_add(1, Ordering::Relaxed) < REQUESTS {
                    let mut headers = HeaderMap::new();
                    headers.insert("x-raxx-tier", "pro_plus".parse().unwrap());
                    credential.apply(&mut headers);
                    let (status, _, body) = connection.get("/score", &headers).await;
                    match status {
                        StatusCode::OK => assert_eq!(body, "queue=pro_plus"),
                        StatusCode::UNAUTHORIZED => _ = refused.fetch_add(1, Ordering::Relaxed),
                        other => panic!("unexpected {other}: {body}"),
                    }
                }
            });
        }
        rotate(self, &sent).await;
        while let Some(finished) = clients.join_next().await {
            finished.unwrap();
        }
        refused.load(Ordering::Relaxed)
    }
}

async fn until(what: &str, condition: impl Fn() -> bool) {
    let waited = tokio::time::timeout(Duration::from_secs(60), async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    });
    waited.await.unwrap_or_else(|_| panic!("never happened: {what}"));
}

async fn changed(metrics: &Metrics) {
    until("the reload", || metrics.reloads_changed() == 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn verifier_first_then_client_refuses_nothing() {
    let pair = Pair::new();
    let refused = pair
        .run(async |pair, sent| {
            let next = ServiceToken::generate().unwrap();
            until("a quarter sent", || sent.load(Ordering::Relaxed) > REQUESTS / 4).await;
            replace(&pair.server_file, &next);
            changed(pair.ring.metrics()).await;
            until("half sent", || sent.load(Ordering::Relaxed) > REQUESTS / 2).await;
            replace(&pair.client_file, &next);
            changed(Reload::metrics(&*pair.credential)).await;
            // Requests that were on their way with the old token have been answered when the last connection has begun
            // its next one; three quarters is far past that.
            until("three quarters sent", || sent.load(Ordering::Relaxed) > REQUESTS * 3 / 4).await;
            pair.clock.advance(GRACE);
        })
        .await;
    assert_eq!(refused, 0, "of {REQUESTS}");
    let metrics = pair.ring.metrics();
    let (current, previous) = (metrics.accepted(KeyAge::Current), metrics.accepted(KeyAge::Previous));
    assert_eq!(current + previous, REQUESTS);
    assert!(previous > 0 && current > REQUESTS / 2, "the rehearsal must use both keys: {current} and {previous}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn client_first_is_the_wrong_order_and_the_rehearsal_shows_it() {
    let pair = Pair::new();
    let refused = pair
        .run(async |pair, sent| {
            let next = ServiceToken::generate().unwrap();
            until("a quarter sent", || sent.load(Ordering::Relaxed) > REQUESTS / 4).await;
            replace(&pair.client_file, &next);
            changed(Reload::metrics(&*pair.credential)).await;
            until("half sent", || sent.load(Ordering::Relaxed) > REQUESTS / 2).await;
            replace(&pair.server_file, &next);
            changed(pair.ring.metrics()).await;
        })
        .await;
    assert!(refused > 0);
    assert_eq!(pair.ring.metrics().refused(Refusal::Unknown), refused);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_was_forgotten_is_refused_when_the_window_ends() {
    let pair = Pair::new();
    let refused = pair
        .run(async |pair, sent| {
            replace(&pair.server_file, &ServiceToken::generate().unwrap());
            changed(pair.ring.metrics()).await;
            until("half sent", || sent.load(Ordering::Relaxed) > REQUESTS / 2).await;
            pair.clock.advance(GRACE);
        })
        .await;
    assert!(refused > 0);
    assert_eq!(pair.ring.metrics().refused(Refusal::Ended), refused);
}
