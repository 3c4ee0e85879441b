//! Canary mode: every field that a customer must never see carries its own token, and none is missed.

use crate::client::Client;
use helpdesk_double::{Config, Handle, HelpDeskDouble, SeedDemo};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

async fn start(canary: bool) -> (Handle, Client, Vec<u64>) {
    let desk = HelpDeskDouble::start(Config { canary, ..Config::default() }).await.unwrap();
    let demo = desk.seed_demo(&SeedDemo { email: "dana@example.test".into(), ..SeedDemo::default() }).unwrap();
    let client = Client::new(&desk);
    (desk, client, demo.conversation_ids)
}

/// Every string of an answer, with the path that leads to it.
fn strings<'a>(path: String, value: &'a Value, found: &mut Vec<(String, &'a str)>) {
    match value {
        Value::String(text) => found.push((path, text)),
        Value::Array(items) => items.iter().for_each(|item| strings(format!("{path}[]"), item, found)),
        Value::Object(entries) => {
            entries.iter().for_each(|(key, item)| strings(format!("{path}.{key}"), item, found));
        }
        _ => {}
    }
}

#[tokio::test]
async fn every_forbidden_field_carries_a_token_of_its_own() {
    let (desk, client, ids) = start(true).await;
    let mut marked_paths = BTreeSet::new();
    let mut kinds = BTreeMap::<String, usize>::new();
    for id in ids {
        let conversation = client.get(&format!("/api/conversations/{id}?embed=threads,tags")).await.json();
        let tokens = desk.canaries();
        for thread in conversation["_embedded"]["threads"].as_array().unwrap() {
            let kind = thread["type"].as_str().unwrap();
            *kinds.entry(kind.to_owned()).or_default() += 1;
            let body = thread["body"].as_str().unwrap_or("");
            let internal = thread["type"] == "note";
            assert_eq!(body.contains("cnry"), internal, "{kind}: {body}");
        }
        let mut found = Vec::new();
        strings(String::new(), &conversation, &mut found);
        for (path, text) in found {
            if let Some(canary) = tokens.iter().find(|canary| text.contains(&canary.token) && canary.field != "host") {
                marked_paths.insert(format!("{path} <- {}", canary.field));
            }
        }
    }
    for wanted in [
        ".preview <- conversation.preview",
        ".assignee.email <- agent.email",
        ".assignee.lastName <- agent.lastName",
        ".assignee.photoUrl <- agent.photoUrl",
        ".bcc[] <- conversation.bcc",
        ".customFields[].text <- customField.text",
        ".customFields[].value <- customField.value",
        "._embedded.tags[].name <- tag.name",
        "._embedded.threads[].action.text <- thread.action.text",
        "._embedded.threads[].bcc[] <- thread.bcc",
        "._embedded.threads[].body <- thread.internal.body",
        "._embedded.threads[].createdBy.email <- agent.email",
        "._embedded.threads[].createdBy.lastName <- agent.lastName",
        "._embedded.threads[].customer.photoUrl <- customer.photoUrl",
        "._embedded.threads[]._embedded.attachments[].fileUrl <- attachment.fileUrl.token",
    ] {
        assert!(marked_paths.contains(wanted), "{wanted} is missing from {marked_paths:#?}");
    }
    assert!(kinds["note"] > 3 && kinds["lineitem"] > 1 && kinds["message"] > 10, "{kinds:?}");
}

#[tokio::test]
async fn side_doors_carry_tokens_as_well() {
    let (desk, client, _) = start(true).await;
    let customer = client.get("/api/customers?email=dana@example.test").await;
    assert!(customer.json()["_embedded"]["customers"][0]["notes"].as_str().unwrap().contains("cnry"));
    for header in ["set-cookie", "x-powered-by", "x-freescout-request", "etag"] {
        assert!(customer.header(header).unwrap().contains("cnry"), "{header}");
    }
    assert!(client.get("/api/mailboxes").await.text().contains("Raxx Support cnry"));
    assert!(client.get("/api/tags").await.text().contains("vip-watch cnry"));
    assert!(client.get("/api/users").await.text().contains("@desk.raxx.test"));
    let error = client.get("/api/conversations?pageSize=-1").await;
    assert_eq!(error.status, 500);
    assert!(error.text().contains("cnry"), "the error page");
    assert!(client.get("/api/conversations/999").await.text().contains("Not Found cnry"), "the error in JSON");
    let fixed: BTreeMap<String, String> =
        desk.canaries().into_iter().map(|canary| (canary.field, canary.token)).collect();
    assert_eq!(fixed["api.key"], desk.api_key);
    assert_eq!(fixed["webhook.secret"], desk.webhook_secret);
    assert_eq!(fixed["host"], desk.address.to_string());
}

#[tokio::test]
async fn tokens_are_unique_and_listed() {
    let (desk, client, _) = start(true).await;
    client.get("/api/conversations?pageSize=100&embed=threads,tags").await;
    let canaries = desk.canaries();
    let tokens: BTreeSet<&str> = canaries.iter().map(|canary| canary.token.as_str()).collect();
    assert_eq!(tokens.len(), canaries.len());
    assert!(canaries.len() > 100, "{}", canaries.len());
}

#[tokio::test]
async fn marked_files_still_open() {
    let (desk, client, ids) = start(true).await;
    let conversation = client.get(&format!("/api/conversations/{}", ids[0])).await.json();
    let threads = conversation["_embedded"]["threads"].as_array().unwrap();
    let url =
        threads.iter().find_map(|thread| thread["_embedded"]["attachments"][0]["fileUrl"].as_str()).unwrap().to_owned();
    let file = client.get(url.strip_prefix(&desk.base_url).unwrap()).await;
    assert!(file.text().contains("rule=exit-50"));
}

#[tokio::test]
async fn without_the_mode_nothing_is_marked() {
    let (desk, client, _) = start(false).await;
    let everything = client.get("/api/conversations?pageSize=100&embed=threads,tags").await;
    assert!(!everything.text().contains("cnry"));
    assert_eq!(everything.header("set-cookie"), None);
    assert!(desk.canaries().is_empty());
    desk.set_canary_mode(true);
    assert!(client.get("/api/conversations").await.text().contains("cnry"));
}
