//! Live events, webhooks, and what happens when they fail to come.

use std::time::Duration;

use base64::Engine as _;
use futures_util::StreamExt as _;
use helpdesk_double::{AgentNote, AgentReply, Config, WebhookConfig};
use http::Method;
use serde_json::json;
use shared::LiveEvent;

use crate::support::client::fresh_key;
use crate::support::{Options, TestCustomer, World, eventually, quick};

const EVENTS: &str = "/api/v1/support/events";

/// An open event stream.
struct Stream {
    response: reqwest::Response,
    text: String,
    /// The last id that was seen.
    last_id: Option<u64>,
}

impl Stream {
    async fn open(world: &World, customer: &TestCustomer, last_id: Option<u64>) -> Self {
        let mut request = world.request(Method::GET, EVENTS).by(customer);
        if let Some(last_id) = last_id {
            request = request.header("last-event-id", &last_id.to_string());
        }
        let response = request.open().await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, text: String::new(), last_id }
    }

    /// The next event; `None` when the stream has ended.
    async fn next(&mut self) -> Option<LiveEvent> {
        tokio::time::timeout(Duration::from_secs(10), self.read()).await.unwrap()
    }

    async fn read(&mut self) -> Option<LiveEvent> {
        loop {
            while let Some(end) = self.text.find("\n\n") {
                let frame: String = self.text.drain(..end + 2).collect();
                let field = |name: &str| frame.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
                if let Some(id) = field("id:") {
                    self.last_id = Some(id.parse().unwrap());
                }
                if let Some(event) = field("event:") {
                    return Some(LiveEvent::parse(event, field("data:").unwrap()).unwrap());
                }
            }
            match self.response.chunk().await {
                Ok(Some(chunk)) => self.text.push_str(std::str::from_utf8(&chunk).unwrap()),
                Ok(None) | Err(_) => return None,
            }
        }
    }

    async fn change(&mut self) -> shared::TicketId {
        loop {
            match self.next().await.unwrap() {
                LiveEvent::TicketChanged { ticket_id, .. } => return ticket_id,
                LiveEvent::Ready => {}
                other => panic!("{other:?}"),
            }
        }
    }
}

async fn first_ticket(world: &World, customer: &TestCustomer) -> (String, u64) {
    let id = world.ticket_ids(customer).await.remove(0);
    let ticket = world.app().store.ticket(customer.id, shared::TicketId::parse(&id).unwrap()).await.unwrap().unwrap();
    (id, ticket.conversation.unwrap().get())
}

