//! Webhooks: signed over the raw bytes, retried with the old snapshot, late, doubled, lost, out of order, or off.

use crate::{
    client::Client,
    traps::{conversation, scene},
};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use helpdesk_double::{
    AgentNote, AgentReply, Config, Handle, HelpDeskDouble, Progress, ReleaseOrder, WebhookBehaviour, WebhookConfig,
    sign,
};
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    },
    time::Duration,
};
use tokio::{net::TcpListener, sync::mpsc, task::JoinSet, time::timeout};

const LIMIT: Duration = Duration::from_secs(10);

struct Received {
    event: String,
    signature: String,
    body: Bytes,
}

impl Received {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

struct Receiver {
    url: String,
    status: Arc<AtomicU16>,
    received: mpsc::UnboundedReceiver<Received>,
    _task: JoinSet<()>,
}

impl Receiver {
    async fn start() -> Self {
        let (sender, received) = mpsc::unbounded_channel();
        let status = Arc::new(AtomicU16::new(200));
        let answer = Arc::clone(&status);
        let handler =
            async move |State(sender): State<mpsc::UnboundedSender<Received>>, headers: HeaderMap, body: Bytes| {
                let text = |name: &str| headers[name].to_str().unwrap().to_owned();
                let _ = sender.send(Received {
                    event: text("x-freescout-event"),
                    signature: text("x-freescout-signature"),
                    body,
                });
                StatusCode::from_u16(answer.load(Ordering::SeqCst)).unwrap()
            };
        let router = Router::new().route("/hook", post(handler)).with_state(sender);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let mut task = JoinSet::new();
        task.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, status, received, _task: task }
    }

    async fn next(&mut self) -> Received {
        timeout(LIMIT, self.received.recv()).await.unwrap().unwrap()
    }

    async fn silent(&mut self) -> bool {
        timeout(Duration::from_millis(100), self.received.recv()).await.is_err()
    }
}

async fn desk_for(receiver: &Receiver) -> (Handle, u64) {
    desk_with_retries(receiver, Duration::from_millis(4)).await
}

async fn desk_with_retries(receiver: &Receiver, retry_unit: Duration) -> (Handle, u64) {
    let webhooks = WebhookConfig {
        url: Some(receiver.url.clone()),
        secret: Some("webhook-secret".into()),
        agent_reply_delay: Duration::ZERO,
        retry_unit,
        ..WebhookConfig::default()
    };
    let desk = HelpDeskDouble::start(Config { webhooks, ..Config::default() }).await.unwrap();
    let dana = desk.customer("dana@example.test", "Dana", "Dœ").unwrap();
    let ticket = desk.seed_conversation(conversation(dana, "Invoice wrong")).unwrap();
    (desk, ticket)
}

fn note(text: &str) -> AgentNote {
    AgentNote { text: text.into(), ..AgentNote::default() }
}

