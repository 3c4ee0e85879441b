//! The traps of the vendor's lists.

use crate::{
    client::Client,
    traps::{Scene, conversation, listed, scene},
};
use helpdesk_double::{
    Config, HelpDeskDouble, SeedConversation, SeedThread,
    model::{ConversationState, Status, ThreadType},
};
use serde_json::json;
use std::collections::BTreeSet;

async fn count(client: &Client, query: &str) -> u64 {
    client.get(&format!("/api/conversations?{query}")).await.json()["page"]["totalElements"].as_u64().unwrap()
}

#[tokio::test]
async fn trap_1_an_empty_customer_id_gives_everybodys_tickets() {
    let Scene { desk, client, dana, eve, .. } = scene().await;
    desk.seed_conversation(conversation(eve, "Other")).unwrap();
    assert_eq!(count(&client, &format!("customerId={dana}")).await, 1);
    for query in ["customerId=", "customerId=0", "customerid=1", ""] {
        assert_eq!(count(&client, query).await, 2, "{query:?}");
    }
    assert_eq!(count(&client, &format!("customerId={eve}abc")).await, 1, "read as a number");
    assert_eq!(count(&client, "customerId=abc").await, 0);
}

#[tokio::test]
async fn trap_6_there_is_no_default_filter() {
    let Scene { desk, client, dana, .. } = scene().await;
    for (status, state) in [
        (Status::Spam, ConversationState::Published),
        (Status::Closed, ConversationState::Published),
        (Status::Active, ConversationState::Deleted),
        (Status::Active, ConversationState::Draft),
    ] {
        let seed = conversation(dana, "x");
        desk.seed_conversation(SeedConversation { status: Some(status), state: Some(state), ..seed }).unwrap();
    }
    assert_eq!(count(&client, "").await, 5);
    assert_eq!(count(&client, "state=published").await, 3);
    assert_eq!(count(&client, "state=published&status=active,pending,closed").await, 2);
    assert_eq!(count(&client, "status=active,open").await, 5, "one unknown name and the filter is gone");
    assert_eq!(count(&client, "state=bogus&type=bogus").await, 5);
    assert_eq!(count(&client, "unheardOf=1").await, 5);
}

#[tokio::test]
async fn trap_8_the_email_filter_knows_one_address_only() {
    let Scene { desk, client, dana, .. } = scene().await;
    assert_eq!(count(&client, "customerEmail=DANA@Example.test").await, 1);
    let both = json!({"emails": ["new@example.test", "dana@example.test"]});
    assert_eq!(client.put(&format!("/api/customers/{dana}"), &both).await.status, 204);
    desk.seed_conversation(conversation(dana, "Later")).unwrap();
    assert_eq!(count(&client, "customerEmail=new@example.test").await, 1);
    assert_eq!(count(&client, "customerEmail=dana@example.test").await, 1);
    assert_eq!(count(&client, &format!("customerId={dana}")).await, 2);
}

#[tokio::test]
async fn trap_16_nothing_bounds_a_page() {
    let Scene { desk, client, dana, .. } = scene().await;
    for _ in 0..119 {
        desk.seed_conversation(conversation(dana, "x")).unwrap();
    }
    let page = client.get("/api/conversations?pageSize=100000&embed=threads").await.json();
    assert_eq!(listed(&page).len(), 120);
    assert!(listed(&page).iter().all(|item| item["_embedded"]["threads"].as_array().unwrap().len() == 1));
    assert_eq!(listed(&client.get("/api/conversations").await.json()).len(), 50);
    assert_eq!(desk.counts().by_status.get(&429), None);
}

#[tokio::test]
async fn page_numbers_are_taken_as_php_takes_them() {
    let Scene { desk: _running, client, .. } = scene().await;
    for (query, size, number) in
        [("pageSize=abc", 50, 1), ("pageSize=0", 50, 1), ("page=0", 50, 1), ("page=-4", 50, 1), ("page=7", 50, 7)]
    {
        let page = client.get(&format!("/api/conversations?{query}")).await.json()["page"].clone();
        assert_eq!((&page["size"], &page["number"]), (&json!(size), &json!(number)), "{query}");
    }
    assert_eq!(client.get("/api/conversations?pageSize=-1").await.status, 500);
    assert_eq!(client.get("/api/conversations?updatedSince=yesterday-ish").await.status, 500);
}

