//! Reloading by signal and by file change, in a process of its own.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails, in its own functions too")]

use std::{path::Path, process::Command, sync::Arc, time::Duration};

use http::HeaderMap;
use service_auth::{ClientCredential, ReloadWatch, ServiceToken, TokenSource, watch};

const NEVER: Duration = Duration::from_secs(86_400);

fn presented(credential: &ClientCredential) -> String {
    let mut headers = HeaderMap::new();
    credential.apply(&mut headers);
    headers["authorization"].to_str().unwrap().to_owned()
}

fn write(path: &Path) -> ServiceToken {
    let token = ServiceToken::generate().unwrap();
    std::fs::write(path, token.expose()).unwrap();
    token
}

async fn next_attempt(reloads: &ReloadWatch, trigger: impl FnOnce()) {
    let mut attempts = reloads.attempts();
    attempts.borrow_and_update();
    trigger();
    tokio::time::timeout(Duration::from_secs(30), attempts.changed()).await.expect("a reload").unwrap();
}

fn hang_up() {
    let status = Command::new("kill").args(["-HUP", &std::process::id().to_string()]).status().unwrap();
    assert!(status.success());
}

#[cfg(unix)]
#[tokio::test]
async fn sighup_exchanges_the_token_and_a_bad_file_keeps_the_old_one() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("token");
    let first = write(&path);
    let credential = Arc::new(ClientCredential::load(TokenSource::file(&path)).unwrap());
    let reloads = watch(credential.clone(), NEVER).unwrap();
    assert_eq!(presented(&credential), format!("Bearer {}", first.expose()));

    let second = write(&path);
    assert_eq!(presented(&credential), format!("Bearer {}", first.expose()), "not before the signal");
    next_attempt(&reloads, hang_up).await;
    assert_eq!(presented(&credential), format!("Bearer {}", second.expose()));

    std::fs::write(&path, "half a tok").unwrap();
    next_attempt(&reloads, hang_up).await;
    assert_eq!(presented(&credential), format!("Bearer {}", second.expose()));
    assert_eq!((credential.metrics().reloads_changed(), credential.metrics().reloads_failed()), (1, 1));

    let third = write(&path);
    next_attempt(&reloads, hang_up).await;
    assert_eq!(presented(&credential), format!("Bearer {}", third.expose()));
}

#[cfg(unix)]
#[tokio::test]
async fn sighup_on_a_token_from_the_environment_fails_aloud_and_keeps_it() {
    let token = ServiceToken::generate().unwrap();
    let credential = Arc::new(ClientCredential::load(TokenSource::value("T", token.expose())).unwrap());
    let reloads = watch(credential.clone(), NEVER).unwrap();
    next_attempt(&reloads, hang_up).await;
    assert_eq!(credential.metrics().reloads_failed(), 1);
    assert_eq!(presented(&credential), format!("Bearer {}", token.expose()));
}

#[tokio::test]
async fn a_changed_file_is_noticed_without_a_signal_and_a_broken_one_is_reported_once() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("token");
    write(&path);
    let credential = Arc::new(ClientCredential::load(TokenSource::file(&path)).unwrap());
    let reloads = watch(credential.clone(), Duration::from_millis(10)).unwrap();

    let second = write(&path);
    while presented(&credential) != format!("Bearer {}", second.expose()) {
        next_attempt(&reloads, || ()).await;
    }
    std::fs::remove_file(&path).unwrap();
    for _ in 0..3 {
        next_attempt(&reloads, || ()).await;
    }
    assert_eq!(credential.metrics().reloads_failed(), 1);
    assert_eq!(presented(&credential), format!("Bearer {}", second.expose()));
}

#[tokio::test]
async fn dropping_the_watch_stops_it() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("token");
    write(&path);
    let credential = Arc::new(ClientCredential::load(TokenSource::file(&path)).unwrap());
    let reloads = watch(credential.clone(), Duration::from_millis(10)).unwrap();
    let mut attempts = reloads.attempts();
    drop(reloads);
    // The sender lives in the task: when the task is gone, the channel is closed.
    while attempts.changed().await.is_ok() {}
}