async fn progress(desk: &Handle, wanted: Progress) {
    let reached = async {
        while !desk.deliveries().iter().all(|delivery| delivery.progress == wanted) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    timeout(LIMIT, reached).await.unwrap();
}

#[tokio::test]
async fn bodies_are_signed_as_they_are_and_hold_everything() {
    let mut receiver = Receiver::start().await;
    let (desk, ticket) = desk_for(&receiver).await;
    assert!(receiver.silent().await, "seeding tells nobody");
    desk.note(ticket, note("internal, with ümlaut")).unwrap();
    let got = receiver.next().await;
    assert_eq!((got.event.as_str(), &got.signature), ("convo.note.created", &sign(&got.body, "webhook-secret")));
    assert_eq!(got.json()["_embedded"]["threads"].as_array().unwrap().len(), 2, "notes included");
    assert!(std::str::from_utf8(&got.body).unwrap().contains(r"\u00fcmlaut"), "PHP's escaping");
    let reserialised = got.json().to_string();
    assert_ne!(sign(reserialised.as_bytes(), "webhook-secret"), got.signature, "only the raw bytes verify");
}

#[tokio::test]
async fn each_change_has_its_event() {
    let mut receiver = Receiver::start().await;
    let (desk, ticket) = desk_for(&receiver).await;
    let client = Client::new(&desk);
    let path = format!("/api/conversations/{ticket}");
    let new = json!({"type": "email", "mailboxId": 1, "subject": "s", "customer": {"email": "new@example.test"},
        "threads": [{"type": "customer", "text": "x"}]});
    let mut events = Vec::new();
    client.post("/api/conversations", &new).await;
    events.extend([receiver.next().await.event, receiver.next().await.event]);
    client.post(&format!("{path}/threads"), &json!({"type": "customer", "text": "x", "customer": {"id": 1}})).await;
    events.push(receiver.next().await.event);
    desk.reply(ticket, AgentReply::html("x")).unwrap();
    events.push(receiver.next().await.event);
    client.put(&path, &json!({"byUser": 2, "status": "closed"})).await;
    events.push(receiver.next().await.event);
    client.put(&path, &json!({"byUser": 2, "assignTo": 3})).await;
    events.push(receiver.next().await.event);
    client.put(&path, &json!({"byUser": 2, "assignTo": ""})).await;
    assert!(receiver.silent().await, "taking an assignment away sends nothing");
    client.put("/api/customers/1", &json!({"firstName": "D"})).await;
    events.push(receiver.next().await.event);
    client.delete(&path).await;
    events.push(receiver.next().await.event);
    events[..2].sort();
    assert_eq!(
        events,
        [
            "convo.created",
            "customer.created",
            "convo.customer.reply.created",
            "convo.agent.reply.created",
            "convo.status",
            "convo.assigned",
            "customer.updated",
            "convo.deleted_forever",
        ]
    );
}

#[tokio::test]
async fn retries_show_the_past() {
    let mut receiver = Receiver::start().await;
    receiver.status.store(500, Ordering::SeqCst);
    let (desk, ticket) = desk_with_retries(&receiver, Duration::from_millis(100)).await;
    desk.note(ticket, note("first")).unwrap();
    let first = receiver.next().await;
    desk.set_webhooks(WebhookBehaviour { off: true, ..WebhookBehaviour::default() });
    desk.note(ticket, note("second")).unwrap();
    receiver.status.store(204, Ordering::SeqCst);
    progress(&desk, Progress::Delivered).await;
    let mut last = receiver.next().await;
    while let Ok(again) = receiver.received.try_recv() {
        last = again;
    }
    assert_eq!(last.body, first.body, "the old snapshot, without the second note");
    assert!(desk.deliveries()[0].attempts >= 2);
}

#[tokio::test]
async fn after_ten_tries_nobody_tries_again() {
    let receiver = Receiver::start().await;
    receiver.status.store(503, Ordering::SeqCst);
    let (desk, ticket) = desk_for(&receiver).await;
    desk.note(ticket, note("x")).unwrap();
    progress(&desk, Progress::Failed).await;
    let delivery = &desk.deliveries()[0];
    assert_eq!((delivery.attempts, delivery.last_status), (10, Some(503)));
}

#[tokio::test]
async fn events_can_be_held_and_released_in_the_wrong_order() {
    let mut receiver = Receiver::start().await;
    let (desk, ticket) = desk_for(&receiver).await;
    desk.set_webhooks(WebhookBehaviour { hold: true, ..WebhookBehaviour::default() });
    for text in ["one", "two", "three"] {
        desk.note(ticket, note(text)).unwrap();
    }
    assert!(receiver.silent().await);
    assert_eq!(desk.release_webhooks(ReleaseOrder::Newest), 3);
    let mut previews = Vec::new();
    for _ in 0..3 {
        previews.push(receiver.next().await.json()["preview"].as_str().unwrap().to_owned());
    }
    assert_eq!(previews, ["three", "two", "one"]);
}

#[tokio::test]
async fn events_can_be_doubled_lost_forged_late_or_off() {
    let mut receiver = Receiver::start().await;
    let (desk, ticket) = desk_for(&receiver).await;
    let normal = WebhookBehaviour::default();
    desk.set_webhooks(WebhookBehaviour { duplicates: 2, ..normal });
    desk.note(ticket, note("doubled")).unwrap();
    let first = receiver.next().await;
    assert_eq!(first.body, receiver.next().await.body);
    assert_eq!(first.body, receiver.next().await.body);

    desk.set_webhooks(WebhookBehaviour { lose_next: 1, ..normal });
    desk.note(ticket, note("lost")).unwrap();
    desk.note(ticket, note("kept")).unwrap();
    assert_eq!(receiver.next().await.json()["preview"], "kept");

    desk.set_webhooks(WebhookBehaviour { wrong_signature: true, ..normal });
    desk.note(ticket, note("forged")).unwrap();
    let forged = receiver.next().await;
    assert_ne!(forged.signature, sign(&forged.body, "webhook-secret"));

    desk.set_webhooks(WebhookBehaviour { delay_ms: 150, ..normal });
    let start = std::time::Instant::now();
    desk.note(ticket, note("late")).unwrap();
    receiver.next().await;
    assert!(start.elapsed() >= Duration::from_millis(150));

    desk.set_webhooks(WebhookBehaviour { off: true, ..normal });
    desk.note(ticket, note("off")).unwrap();
    assert!(receiver.silent().await);

    desk.set_webhooks(normal);
    let delivered = desk.deliveries()[0].id;
    assert!(desk.redeliver(delivered) && !desk.redeliver(9999));
    assert_eq!(receiver.next().await.body, first.body, "a replay of the very first");
}

#[tokio::test]
async fn a_message_taken_back_in_time_sends_nothing() {
    let mut receiver = Receiver::start().await;
    let webhooks = WebhookConfig {
        url: Some(receiver.url.clone()),
        agent_reply_delay: Duration::from_millis(600),
        ..WebhookConfig::default()
    };
    let desk = HelpDeskDouble::start(Config { webhooks, ..Config::default() }).await.unwrap();
    let dana = desk.customer("dana@example.test", "Dana", "Doe").unwrap();
    let ticket = desk.seed_conversation(conversation(dana, "x")).unwrap();
    let client = Client::new(&desk);
    let thread = desk.reply(ticket, AgentReply::html("<p>Oops</p>")).unwrap();
    let path = format!("/api/conversations/{ticket}");
    assert!(client.get(&path).await.text().contains("Oops"), "visible at once");
    desk.undo(ticket, thread).unwrap();
    assert!(!client.get(&path).await.text().contains("<p>Oops"), "and gone");
    assert!(timeout(Duration::from_millis(900), receiver.received.recv()).await.is_err());
    assert_eq!(desk.deliveries()[0].progress, Progress::Dropped);
}

#[tokio::test]
async fn receivers_can_be_registered_through_the_api() {
    let mut receiver = Receiver::start().await;
    let scene = scene().await;
    let registration = json!({"url": receiver.url, "events": ["convo.note.created"]});
    let created = scene.client.post("/api/webhooks", &registration).await;
    assert_eq!((created.status, created.header("resource-id")), (201, Some("1")));
    scene
        .desk
        .set_status(
            scene.ticket,
            &helpdesk_double::StatusChange { agent: None, status: helpdesk_double::model::Status::Closed },
        )
        .unwrap();
    scene.desk.note(scene.ticket, note("x")).unwrap();
    assert_eq!(receiver.next().await.event, "convo.note.created");
    assert_eq!(scene.client.delete("/api/webhooks/1").await.status, 204);
    scene.desk.note(scene.ticket, note("x")).unwrap();
    assert!(receiver.silent().await);
    assert_eq!(scene.client.delete("/api/webhooks/1").await.status, 404);
}
