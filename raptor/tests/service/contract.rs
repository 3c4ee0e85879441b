//! The edges of the contract: what is refused, how, and before anything else happens.

use http::Method;
use serde_json::json;

use crate::support::client::fresh_key;
use crate::support::{Options, World};

const TICKETS: &str = "/api/v1/support/tickets";

#[tokio::test]
async fn whatever_is_refused_is_a_problem_document() {
    let world = World::start().await;
    let ada = world.customer("ada").await;
    let id = world.ticket_ids(&ada).await.remove(0);
    let calls = world.desk.counts().total;
    let json_body = |text: &str| (Some("application/json"), text.to_owned().into_bytes());
    let key = ("idempotency-key", fresh_key());
    let replies = format!("{TICKETS}/{id}/replies");
    let status = format!("{TICKETS}/{id}/status");
    let large = format!("{{\"body\":\"{}\"}}", "x".repeat(200_000));
    let deep = format!("{{\"body\":{}{}}}", "[".repeat(40), "]".repeat(40));
    for (method, path, (content_type, body), expected, code) in [
        (Method::GET, "/nowhere", (None, Vec::new()), 404, "not_found"),
        (Method::GET, "/api/v1/support", (None, Vec::new()), 404, "not_found"),
        (Method::GET, "/api/v1/support/tickets/", (None, Vec::new()), 404, "not_found"),
        (Method::PATCH, TICKETS, (None, Vec::new()), 405, "invalid"),
        (Method::DELETE, TICKETS, (None, Vec::new()), 405, "invalid"),
        (Method::GET, "/api/v1/support/tickets?limit=0", (None, Vec::new()), 400, "invalid"),
        (Method::GET, "/api/v1/support/tickets?limit=51", (None, Vec::new()), 400, "invalid"),
        (Method::GET, "/api/v1/support/tickets?limit=1&limit=2", (None, Vec::new()), 400, "invalid"),
        (Method::GET, "/api/v1/support/tickets?customer_id=1", (None, Vec::new()), 400, "invalid"),
        (Method::GET, "/api/v1/support/tickets?status=spam", (None, Vec::new()), 400, "invalid"),
        (Method::GET, "/api/v1/support/tickets?cursor=abc", (None, Vec::new()), 400, "invalid"),
        (Method::GET, "/api/v1/support/tickets?q=%zz", (None, Vec::new()), 400, "invalid"),
        (Method::PUT, &status, json_body("{"), 400, "invalid"),
        (Method::PUT, &status, json_body(""), 400, "invalid"),
        (Method::PUT, &status, json_body(r#"{"status":"spam"}"#), 400, "invalid"),
        (Method::PUT, &status, json_body(r#"{"status":"resolved","byUser":1}"#), 400, "invalid"),
        (Method::PUT, &status, json_body(r#"{"status":"resolved","status":"reopened"}"#), 400, "invalid"),
        (Method::PUT, &status, (Some("text/plain"), b"{}".to_vec()), 415, "unsupported_media_type"),
        (Method::PUT, &status, (None, b"{}".to_vec()), 415, "unsupported_media_type"),
        (Method::POST, &replies, json_body(&large), 413, "too_large"),
        (Method::POST, &replies, json_body(&deep), 400, "invalid"),
        (Method::POST, &replies, json_body(r#"{"body":""}"#), 400, "invalid"),
        (Method::POST, &replies, json_body("{\"body\":\"a\\u0000b\"}"), 400, "invalid"),
        (Method::POST, &replies, (Some("application/json"), b"{\"body\":\"\xff\"}".to_vec()), 400, "invalid"),
        (Method::POST, "/api/v1/support/uploads", (Some("application/octet-stream"), b"x".to_vec()), 400, "invalid"),
        (Method::POST, "/api/v1/support/uploads?name=a.txt", json_body("{}"), 415, "unsupported_media_type"),
        (Method::POST, "/api/v1/auth/session/renew", json_body("{}"), 400, "invalid"),
    ] {
        let mut request = world.request(method.clone(), path).by(&ada).header(key.0, &key.1);
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let answer = request.body(body).send().await;
        assert_eq!(answer.status, expected, "{method} {path}: {}", String::from_utf8_lossy(&answer.body));
        assert_eq!(answer.headers["content-type"], "application/problem+json", "{method} {path}");
        assert_eq!(answer.headers["cache-control"], "no-store");
        let problem: shared::Problem = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(problem.code.as_str(), code, "{method} {path}");
        assert_eq!(problem.status, expected);
        if expected == 405 {
            assert_eq!(answer.headers["allow"], "GET, POST");
        }
    }
    assert_eq!(world.desk.counts().total, calls, "nothing of this reaches the help desk");
}

#[tokio::test]
async fn idempotency_keys_are_demanded_and_bounded() {
    let world = World::start().await;
    let ada = world.customer("ada").await;
    let body = json!({ "subject": "s", "body": "b" });
    let missing = world.post(&ada, TICKETS, &body).await.expect(400).json();
    assert_eq!(
        (missing["errors"][0]["field"].as_str(), missing["errors"][0]["code"].as_str()),
        (Some("idempotency-key"), Some("required"))
    );
    for key in ["short", &"k".repeat(65), "with blanks in between"] {
        world.submit(&ada, TICKETS, key, &body).await.expect(400);
    }
    let twice = world
        .request(Method::POST, TICKETS)
        .by(&ada)
        .header("idempotency-key", &fresh_key())
        .header("idempotency-key", &fresh_key())
        .json(&body)
        .send()
        .await;
    assert_eq!(twice.expect(400).json()["errors"][0]["code"], "duplicate");
}

#[tokio::test]
async fn switched_off_means_maintenance_for_everybody() {
    let world =
        World::start_with(Options { environment: vec![("FLAG_SUPPORT_PORTAL_API", "0".into())], ..Options::default() })
            .await;
    let ada = world.customer("ada").await;
    for path in [TICKETS, "/api/v1/support/notices", "/api/v1/support/events"] {
        let answer = world.get(&ada, path).await.expect(503);
        assert_eq!(answer.code(), "maintenance");
    }
    assert_eq!(world.desk.counts().total, 0);
    world.request(Method::GET, "/healthz").without_edge().send().await.expect(200);
}

#[tokio::test]
async fn a_form_is_checked_field_by_field() {
    let world = World::start().await;
    let ada = world.customer("ada").await;
    let topics = world.get(&ada, "/api/v1/support/topics").await.expect(200).json();
    let items = topics["items"].as_array().unwrap();
    assert!(items.len() > 3 && items.iter().all(|topic| topic["label"].is_string()));
    // Fields that are for agents alone are not among them.
    assert!(!topics.to_string().to_lowercase().contains("internal") && !topics.to_string().contains("CRM"));
    let refused = |body: serde_json::Value| {
        let (world, ada) = (&world, &ada);
        async move {
            let problem = world.submit(ada, TICKETS, &fresh_key(), &body).await.expect(400).json();
            problem["errors"][0]["field"].as_str().unwrap().to_owned()
        }
    };
    let topic = &items[0]["id"];
    // Not knowing what it is about keeps nobody from writing.
    world.submit(&ada, TICKETS, &fresh_key(), &json!({ "subject": "s", "body": "b" })).await.expect(201);
    let stranger = shared::TopicId::from_bits(1).to_string();
    assert_eq!(refused(json!({ "topic_id": stranger, "subject": "s", "body": "b" })).await, "topic_id");
    let field = shared::FieldId::from_bits(1).to_string();
    let fields = json!([{ "field_id": field, "value": "x" }]);
    let body = json!({ "topic_id": topic, "subject": "s", "body": "b", "fields": fields });
    assert_eq!(refused(body).await, "fields[0].field_id");
    assert_eq!(refused(json!({ "topic_id": topic, "subject": "s\nBcc: x", "body": "b" })).await, "subject");
}
