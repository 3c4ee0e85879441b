//! Every kind of fault: what the caller sees, and whether the help desk has stored the call.

use crate::{
    client::Client,
    traps::{Scene, scene},
};
use helpdesk_double::{Fault, FaultKind, Handle};
use serde_json::{Value, json};
use std::{io, time::Duration};

const THREADS: &str = "/api/conversations/{id}/threads";
const LIMIT: Duration = Duration::from_secs(10);

fn reply(dana: u64) -> Value {
    json!({"type": "customer", "text": "marker-4711", "customer": {"id": dana}})
}

fn stored(desk: &Handle) -> usize {
    desk.read(|state| state.count_customer_threads_containing("marker-4711"))
}

async fn call_under(kind: FaultKind) -> (Scene, io::Result<crate::client::Answer>) {
    let scene = scene().await;
    scene.desk.inject(Fault::once(kind).on("POST", THREADS));
    let path = format!("/api/conversations/{}/threads", scene.ticket);
    let answer = scene.client.try_post(&path, &reply(scene.dana)).await;
    (scene, answer)
}

#[tokio::test]
async fn errors_before_and_after_the_commit_look_the_same() {
    for status in [500, 502, 503, 504] {
        let (before, refused) = call_under(FaultKind::ErrorBeforeCommit { status }).await;
        let (after, lost) = call_under(FaultKind::ErrorAfterCommit { status }).await;
        let (refused, lost) = (refused.unwrap(), lost.unwrap());
        assert_eq!((refused.status, lost.status), (status, status));
        assert_eq!(refused.body, lost.body);
        assert_eq!(refused.header("content-type"), Some("text/html; charset=UTF-8"));
        assert_eq!(refused.text().contains("FreeScout"), status == 500, "the product's own page");
        assert_eq!((stored(&before.desk), stored(&after.desk)), (0, 1));
    }
}

#[tokio::test]
async fn dropped_connections_look_the_same_too() {
    let (before, refused) = call_under(FaultKind::DropBeforeCommit).await;
    let (after, lost) = call_under(FaultKind::DropAfterCommit).await;
    assert!(refused.is_err() && lost.is_err());
    assert_eq!((stored(&before.desk), stored(&after.desk)), (0, 1));
}

