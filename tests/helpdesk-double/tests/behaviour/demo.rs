//! What a new demo customer finds.

use crate::client::Client;
use helpdesk_double::{
    Config, HelpDeskDouble, SeedDemo,
    model::{ConversationState, Status, ThreadType},
};
use std::collections::BTreeSet;

fn demo() -> SeedDemo {
    SeedDemo { email: "dana@example.test".into(), ..SeedDemo::default() }
}

#[tokio::test]
async fn there_is_a_ticket_in_every_status_with_everything_real_ones_carry() {
    let desk = HelpDeskDouble::start(Config::default()).await.unwrap();
    let seeded = desk.seed_demo(&demo()).unwrap();
    let state = desk.state();
    let visible: Vec<_> = state
        .conversations_of(seeded.customer_id)
        .filter(|conversation| conversation.state == ConversationState::Published)
        .collect();
    let statuses: BTreeSet<Status> = visible.iter().map(|conversation| conversation.status).collect();
    assert_eq!(statuses, BTreeSet::from([Status::Active, Status::Pending, Status::Closed, Status::Spam]));
    assert!((8..=12).contains(&visible.len()), "{}", visible.len());
    let longest = visible.iter().map(|conversation| {
        conversation
            .threads
            .iter()
            .filter(|thread| matches!(thread.kind, ThreadType::Customer | ThreadType::Message))
            .count()
    });
    assert_eq!(longest.max(), Some(60));
    let html: String = visible
        .iter()
        .flat_map(|conversation| &conversation.threads)
        .filter_map(|thread| thread.body.as_deref())
        .collect();
    for part in [
        "gmail_quote",
        "MsoNormal",
        "<ol>",
        "<ul>",
        "<pre><code>",
        "<blockquote>",
        "href=\"https://",
        "<img src=\"http://",
    ] {
        assert!(html.contains(part), "{part}");
    }
    let types: BTreeSet<&str> = state.attachments.values().map(|file| file.mime_type.as_str()).collect();
    assert_eq!(types, BTreeSet::from(["application/pdf", "image/png", "text/csv", "text/plain"]));
    assert!(visible.iter().any(|conversation| !conversation.cc.is_empty()));
    assert!(visible.iter().any(|conversation| conversation.subject.len() > 200));
    assert!(visible.iter().all(|conversation| conversation.updated_at <= desk.now()));
    assert!(state.mails.is_empty() && desk.deliveries().is_empty(), "history tells nobody");
}

#[tokio::test]
async fn seeding_again_finds_the_customer() {
    let desk = HelpDeskDouble::start(Config::default()).await.unwrap();
    let first = desk.seed_demo(&demo()).unwrap();
    let again = desk.seed_demo(&demo()).unwrap();
    assert_eq!(first.customer_id, again.customer_id);
    assert!(desk.seed_demo(&SeedDemo { email: "no address".into(), ..SeedDemo::default() }).is_err());
}

#[tokio::test]
async fn big_ones_are_big() {
    let desk = HelpDeskDouble::start(Config::default()).await.unwrap();
    let seeded = desk.seed_demo(&SeedDemo { messages: Some(1000), tickets: Some(10_000), ..demo() }).unwrap();
    let client = Client::new(&desk);
    let long = seeded.long_conversation_id.unwrap();
    assert_eq!(client.get(&format!("/api/conversations/{long}")).await.json()["threadsCount"], 1000);
    let path = format!("/api/conversations?customerId={}&pageSize=50&page=200", seeded.customer_id);
    let page = client.get(&path).await.json();
    assert_eq!(page["page"]["totalElements"], 10_000 + seeded.conversation_ids.len() + 1);
}