#[tokio::test]
async fn an_agents_answer_is_heard_of_by_its_customer_alone_and_can_be_read_then() {
    let world = World::start().await;
    let (ada, grace) = (world.customer("ada").await, world.customer("grace").await);
    let (id, conversation) = first_ticket(&world, &ada).await;
    world.ticket_ids(&grace).await;
    let mut stream = Stream::open(&world, &ada, None).await;
    let mut other = Stream::open(&world, &grace, None).await;
    assert_eq!(stream.next().await, Some(LiveEvent::Ready));
    assert_eq!(other.next().await, Some(LiveEvent::Ready));
    world.desk.reply(conversation, AgentReply::html("<p>Fixed it.</p>").by("Maya")).unwrap();
    assert_eq!(stream.change().await.to_string(), id);
    let thread = world.get(&ada, &format!("/api/v1/support/tickets/{id}")).await.expect(200).json();
    let last = thread["messages"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((last["author"]["kind"].as_str(), last["author"]["name"].as_str()), (Some("team"), Some("Maya")));
    assert!(last["body"].to_string().contains("Fixed it."));
    let silence = tokio::time::timeout(Duration::from_millis(400), other.read()).await;
    assert!(silence.is_err(), "another customer heard {silence:?}");
    // Whoever is woken by something of their own hears of that alone.
    let (hers, conversation) = first_ticket(&world, &grace).await;
    world.desk.reply(conversation, AgentReply::html("<p>Yours too.</p>")).unwrap();
    assert_eq!(other.change().await.to_string(), hers);
}

#[tokio::test]
async fn an_internal_note_is_heard_of_by_nobody() {
    let world = World::start().await;
    let ada = world.customer("ada").await;
    let (_, conversation) = first_ticket(&world, &ada).await;
    let mut stream = Stream::open(&world, &ada, None).await;
    assert_eq!(stream.next().await, Some(LiveEvent::Ready));
    let polls = || world.desk.counts().by_route.get("GET /api/conversations").copied().unwrap_or_default();
    world.desk.note(conversation, AgentNote { text: "between us".into(), ..AgentNote::default() }).unwrap();
    let before = polls();
    crate::support::eventually("it was asked what changed, twice", || async { polls() >= before + 2 }).await;
    let silence = tokio::time::timeout(Duration::from_millis(200), stream.read()).await;
    assert!(silence.is_err(), "{silence:?}");
}

#[tokio::test]
async fn a_reader_who_was_away_goes_on_where_it_stopped_even_after_a_restart() {
    let mut world = World::start().await;
    let ada = world.customer("ada").await;
    let (id, _) = first_ticket(&world, &ada).await;
    let path = format!("/api/v1/support/tickets/{id}/replies");
    let mut stream = Stream::open(&world, &ada, None).await;
    assert_eq!(stream.next().await, Some(LiveEvent::Ready));
    world.submit(&ada, &path, &fresh_key(), &json!({ "body": "one" })).await.expect(201);
    stream.change().await;
    let last_id = stream.last_id;
    drop(stream);
    world.submit(&ada, &path, &fresh_key(), &json!({ "body": "two" })).await.expect(201);
    world.restart().await;
    let mut stream = Stream::open(&world, &ada, last_id).await;
    assert_eq!(stream.change().await.to_string(), id);
    // A place that this database has never had: the reader is told to start over.
    let mut lost = Stream::open(&world, &ada, Some(1_000_000)).await;
    assert_eq!(lost.next().await, Some(LiveEvent::Resync));
}

#[tokio::test]
async fn signing_out_ends_the_stream() {
    let world = World::start().await;
    let ada = world.customer("ada").await;
    let mut stream = Stream::open(&world, &ada, None).await;
    assert_eq!(stream.next().await, Some(LiveEvent::Ready));
    world.delete(&ada, "/api/v1/auth/session").await.expect(204);
    assert_eq!(stream.next().await, Some(LiveEvent::SessionEnded));
    assert_eq!(stream.next().await, None);
    // At another instance nobody is woken; the next heartbeat notices.
    let again = world.sign_in(ada.id, &ada.email).await;
    let mut stream = Stream::open(&world, &again, None).await;
    assert_eq!(stream.next().await, Some(LiveEvent::Ready));
    world.app().store.end_session(&again.session, world.app().now()).await.unwrap();
    assert_eq!(stream.next().await, Some(LiveEvent::SessionEnded));
}

#[tokio::test]
async fn an_idle_stream_says_that_it_is_alive_and_ends_with_the_process() {
    let mut world = World::start().await;
    let ada = world.customer("ada").await;
    let response = world.request(Method::GET, EVENTS).by(&ada).open().await;
    let mut bytes = response.bytes_stream();
    let mut text = String::new();
    while !text.contains(": alive") {
        text.push_str(std::str::from_utf8(&bytes.next().await.unwrap().unwrap()).unwrap());
    }
    assert!(text.starts_with("retry: "));
    tokio::time::timeout(Duration::from_secs(5), world.raptor.stop()).await.unwrap();
}

#[tokio::test]
async fn a_customer_has_sixteen_streams_and_another_has_theirs() {
    let world = World::start().await;
    let (ada, bob) = (world.customer("ada").await, world.customer("bob").await);
    let mut open = Vec::new();
    for _ in 0..16 {
        open.push(Stream::open(&world, &ada, None).await);
    }
    let refused = world.request(Method::GET, EVENTS).by(&ada).open().await;
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["retry-after"], "30");
    Stream::open(&world, &bob, None).await;
    // One that is closed makes room, once Raptor has noticed.
    open.pop();
    eventually("there is room again", async || {
        world.request(Method::GET, EVENTS).by(&ada).open().await.status() == 200
    })
    .await;
}

