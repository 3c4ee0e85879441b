//! The traps of the vendor's API that concern identity, content and mail. Each test proves that the double really
//! behaves that badly: a proxy that is safe against a polite double would prove nothing.

use crate::client::Client;
use helpdesk_double::{
    AgentNote, AgentReply, Config, Handle, HelpDeskDouble, SeedConversation, SeedThread, StatusChange,
    model::{Status, ThreadState, ThreadType},
};
use serde_json::{Value, json};

pub(crate) struct Scene {
    pub(crate) desk: Handle,
    pub(crate) client: Client,
    pub(crate) dana: u64,
    pub(crate) eve: u64,
    pub(crate) ticket: u64,
}

/// Two customers; Dana has one ticket.
pub(crate) async fn scene() -> Scene {
    let desk = HelpDeskDouble::start(Config::default()).await.unwrap();
    let client = Client::new(&desk);
    let dana = desk.customer("dana@example.test", "Dana", "Doe").unwrap();
    let eve = desk.customer("eve@example.test", "Eve", "Roe").unwrap();
    let ticket = desk.seed_conversation(conversation(dana, "Invoice wrong")).unwrap();
    Scene { desk, client, dana, eve, ticket }
}

pub(crate) fn conversation(customer_id: u64, subject: &str) -> SeedConversation {
    SeedConversation {
        customer_id,
        subject: subject.to_owned(),
        threads: vec![SeedThread::new(ThreadType::Customer, 3600, "Please look at it")],
        ..SeedConversation::default()
    }
}

pub(crate) fn listed(answer: &Value) -> &Vec<Value> {
    answer["_embedded"]["conversations"].as_array().unwrap()
}

fn threads(conversation: &Value) -> &Vec<Value> {
    conversation["_embedded"]["threads"].as_array().unwrap()
}

#[tokio::test]
async fn trap_2_anybodys_ticket_is_readable_by_its_sequential_id() {
    let Scene { desk, client, eve, ticket, .. } = scene().await;
    let next = desk.seed_conversation(conversation(eve, "Other")).unwrap();
    assert_eq!(next, ticket + 1);
    assert_eq!(client.get(&format!("/api/conversations/{next}")).await.json()["customer"]["id"], eve);
}

#[tokio::test]
async fn trap_2_loosely_typed_ids_find_a_ticket() {
    let Scene { desk: _running, client, ticket, .. } = scene().await;
    for id in [format!("{ticket}abc"), format!("%20{ticket}"), format!("0{ticket}"), format!("{ticket}.0")] {
        let answer = client.get(&format!("/api/conversations/{id}")).await;
        assert_eq!((answer.status, &answer.json()["id"]), (200, &json!(ticket)), "{id}");
    }
    for id in ["abc", "-1", "0", "%EF%BC%91", "%FF", "%00", "999999999999999999999999"] {
        assert_eq!(client.get(&format!("/api/conversations/{id}")).await.status, 404, "{id}");
    }
}

#[tokio::test]
async fn trap_3_the_preview_is_the_text_of_an_internal_note() {
    let Scene { desk, client, ticket, .. } = scene().await;
    desk.note(ticket, AgentNote { text: "<b>customer lies</b>".into(), ..AgentNote::default() }).unwrap();
    let list = client.get("/api/conversations").await.json();
    assert_eq!(listed(&list)[0]["preview"], "customer lies");
}

#[tokio::test]
async fn trap_4_notes_line_items_and_agents_data_lie_among_the_threads() {
    let Scene { desk, client, ticket, .. } = scene().await;
    desk.note(ticket, AgentNote { text: "internal".into(), ..AgentNote::default() }).unwrap();
    let hidden = AgentReply { bcc: vec!["boss@desk.raxx.test".into()], ..AgentReply::html("<p>Hi</p>") };
    desk.reply(ticket, hidden).unwrap();
    desk.set_status(ticket, &StatusChange { agent: Some("Maya".into()), status: Status::Closed }).unwrap();
    let conversation = client.get(&format!("/api/conversations/{ticket}")).await.json();
    let of = |kind: &str| threads(&conversation).iter().find(|thread| thread["type"] == kind).unwrap();
    assert_eq!(of("note")["body"], "internal");
    assert_eq!(of("lineitem")["body"], Value::Null);
    let number = &conversation["number"];
    assert_eq!(of("lineitem")["action"]["text"], format!("Maya Lindqvist marked as Closed conversation #{number}"));
    assert_eq!(of("message")["createdBy"]["email"], "maya.lindqvist@desk.raxx.test");
    assert_eq!(of("message")["createdBy"]["photoUrl"], format!("{}/storage/users/5a10c2.jpg", desk.base_url));
    assert_eq!(of("message")["bcc"], json!(["boss@desk.raxx.test"]));
    assert_eq!(conversation["closedByUser"]["lastName"], "Lindqvist");
    assert_eq!(conversation["threadsCount"], 2, "notes and line items are not counted");
}

