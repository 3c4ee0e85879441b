//! The operator side over HTTP: what xtask, Playwright and people use.

use crate::client::{Answer, Client};
use helpdesk_double::{Config, Handle, HelpDeskDouble};
use serde_json::{Value, json};

async fn start() -> (Handle, Client) {
    let desk = HelpDeskDouble::start(Config::default()).await.unwrap();
    let client = Client::without_key(&desk);
    (desk, client)
}

async fn created(client: &Client, path: &str, body: Value) -> u64 {
    let answer = client.post(path, &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["id"].as_u64().unwrap()
}

fn done(answer: &Answer) {
    assert_eq!(answer.status, 204, "{}", answer.text());
}

#[tokio::test]
async fn a_ticket_can_be_told_and_answered() {
    let (desk, operator) = start().await;
    let customer = json!({"emails": ["dana@example.test"], "first_name": "Dana"});
    let customer_id = created(&operator, "/operator/customers", customer).await;
    let file = json!({"file_name": "a.txt", "mime_type": "text/plain", "data": "aGk="});
    let told = json!({"customer_id": customer_id, "subject": "Hi", "tags": ["vip"], "threads": [
        {"kind": "customer", "body": "old", "seconds_ago": 600},
        {"kind": "note", "body": "secret", "agent": "Ada", "seconds_ago": 300},
    ]});
    let id = created(&operator, "/operator/conversations", told).await;
    let reply = json!({"agent": "Jonas", "html": "<p>Hello</p>", "seconds_ago": 60, "attachments": [file]});
    let thread = created(&operator, &format!("/operator/conversations/{id}/reply"), reply).await;
    created(&operator, &format!("/operator/conversations/{id}/note"), json!({"text": "n"})).await;
    done(&operator.put(&format!("/operator/conversations/{id}/status"), &json!({"status": "closed"})).await);
    done(&operator.put(&format!("/operator/conversations/{id}/state"), &json!({"state": "deleted"})).await);
    let shown = operator.get(&format!("/operator/conversations/{id}")).await.json();
    assert_eq!(
        (&shown["status"], &shown["state"], &shown["closed_by"]),
        (&json!("closed"), &json!("deleted"), &json!(2))
    );
    let kinds: Vec<&str> =
        shown["threads"].as_array().unwrap().iter().map(|thread| thread["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["customer", "note", "message", "note", "lineitem"]);
    done(&operator.post(&format!("/operator/conversations/{id}/threads/{thread}/undo"), &json!({})).await);
    assert_eq!(operator.get("/operator/conversations").await.json()[0]["id"], id);
    assert_eq!(operator.get("/operator/customers").await.json()[0]["first_name"], "Dana");
    assert_eq!(operator.get("/operator/mails").await.json().as_array().unwrap().len(), 1);
    done(&operator.delete(&format!("/operator/conversations/{id}")).await);
    assert!(desk.state().conversations.is_empty());
}

#[tokio::test]
async fn mistakes_are_told_plainly() {
    let (_desk, operator) = start().await;
    let unknown = operator.post("/operator/conversations/9/reply", &json!({"html": "x"})).await;
    assert_eq!((unknown.status, unknown.json()), (404, json!({"error": "there is no such object"})));
    let misspelt = operator.post("/operator/conversations/9/reply", &json!({"text": "x"})).await;
    assert_eq!(misspelt.status, 422);
    let no_threads = operator.post("/operator/conversations", &json!({"customer_id": 1})).await;
    assert_eq!(no_threads.status, 400);
    assert_eq!(operator.get("/operator/conversations/9").await.status, 404);
    assert_eq!(operator.delete("/operator/faults/9").await.status, 404);
}

#[tokio::test]
async fn faults_counters_canaries_and_the_clock_have_switches() {
    let (desk, operator) = start().await;
    let client = Client::new(&desk);
    let fault =
        json!({"kind": "error_before_commit", "status": 503, "method": "GET", "route": "/api/users", "times": 1});
    let id = created(&operator, "/operator/faults", fault).await;
    assert_eq!(client.get("/api/users").await.status, 503);
    assert_eq!(operator.get("/operator/faults").await.json()[0]["hits"], 1);
    done(&operator.delete(&format!("/operator/faults/{id}")).await);
    assert_eq!(operator.get("/operator/counters").await.json()["by_route"]["GET /api/users"], 1);
    done(&operator.delete("/operator/counters").await);
    done(&operator.put("/operator/canaries", &json!({"enabled": true})).await);
    assert!(client.get("/api/users").await.text().contains("cnry"));
    assert!(operator.get("/operator/canaries").await.json().as_array().unwrap().len() > 4);
    done(&operator.put("/operator/clock", &json!({"now": 1_800_000_000})).await);
    assert_eq!(operator.get("/operator").await.json()["time"], "2027-01-15T08:00:00Z");
    done(&operator.put("/operator/clock", &json!({"now": null})).await);
    done(&operator.put("/operator/webhooks", &json!({"hold": true})).await);
    assert_eq!(operator.get("/operator/webhooks").await.json()["behaviour"]["hold"], true);
    assert_eq!(operator.post("/operator/webhooks/release", &json!({"order": "newest"})).await.json()["released"], 0);
    assert_eq!(operator.post("/operator/webhooks/7/redeliver", &json!({})).await.status, 404);
}

#[tokio::test]
async fn a_demo_customer_is_one_call_and_a_reset_another() {
    let (desk, operator) = start().await;
    let demo = json!({"email": "dana@example.test", "first_name": "Dana", "last_name": "Doe", "messages": 70});
    let seeded = operator.post("/operator/seed-demo", &demo).await;
    assert_eq!(seeded.status, 201);
    assert_eq!(seeded.json()["customer_id"], 1);
    assert!(seeded.json()["long_conversation_id"].is_u64());
    let dump = operator.get("/operator/state").await.json();
    assert_eq!(dump["conversations"].as_object().unwrap().len(), desk.state().conversations.len());
    done(&operator.post("/operator/reset", &json!({})).await);
    assert!(desk.state().customers.is_empty());
    let calls = desk.counts().total;
    assert_eq!(calls, 0, "operator calls are not help-desk calls");
}
