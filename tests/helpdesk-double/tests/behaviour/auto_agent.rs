//! The agent of dev.

use crate::{client::Client, traps::conversation};
use helpdesk_double::{
    Config, Handle, HelpDeskDouble, State,
    model::{Conversation, Status, ThreadType},
};
use serde_json::json;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(10);

async fn start() -> (Handle, Client, u64) {
    let config = Config { auto_agent: Some(Duration::from_millis(40)), ..Config::default() };
    let desk = HelpDeskDouble::start(config).await.unwrap();
    let client = Client::new(&desk);
    let dana = desk.customer("dana@example.test", "Dana <b>", "Doe").unwrap();
    (desk, client, dana)
}

fn kinds(conversation: &Conversation) -> Vec<ThreadType> {
    conversation.threads.iter().map(|thread| thread.kind).collect()
}

fn has(state: &State, id: u64, wanted: &[ThreadType]) -> bool {
    state.conversations.get(&id).is_some_and(|conversation| kinds(conversation) == wanted)
}

#[tokio::test]
async fn answers_a_new_ticket_and_the_first_reply() {
    use ThreadType::{Customer, Message, Note};
    let (desk, client, dana) = start().await;
    let new = json!({
        "type": "email", "mailboxId": 1, "subject": "Invoice", "customer": {"id": dana},
        "threads": [{"type": "customer", "text": "Where is it?"}],
    });
    let id = client.post("/api/conversations", &new).await.json()["id"].as_u64().unwrap();
    assert!(desk.wait_until(LIMIT, |state| has(state, id, &[Customer, Note, Message])).await);
    desk.read(|state| {
        let conversation = &state.conversations[&id];
        assert_eq!(conversation.status, Status::Pending);
        let answer = conversation.threads[2].body.as_deref().unwrap();
        assert!(answer.starts_with("<p>Hi Dana &lt;b>,</p>") && answer.contains("billing"), "{answer}");
    });
    let reply = json!({"type": "customer", "text": "thanks", "customer": {"id": dana}});
    client.post(&format!("/api/conversations/{id}/threads"), &reply).await;
    let all = [Customer, Note, Message, Customer, Note, Message];
    assert!(desk.wait_until(LIMIT, |state| has(state, id, &all)).await);
}

#[tokio::test]
async fn leaves_seeded_tickets_alone() {
    let (desk, _, dana) = start().await;
    let seeded = desk.seed_conversation(conversation(dana, "x")).unwrap();
    assert!(!desk.wait_until(Duration::from_millis(200), |state| state.conversations[&seeded].threads.len() > 1).await);
}