#[tokio::test]
async fn trap_4_unsent_threads_are_held_back_by_the_help_desk_itself() {
    let Scene { desk, client, ticket, .. } = scene().await;
    for state in [ThreadState::Draft, ThreadState::Hidden, ThreadState::Review] {
        desk.reply(ticket, AgentReply { state: Some(state), ..AgentReply::html("not yet") }).unwrap();
    }
    let conversation = client.get(&format!("/api/conversations/{ticket}")).await.json();
    assert_eq!(threads(&conversation).len(), 1);
    assert_eq!(desk.read(|state| state.conversations[&ticket].threads.len()), 4);
}

#[tokio::test]
async fn trap_5_a_note_moves_updated_at() {
    let Scene { desk, client, ticket, .. } = scene().await;
    let path = format!("/api/conversations/{ticket}");
    let before = client.get(&path).await.json();
    desk.note(ticket, AgentNote { text: "internal".into(), ..AgentNote::default() }).unwrap();
    let after = client.get(&path).await.json();
    assert_ne!(before["updatedAt"], after["updatedAt"]);
    assert_eq!(before["customerWaitingSince"]["time"], after["customerWaitingSince"]["time"]);
}

#[tokio::test]
async fn trap_12_html_comes_back_as_it_went_in() {
    let Scene { desk: _running, client, dana, ticket, .. } = scene().await;
    let hostile = "<script>alert(1)</script><img src=x onerror=alert(2)> ünï </b>";
    let body = json!({"type": "customer", "text": hostile, "customer": {"id": dana}});
    let answer = client.post(&format!("/api/conversations/{ticket}/threads"), &body).await;
    assert_eq!(answer.json()["body"], hostile);
    assert!(answer.text().contains(r"<\/script>") && answer.text().contains(r"\u00fcn\u00ef"), "{}", answer.text());
}

#[tokio::test]
async fn trap_12_inline_images_lie_on_the_help_desks_host() {
    let Scene { desk, client, .. } = scene().await;
    let demo =
        desk.seed_demo(&helpdesk_double::SeedDemo { email: "pat@example.test".into(), ..Default::default() }).unwrap();
    let start = format!("<img src=\"{}/storage/attachment/", desk.base_url);
    let mut found = 0;
    for id in demo.conversation_ids {
        let conversation = client.get(&format!("/api/conversations/{id}")).await.json();
        let bodies = threads(&conversation).iter().filter_map(|thread| thread["body"].as_str());
        found += bodies.filter(|body| body.contains(&start)).count();
    }
    assert_eq!(found, 1);
}

#[tokio::test]
async fn trap_14_imported_keeps_mail_back() {
    let Scene { desk, client, dana, .. } = scene().await;
    let mut ticket = json!({
        "type": "email", "mailboxId": 1, "subject": "s", "customer": {"id": dana},
        "threads": [{"type": "customer", "text": "t"}],
    });
    client.post("/api/conversations", &ticket).await;
    assert_eq!(desk.state().mails.len(), 1, "the automatic answer");
    ticket["imported"] = json!(true);
    client.post("/api/conversations", &ticket).await;
    assert_eq!(desk.state().mails.len(), 1);
}

#[tokio::test]
async fn trap_15_the_number_is_not_the_id() {
    let Scene { desk: _running, client, ticket, .. } = scene().await;
    let conversation = client.get(&format!("/api/conversations/{ticket}")).await.json();
    assert_eq!((&conversation["id"], &conversation["number"]), (&json!(1), &json!(1001)));
    assert_eq!(client.get("/api/conversations/1001").await.status, 404);
}

#[tokio::test]
async fn trap_17_mail_names_the_vendor() {
    let Scene { desk, ticket, .. } = scene().await;
    desk.reply(ticket, AgentReply::html("<p>Hi</p>")).unwrap();
    let mail = desk.state().mails.pop().unwrap();
    assert_eq!(mail.to, ["dana@example.test"]);
    assert_eq!(mail.headers["X-FreeScout-Mail-Type"], "customer.message");
    assert!(mail.headers["Message-ID"].starts_with("<FS_reply-"));
    assert!(mail.body.contains("FreeScout"));
}
