//! What the server of the tests knows.

use serde_json::{Value, json};
use shared::endpoints::auth::Session as Issued;
use shared::{AttachmentId, CustomerId, IdempotencyKey, MessageId, ResponseBody, TicketId, Timestamp};
use support_spa::browser::now;

pub fn account() -> CustomerId {
    CustomerId::from_bits(11)
}

pub fn ticket_id() -> TicketId {
    TicketId::from_bits(1043)
}

pub fn message_id(number: u128) -> MessageId {
    MessageId::from_bits(number)
}

pub fn attachment_id() -> AttachmentId {
    AttachmentId::from_bits(5)
}

/// A time so many minutes ago.
pub fn ago(minutes: i64) -> String {
    Timestamp::from_millis(now() - minutes * 60_000).to_string()
}

pub fn session_json(customer: CustomerId, token: &str) -> String {
    json!({
        "token": token,
        "expires_at": ago(-240),
        "absolute_expires_at": ago(-720),
        "customer": { "id": customer.to_string(), "name": "Dana Moreno", "email": "dana@example.org" },
    })
    .to_string()
}

pub fn session() -> Issued {
    Issued::decode(session_json(account(), "token-one").as_bytes()).unwrap()
}

pub fn problem(code: &str, status: u16) -> String {
    json!({
        "type": format!("urn:raxx:support:problem:{code}"),
        "title": "A sentence.",
        "status": status,
        "code": code,
        "reference": "R-7KQ2M-9XD4T",
    })
    .to_string()
}

pub fn summary(number: u32, subject: &str, status: &str) -> Value {
    json!({
        "id": TicketId::from_bits(u128::from(number)).to_string(),
        "number": number,
        "subject": subject,
        "status": status,
        "created_at": ago(600),
        "last_activity_at": ago(5),
        "last_author": { "kind": "team", "name": "Maya" },
        "snippet": "Could you send the fill report?",
        "message_count": 6,
        "attachment_count": 0,
        "unread": false,
        "delivery": { "state": "delivered" },
    })
}

pub fn page(items: &[Value], counts: [u32; 4], next: Option<&str>) -> String {
    let [received, working, waiting_for_you, resolved] = counts;
    let mut page = json!({
        "items": items,
        "counts": { "received": received, "working": working, "waiting_for_you": waiting_for_you, "resolved": resolved },
        "synced_at": ago(0),
        "stale": false,
    });
    if let Some(next) = next {
        page["next_cursor"] = next.into();
    }
    page.to_string()
}

pub fn message(number: u128, kind: &str, text: &str, minutes_ago: i64) -> Value {
    let author = if kind == "you" { json!({ "kind": "you" }) } else { json!({ "kind": kind, "name": "Maya" }) };
    json!({
        "id": message_id(number).to_string(),
        "author": author,
        "sent_at": ago(minutes_ago),
        "body": [{ "paragraph": [{ "text": text }] }],
        "attachments": [],
        "delivery": { "state": "delivered" },
    })
}

/// A reply that leaves in ten seconds.
pub fn queued(number: u128, text: &str) -> Value {
    let mut message = message(number, "you", text, 0);
    let leaves_at = Timestamp::from_millis(now() + 10_000).to_string();
    message["delivery"] = json!({ "state": "queued", "leaves_at": leaves_at });
    message
}

pub fn ticket(status: &str, messages: &[Value]) -> Value {
    let resolved = status == "resolved";
    json!({
        "id": ticket_id().to_string(),
        "number": 1043,
        "subject": "Exit rule fired twice",
        "status": status,
        "status_since": ago(30),
        "created_at": ago(600),
        "fields": [{ "label": "Broker", "value": "Example" }],
        "participants": [],
        "messages": messages,
        "message_count": messages.len(),
        "can": { "reply": true, "resolve": !resolved, "reopen": resolved, "rate": resolved },
        "delivery": { "state": "delivered" },
        "synced_at": ago(0),
        "stale": false,
    })
}

pub fn ticket_line(method: &str, rest: &str) -> String {
    format!("{method} /api/v1/support/tickets/{}{rest}", ticket_id())
}

pub fn is_a_key(text: Option<&str>) -> bool {
    text.is_some_and(|text| IdempotencyKey::parse(text).is_ok())
}