/// Waits until a fault has caught a call.
async fn caught(desk: &Handle) {
    let hit = async {
        while desk.faults().last().is_none_or(|fault| fault.hits == 0) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(LIMIT, hit).await.unwrap();
}

async fn becomes_stored(desk: &Handle, wanted: usize) -> bool {
    desk.wait_until(LIMIT, |state| state.count_customer_threads_containing("marker-4711") == wanted).await
}

/// Starts a reply under a fault that holds it, and returns once the fault has it.
async fn held_call(kind: FaultKind) -> (Scene, tokio::task::JoinHandle<u16>) {
    let scene = scene().await;
    scene.desk.inject(Fault::once(kind).on("POST", THREADS));
    let (client, path) = (scene.client.clone(), format!("/api/conversations/{}/threads", scene.ticket));
    let body = reply(scene.dana);
    // 0 stands for no answer at all.
    let calling = tokio::spawn(async move { client.try_post(&path, &body).await.map_or(0, |answer| answer.status) });
    caught(&scene.desk).await;
    (scene, calling)
}

#[tokio::test]
async fn hanging_calls_end_when_faults_are_cleared() {
    for (kind, expected) in [(FaultKind::HangBeforeCommit, 0), (FaultKind::HangAfterCommit, 1)] {
        let (Scene { desk, .. }, calling) = held_call(kind.clone()).await;
        assert!(becomes_stored(&desk, expected).await);
        assert!(!calling.is_finished(), "{kind:?}");
        // The call waits for a clearing that comes after it began to wait.
        while !calling.is_finished() {
            desk.clear_faults();
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(calling.await.unwrap(), 504);
        assert_eq!(stored(&desk), expected);
    }
}

#[tokio::test]
async fn a_caller_that_gives_up_takes_a_hanging_call_back() {
    let (Scene { desk, .. }, calling) = held_call(FaultKind::HangBeforeCommit).await;
    calling.abort();
    // The other end notices the closed connection and drops the call, which no longer counts as running.
    let early =
        desk.wait_until(Duration::from_millis(200), |state| state.count_customer_threads_containing("marker-4711") > 0);
    assert!(!early.await);
    desk.clear_faults();
    assert_eq!(stored(&desk), 0);
}

#[tokio::test]
async fn a_late_commit_comes_even_when_the_caller_has_given_up() {
    let (Scene { desk, .. }, calling) = held_call(FaultKind::CommitLate { ms: 300 }).await;
    calling.abort();
    assert_eq!(stored(&desk), 0);
    assert!(becomes_stored(&desk, 1).await);
}

#[tokio::test]
async fn answers_can_be_cut_malformed_or_empty() {
    let (cut, answer) = call_under(FaultKind::TruncatedBody).await;
    assert!(answer.is_err(), "shorter than announced");
    assert_eq!(stored(&cut.desk), 1);

    let (malformed, answer) = call_under(FaultKind::MalformedJson).await;
    let answer = answer.unwrap();
    assert_eq!(answer.status, 201);
    assert!(answer.body.starts_with(b"{\"id\"") && serde_json::from_slice::<Value>(&answer.body).is_err());
    assert_eq!(stored(&malformed.desk), 1);

    let (empty, answer) = call_under(FaultKind::EmptyBody).await;
    let answer = answer.unwrap();
    assert_eq!((answer.status, answer.body.len()), (201, 0));
    assert_eq!(stored(&empty.desk), 1);
}

#[tokio::test]
async fn an_access_gate_answers_in_the_help_desks_place() {
    let (page, answer) = call_under(FaultKind::LoginPage).await;
    let answer = answer.unwrap();
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/html; charset=UTF-8")));
    let (redirect, answer) = call_under(FaultKind::RedirectToLogin).await;
    let answer = answer.unwrap();
    assert_eq!(answer.status, 302);
    assert!(answer.header("location").unwrap().starts_with("https://gate.raxx.test/"));
    assert_eq!(stored(&page.desk) + stored(&redirect.desk), 0);
}

#[tokio::test]
async fn too_many_requests_may_say_for_how_long() {
    let (scene, answer) = call_under(FaultKind::TooManyRequests { retry_after: Some(7) }).await;
    let answer = answer.unwrap();
    assert_eq!((answer.status, answer.header("retry-after")), (429, Some("7")));
    assert_eq!(stored(&scene.desk), 0);
    let (_, answer) = call_under(FaultKind::TooManyRequests { retry_after: None }).await;
    assert_eq!(answer.unwrap().header("retry-after"), None);
}

#[tokio::test]
async fn latency_holds_the_commit_back_and_a_slow_answer_does_not() {
    let start = std::time::Instant::now();
    let (Scene { desk, .. }, calling) = held_call(FaultKind::Latency { ms: 400 }).await;
    assert_eq!(stored(&desk), 0);
    assert_eq!(calling.await.unwrap(), 201);
    assert!(start.elapsed() >= Duration::from_millis(400));
    assert_eq!(stored(&desk), 1);

    let start = std::time::Instant::now();
    let (Scene { desk, .. }, calling) = held_call(FaultKind::SlowAnswer { ms: 400 }).await;
    assert!(becomes_stored(&desk, 1).await);
    assert_eq!(calling.await.unwrap(), 201);
    assert!(start.elapsed() >= Duration::from_millis(400));
}

#[tokio::test]
async fn faults_hit_only_what_they_are_meant_for() {
    let Scene { desk, client, dana, ticket, .. } = scene().await;
    desk.inject(Fault::always(FaultKind::ErrorBeforeCommit { status: 503 }).on("POST", THREADS).skip(1).times(2));
    let path = format!("/api/conversations/{ticket}/threads");
    let mut statuses = Vec::new();
    for _ in 0..4 {
        assert_eq!(client.get("/api/conversations").await.status, 200);
        statuses.push(client.post(&path, &reply(dana)).await.status);
    }
    assert_eq!(statuses, [201, 503, 503, 201]);
    assert_eq!(desk.faults()[0].hits, 2);
}

#[tokio::test]
async fn files_can_fail_too() {
    let Scene { desk, client, dana, ticket, .. } = scene().await;
    let file = json!([{"fileName": "a.txt", "mimeType": "text/plain", "data": "aGVsbG8="}]);
    let body = json!({"type": "customer", "text": "f", "customer": {"id": dana}, "attachments": file});
    let thread = client.post(&format!("/api/conversations/{ticket}/threads"), &body).await.json();
    let url = thread["_embedded"]["attachments"][0]["fileUrl"].as_str().unwrap().to_owned();
    let target = url.strip_prefix(&desk.base_url).unwrap().to_owned();
    desk.inject(Fault::once(FaultKind::TruncatedBody).on("GET", "/storage"));
    assert!(Client::new(&desk).send("GET", &target, &[], b"").await.is_err());
    assert_eq!(client.get(&target).await.text(), "hello");
}

#[tokio::test]
async fn a_help_desk_that_is_down_refuses_connections_and_keeps_its_data() {
    let Scene { desk, client, dana, ticket, .. } = scene().await;
    let path = format!("/api/conversations/{ticket}/threads");
    assert_eq!(client.post(&path, &reply(dana)).await.status, 201);
    desk.go_down().await;
    let refused = client.try_post(&path, &reply(dana)).await.unwrap_err();
    assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
    desk.come_up().await.unwrap();
    assert_eq!(client.post(&path, &reply(dana)).await.status, 201);
    assert_eq!(stored(&desk), 2);
}

#[tokio::test]
async fn each_kind_says_truly_whether_it_stores_the_call() {
    for kind in FaultKind::one_of_each(20) {
        let (Scene { desk, .. }, calling) = held_call(kind.clone()).await;
        let hangs = matches!(kind, FaultKind::HangBeforeCommit | FaultKind::HangAfterCommit);
        assert!(becomes_stored(&desk, usize::from(kind.commits())).await, "{kind:?}");
        while hangs && !calling.is_finished() {
            desk.clear_faults();
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        calling.await.unwrap();
        assert_eq!(stored(&desk), usize::from(kind.commits()), "{kind:?}");
    }
}