fn sign(secret: &str, body: &[u8]) -> String {
    use hmac::{KeyInit as _, Mac as _};
    let mut mac = hmac::Hmac::<sha1::Sha1>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body);
    base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes())
}

#[tokio::test]
async fn webhooks_without_a_valid_signature_do_nothing() {
    let world = World::start().await;
    let body = br#"{"id":1,"customer":{"id":1}}"#;
    let calls = world.desk.counts().total;
    let send = |signature: Option<String>, body: &'static [u8]| {
        let mut request = world.request(Method::POST, "/api/v1/support/webhooks/helpdesk").without_edge().body(body);
        if let Some(signature) = signature {
            request = request.header("x-freescout-signature", &signature);
        }
        request.send()
    };
    send(None, body).await.expect(401);
    send(Some(sign("another-secret", body)), body).await.expect(401);
    send(Some(sign("webhook-secret", body)), br#"{"id":1, "customer":{"id":1}}"#).await.expect(401);
    send(Some(sign("webhook-secret", body)), body).await.expect(204);
    assert_eq!(world.desk.counts().total, calls, "a conversation of nobody we know is not read");
}

#[tokio::test]
async fn a_webhook_is_a_hint_its_content_is_not_believed_and_a_replay_is_not_followed() {
    let mut timing = quick();
    // Polling is out of the way.
    timing.poll_every = Duration::from_secs(600);
    let world = World::start_with(Options { timing, ..Options::default() }).await;
    let ada = world.customer("ada").await;
    let (id, conversation) = first_ticket(&world, &ada).await;
    let desk_id = world.desk.read(|state| state.conversations[&conversation].customer_id);
    let forged = json!({ "id": conversation, "customer": { "id": desk_id }, "subject": "Forged", "status": "closed",
        "_embedded": { "threads": [{ "type": "message", "body": "forged answer" }] } })
    .to_string();
    let mut stream = Stream::open(&world, &ada, None).await;
    assert_eq!(stream.next().await, Some(LiveEvent::Ready));
    world.desk.reply(conversation, AgentReply::html("<p>The true answer.</p>").by("Maya")).unwrap();
    let send = || {
        world
            .request(Method::POST, "/api/v1/support/webhooks/helpdesk")
            .without_edge()
            .header("x-freescout-signature", &sign("webhook-secret", forged.as_bytes()))
            .body(forged.clone())
            .send()
    };
    send().await.expect(204);
    assert_eq!(stream.change().await.to_string(), id);
    let copy = world.app().store.thread_of(shared::TicketId::parse(&id).unwrap()).await.unwrap().unwrap();
    assert!(copy.contains("The true answer.") && !copy.to_lowercase().contains("forged"));
    let reads = || world.desk.counts().by_route.get("GET /api/conversations/{id}").copied().unwrap_or_default();
    let before = reads();
    send().await.expect(204);
    send().await.expect(204);
    tokio::task::yield_now().await;
    assert_eq!(reads(), before);
}

#[tokio::test]
async fn real_webhooks_are_followed() {
    // The address must be known before Raptor listens, so a port is picked first.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let webhooks = WebhookConfig {
        url: Some(format!("http://127.0.0.1:{port}/api/v1/support/webhooks/helpdesk")),
        secret: Some("webhook-secret".into()),
        agent_reply_delay: Duration::ZERO,
        ..WebhookConfig::default()
    };
    let mut timing = quick();
    timing.poll_every = Duration::from_secs(600);
    let world = World::start_with(Options {
        timing,
        desk: Config { webhooks, ..Config::default() },
        environment: vec![("RAPTOR_LISTEN", format!("127.0.0.1:{port}"))],
    })
    .await;
    let ada = world.customer("ada").await;
    let (id, conversation) = first_ticket(&world, &ada).await;
    let mut stream = Stream::open(&world, &ada, None).await;
    assert_eq!(stream.next().await, Some(LiveEvent::Ready));
    world.desk.reply(conversation, AgentReply::html("<p>By webhook.</p>").by("Maya")).unwrap();
    assert_eq!(stream.change().await.to_string(), id);
    let copy = world.app().store.thread_of(shared::TicketId::parse(&id).unwrap()).await.unwrap().unwrap();
    assert!(copy.contains("By webhook."));
}
