//! Lists that Raptor needs beside conversations.

use crate::traps::{Scene, scene};
use serde_json::json;

#[tokio::test]
async fn custom_fields_have_options_of_three_kinds() {
    let Scene { desk: _running, client, .. } = scene().await;
    let answer = client.get("/api/mailboxes/1/custom_fields").await.json();
    let fields = answer["_embedded"]["custom_fields"].as_array().unwrap();
    assert_eq!(fields[0]["options"]["3"], "Billing");
    assert_eq!((&fields[1]["options"], &fields[3]["options"]), (&json!(""), &json!(null)));
    assert_eq!(client.get("/api/mailboxes/2/custom_fields").await.status, 404);
}

#[tokio::test]
async fn a_conversation_shows_all_fields_by_key_and_label() {
    let Scene { desk: _running, client, dana, ticket, .. } = scene().await;
    let new = json!({
        "type": "email", "mailboxId": 1, "subject": "s", "customer": {"id": dana},
        "threads": [{"type": "customer", "text": "t"}], "customFields": [{"id": 18, "value": 3}],
    });
    let created = client.post("/api/conversations", &new).await.json();
    assert_eq!(created["customFields"][0], json!({"id": 18, "name": "Topic", "value": "3", "text": "Billing"}));
    let values = json!({"customFields": [{"id": 19, "value": "4711"}]});
    let path = format!("/api/conversations/{ticket}");
    assert_eq!(client.put(&format!("{path}/custom_fields"), &values).await.status, 204);
    assert_eq!(client.get(&path).await.json()["customFields"][1]["value"], "4711");
}

#[tokio::test]
async fn tags_replace_each_other_and_are_counted() {
    let Scene { desk: _running, client, ticket, .. } = scene().await;
    let path = format!("/api/conversations/{ticket}/tags");
    client.put(&path, &json!({"tags": ["vip", "overdue"]})).await;
    assert_eq!(client.put(&path, &json!({"tags": ["vip"]})).await.status, 204);
    let conversation = client.get(&format!("/api/conversations/{ticket}?embed=tags")).await.json();
    assert_eq!(conversation["_embedded"], json!({"threads": [], "tags": [{"id": 1, "name": "vip"}]}));
    let all = client.get("/api/tags").await.json()["_embedded"]["tags"].clone();
    assert_eq!((&all[0]["counter"], &all[1]["counter"]), (&json!(1), &json!(0)));
    let of_one = client.get(&format!("/api/tags?conversationId={ticket}")).await.json();
    assert_eq!(of_one["page"]["totalElements"], 1);
}

#[tokio::test]
async fn mailboxes_folders_users_and_timelogs_are_listed() {
    let Scene { desk: _running, client, ticket, .. } = scene().await;
    let total = async |path: &str| client.get(path).await.json()["page"]["totalElements"].as_u64().unwrap();
    assert_eq!(total("/api/mailboxes").await, 1);
    assert_eq!(total("/api/mailboxes/1/folders").await, 7);
    assert_eq!(total("/api/users").await, 5);
    assert_eq!(total("/api/users?email=MAYA.lindqvist@desk.raxx.test").await, 1);
    assert_eq!(client.get("/api/users/2").await.json()["firstName"], "Maya");
    assert_eq!(client.get("/api/users/99").await.status, 404);
    assert_eq!(total(&format!("/api/conversations/{ticket}/timelogs")).await, 0);
}

#[tokio::test]
async fn customers_are_found_changed_and_read() {
    let Scene { desk: _running, client, dana, .. } = scene().await;
    let path = format!("/api/customers/{dana}");
    let added = client.put(&path, &json!({"emails_add": ["Second@example.test"], "notes": "private"})).await;
    assert_eq!(added.status, 204);
    let customer = client.get(&path).await.json();
    assert_eq!(customer["_embedded"]["emails"][1]["value"], "second@example.test");
    assert_eq!((&customer["notes"], &customer["customerFields"]), (&json!("private"), &json!([])));
    let taken = client.put(&path, &json!({"emails": ["eve@example.test"]})).await;
    assert_eq!(taken.json()["_embedded"]["errors"][0]["message"], "Customers with such email(s) already exist");
    assert_eq!(client.put("/api/customers/99", &json!({"firstName": "x"})).await.status, 404);
    assert_eq!(client.get("/api/customers/99").await.status, 404);
    let by_name = client.get("/api/customers?firstName=eve&sortField=firstName").await.json();
    assert_eq!(by_name["page"]["totalElements"], 1);
    let created = client.post("/api/customers", &json!({"firstName": "No", "lastName": "Address"})).await;
    assert_eq!((created.status, created.header("resource-id")), (201, Some("3")));
}