#[tokio::test]
async fn rows_of_one_second_come_in_no_sensible_order() {
    let Scene { desk, client, dana, ticket, .. } = scene().await;
    let history = (0..20).map(|index| SeedThread::new(ThreadType::Customer, 60, format!("{index}"))).collect();
    let seed = SeedConversation { threads: history, ..conversation(dana, "Fast typist") };
    let fast = desk.seed_conversation(seed).unwrap();
    let answer = client.get(&format!("/api/conversations/{fast}")).await.json();
    let ids: Vec<u64> = answer["_embedded"]["threads"]
        .as_array()
        .unwrap()
        .iter()
        .map(|thread| thread["id"].as_u64().unwrap())
        .collect();
    let up = ids.windows(2).filter(|pair| pair[0] < pair[1]).count();
    assert!((3..17).contains(&up), "neither ascending nor descending: {ids:?}");
    assert_eq!(ids, {
        let again = client.get(&format!("/api/conversations/{fast}")).await.json();
        let threads = again["_embedded"]["threads"].as_array().unwrap().clone();
        threads.iter().map(|thread| thread["id"].as_u64().unwrap()).collect::<Vec<_>>()
    });
    let list = client.get("/api/conversations").await.json();
    assert_eq!(listed(&list)[0]["id"], fast, "different seconds are in order");
    assert_eq!(listed(&list)[1]["id"], ticket);
}

#[tokio::test]
async fn lists_can_be_walked_page_by_page() {
    let desk = HelpDeskDouble::start(Config::default()).await.unwrap();
    let client = Client::new(&desk);
    let dana = desk.customer("dana@example.test", "Dana", "Doe").unwrap();
    for _ in 0..23 {
        desk.seed_conversation(conversation(dana, "x")).unwrap();
    }
    let mut seen = BTreeSet::new();
    for page in 1..=5 {
        let answer = client.get(&format!("/api/conversations?pageSize=5&page={page}&sortField=updatedAt")).await.json();
        assert_eq!(answer["page"], json!({"size": 5, "totalElements": 23, "totalPages": 5, "number": page}));
        seen.extend(listed(&answer).iter().map(|item| item["id"].as_u64().unwrap()));
    }
    assert_eq!(seen.len(), 23);
}

#[tokio::test]
async fn filters_and_sorting_narrow_the_list() {
    let Scene { desk, client, dana, eve, ticket } = scene().await;
    let tagged = SeedConversation {
        tags: vec!["overdue".into()],
        assignee: Some("Jonas".into()),
        ..conversation(eve, "Überfällige Zahlung")
    };
    let other = desk.seed_conversation(tagged).unwrap();
    assert_eq!(count(&client, "tag=overdue").await, 1);
    assert_eq!(count(&client, "assignedTo=3").await, 1);
    assert_eq!(count(&client, "assignedTo=").await, 1, "empty means unassigned here");
    assert_eq!(count(&client, "subject=invoice").await, 1);
    assert_eq!(count(&client, &format!("createdByCustomerId={dana}")).await, 1);
    assert_eq!(count(&client, "number=1002").await, 1);
    assert_eq!(count(&client, "createdSince=2999-01-01T00:00:00Z").await, 0);
    let ids = |answer: serde_json::Value| -> Vec<u64> {
        listed(&answer).iter().map(|item| item["id"].as_u64().unwrap()).collect()
    };
    assert_eq!(ids(client.get("/api/conversations?sortField=number&sortOrder=asc").await.json()), [ticket, other]);
    assert_eq!(ids(client.get("/api/conversations?sortField=subject").await.json()), [other, ticket]);
}
