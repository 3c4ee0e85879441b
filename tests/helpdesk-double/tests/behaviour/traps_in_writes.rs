//! The traps of the vendor's writing calls.

use crate::traps::{Scene, scene};
use helpdesk_double::{AgentReply, Fault, FaultKind, model::ConversationState};
use serde_json::{Value, json};

fn threads_path(ticket: u64) -> String {
    format!("/api/conversations/{ticket}/threads")
}

#[tokio::test]
async fn trap_7_unknown_values_become_defaults() {
    let Scene { desk: _running, client, dana, ticket, .. } = scene().await;
    let body = json!({"type": "annotation", "text": "secret", "customer": {"id": dana}});
    let thread = client.post(&threads_path(ticket), &body).await.json();
    assert_eq!(thread["type"], "customer", "meant as internal, sent as the customer's words");

    let path = format!("/api/conversations/{ticket}");
    client.put(&path, &json!({"byUser": 2, "status": "closed"})).await;
    assert_eq!(client.put(&path, &json!({"byUser": 2, "status": "resolved"})).await.status, 204);
    assert_eq!(client.get(&path).await.json()["status"], "active", "an unknown status reopens");

    let new = json!({
        "type": "portal", "status": "open", "mailboxId": 1, "subject": "", "customer": {"id": dana},
        "threads": [{"type": "customer", "text": "x"}],
    });
    let created = client.post("/api/conversations", &new).await.json();
    assert_eq!(
        (&created["type"], &created["status"], &created["subject"]),
        (&json!("email"), &json!("active"), &json!(""))
    );
}

#[tokio::test]
async fn trap_9_an_unknown_address_becomes_a_new_customer() {
    let Scene { desk, client, .. } = scene().await;
    let new = json!({
        "type": "email", "mailboxId": 1, "subject": "s", "customer": {"email": "New@Example.test", "firstName": "New"},
        "threads": [{"type": "customer", "text": "x"}],
    });
    let created = client.post("/api/conversations", &new).await;
    assert_eq!((created.status, created.header("resource-id")), (201, Some("2")));
    assert_eq!(created.json()["customer"]["email"], "new@example.test");
    client.post("/api/conversations", &new).await;
    assert_eq!(desk.state().customers.len(), 3, "found again in lower case");
}

#[tokio::test]
async fn trap_9_whoever_writes_owns_the_ticket_from_then_on() {
    let Scene { desk: _running, client, dana, eve, ticket, .. } = scene().await;
    let body = json!({"type": "customer", "text": "mine now", "customer": {"id": eve}});
    assert_eq!(client.post(&threads_path(ticket), &body).await.status, 201);
    let of = async |id: u64| client.get(&format!("/api/conversations?customerId={id}")).await.json();
    assert_eq!(of(dana).await["page"]["totalElements"], 0);
    assert_eq!(of(eve).await["page"]["totalElements"], 1);
    let moved = client.put(&format!("/api/conversations/{ticket}"), &json!({"customerId": dana})).await;
    assert_eq!(moved.status, 204, "no agent needed for this one");
    assert_eq!(of(dana).await["page"]["totalElements"], 1);
}

#[tokio::test]
async fn trap_10_a_reply_without_copies_wipes_them() {
    let Scene { desk: _running, client, dana, ticket, .. } = scene().await;
    let path = format!("/api/conversations/{ticket}");
    let with_cc = json!({"type": "customer", "text": "a", "customer": {"id": dana}, "cc": ["tax@example.test"]});
    client.post(&threads_path(ticket), &with_cc).await;
    assert_eq!(client.get(&path).await.json()["cc"], json!(["tax@example.test"]));
    client.post(&threads_path(ticket), &json!({"type": "customer", "text": "b", "customer": {"id": dana}})).await;
    assert_eq!(client.get(&path).await.json()["cc"], json!([]));
}

#[tokio::test]
async fn trap_11_closing_by_put_writes_an_agents_name() {
    let Scene { desk: _running, client, dana, ticket, .. } = scene().await;
    let path = format!("/api/conversations/{ticket}");
    let refused = client.put(&path, &json!({"status": "closed"})).await;
    assert_eq!(refused.status, 400);
    assert_eq!(refused.json()["_embedded"]["errors"][0]["path"], "byUser");

    client.put(&path, &json!({"byUser": 1, "status": "closed"})).await;
    let closed = client.get(&path).await.json();
    assert_eq!(closed["closedByUser"]["firstName"], "Portal");
    assert_eq!(closed["_embedded"]["threads"][0]["type"], "lineitem");

    let by_thread = json!({"type": "customer", "text": "done", "customer": {"id": dana}, "status": "closed"});
    client.put(&path, &json!({"byUser": 1, "status": "active"})).await;
    client.post(&threads_path(ticket), &by_thread).await;
    let closed = client.get(&path).await.json();
    assert_eq!((&closed["status"], &closed["closedBy"]), (&json!("closed"), &Value::Null));
}

#[tokio::test]
async fn trap_13_a_repeated_call_is_stored_again() {
    let Scene { desk, client, dana, ticket, .. } = scene().await;
    let reply = json!({"type": "customer", "text": "only once, please", "customer": {"id": dana}});
    desk.inject(Fault::once(FaultKind::ErrorAfterCommit { status: 504 }).on("POST", "/api/conversations/{id}/threads"));
    assert_eq!(client.post(&threads_path(ticket), &reply).await.status, 504);
    assert_eq!(client.post(&threads_path(ticket), &reply).await.status, 201);
    assert_eq!(desk.read(|state| state.count_customer_threads_containing("only once, please")), 2);

    let new = json!({
        "type": "email", "mailboxId": 1, "subject": "s", "customer": {"id": dana},
        "threads": [{"type": "customer", "text": "twin"}],
    });
    for _ in 0..2 {
        assert_eq!(client.post("/api/conversations", &new).await.status, 201);
    }
    assert_eq!(desk.read(|state| state.count_customer_threads_containing("twin")), 2);
}

#[tokio::test]
async fn replies_move_the_status() {
    let Scene { desk, client, dana, ticket, .. } = scene().await;
    let path = format!("/api/conversations/{ticket}");
    let status = async || client.get(&path).await.json()["status"].as_str().unwrap().to_owned();
    desk.reply(ticket, AgentReply::html("<p>?</p>")).unwrap();
    assert_eq!(status().await, "pending");
    client.put(&path, &json!({"byUser": 2, "status": "closed"})).await;
    desk.set_state(ticket, ConversationState::Deleted).unwrap();
    client.post(&threads_path(ticket), &json!({"type": "customer", "text": "b", "customer": {"id": dana}})).await;
    assert_eq!(status().await, "active", "a reply reopens");
    assert_eq!(client.get(&path).await.json()["state"], "published", "and takes it out of the bin");
    client.post(&threads_path(ticket), &json!({"type": "note", "text": "n", "user": 2})).await;
    assert_eq!(status().await, "active");
}

#[tokio::test]
async fn files_are_dropped_without_a_word() {
    let Scene { desk, client, dana, ticket, .. } = scene().await;
    let files = json!([
        {"fileName": "kept file #1.txt", "mimeType": "text/plain", "data": "aGk="},
        {"fileName": "no data.txt", "mimeType": "text/plain"},
        {"mimeType": "text/plain", "data": "aGk="},
        {"fileName": "no type.txt", "data": "aGk="},
        {"fileName": "undecodable.txt", "mimeType": "text/plain", "data": "!!!"},
        {"fileName": "fetched.txt", "mimeType": "text/plain", "fileUrl": "http://169.254.169.254/"},
        "not even an object",
        {"fileName": "../../x.php", "mimeType": "text/plain", "data": "aGk="},
    ]);
    let body = json!({"type": "customer", "text": "files", "customer": {"id": dana}, "attachments": files});
    let answer = client.post(&threads_path(ticket), &body).await;
    assert_eq!(answer.status, 201);
    let kept = answer.json()["_embedded"]["attachments"].as_array().unwrap().clone();
    let names: Vec<&str> = kept.iter().map(|file| file["fileName"].as_str().unwrap()).collect();
    assert_eq!(names, ["kept_file__1.txt", ".._.._x.php_"]);
    assert_eq!(desk.counts().file_url_attempts, 1);
}

#[tokio::test]
async fn a_files_address_needs_no_key_but_its_token() {
    let Scene { desk, client, dana, ticket, .. } = scene().await;
    let file = json!([{"fileName": "a.txt", "mimeType": "text/plain", "data": "aGVsbG8="}]);
    let body = json!({"type": "customer", "text": "f", "customer": {"id": dana}, "attachments": file});
    let thread = client.post(&threads_path(ticket), &body).await.json();
    let url = thread["_embedded"]["attachments"][0]["fileUrl"].as_str().unwrap().to_owned();
    let target = url.strip_prefix(&desk.base_url).unwrap();
    let anybody = crate::client::Client::without_key(&desk);
    let answer = anybody.get(target).await;
    assert_eq!((answer.status, answer.text()), (200, "hello"));
    assert_eq!(answer.header("content-security-policy"), Some("script-src 'none'; sandbox"));
    let forged = target.replace("token=", "token=0");
    assert_eq!(anybody.get(&forged).await.status, 403);
    assert_eq!(anybody.get(&target.replace("id=1", "id=99")).await.status, 404);
}

#[tokio::test]
async fn malformed_json_looks_like_missing_parameters() {
    let Scene { desk: _running, client, ticket, .. } = scene().await;
    let answer = client.send("POST", "/api/conversations", &[], b"{\"subject\":").await.unwrap();
    assert_eq!((answer.status, &answer.json()["_embedded"]["errors"][0]["path"]), (400, &json!("subject")));
    let answer = client.send("POST", &threads_path(ticket), &[], b"").await.unwrap();
    assert_eq!((answer.status, &answer.json()["_embedded"]["errors"][0]["path"]), (400, &json!("type")));
    let not_a_list = json!({"type": "email", "mailboxId": 1, "subject": "s", "customer": {"id": 1}, "threads": "x"});
    let answer = client.post("/api/conversations", &not_a_list).await.json();
    assert_eq!(answer["_embedded"]["errors"][0]["message"], "'threads' parameter must be an array");
    let no_agent = client.post(&threads_path(ticket), &json!({"type": "message", "text": "x"})).await.json();
    assert_eq!(no_agent["_embedded"]["errors"][0]["path"], "user");
}

#[tokio::test]
async fn errors_come_in_every_form() {
    let Scene { desk, client, .. } = scene().await;
    let head = client.send("HEAD", "/api/conversations", &[], b"").await.unwrap();
    assert_eq!(head.status, 405);
    assert_eq!(head.header("content-length"), Some("20"), "the bare string \"Method Not Allowed\"");
    let html = client.send("PATCH", "/api/conversations", &[], b"").await.unwrap();
    assert_eq!((html.status, html.header("content-type")), (405, Some("text/html; charset=UTF-8")));
    let json_wanted = [("accept", "application/json")];
    let json = client.send("GET", "/api/nothing", &json_wanted, b"").await.unwrap();
    assert_eq!((json.status, json.json()), (404, json!({"message": ""})));
    let server = client.send("GET", "/api/conversations?pageSize=-1", &json_wanted, b"").await.unwrap();
    assert_eq!((server.status, server.json()), (500, json!({"message": "Server Error"})));
    let key_in_query = format!("/api/users?api_key={}", desk.api_key);
    let stranger = crate::client::Client::without_key(&desk);
    assert_eq!(stranger.get(&key_in_query).await.status, 200);
    assert_eq!(stranger.get("/api/users?api_key=wrong").await.status, 401);
    assert_eq!(desk.counts().keys_outside_the_header, 1);
}

#[tokio::test]
async fn put_applies_its_keys_in_order() {
    let Scene { desk, client, eve, ticket, .. } = scene().await;
    let path = format!("/api/conversations/{ticket}");
    let actions = || -> Vec<String> {
        desk.read(|state| {
            let threads = &state.conversations[&ticket].threads;
            threads.iter().map(|thread| thread.action_type.clone()).filter(|kind| !kind.is_empty()).collect()
        })
    };
    let raw = format!(r#"{{"assignTo":3,"status":"closed","customerId":{eve},"byUser":2,"status":"pending"}}"#);
    assert_eq!(client.send("PUT", &path, &[], raw.as_bytes()).await.unwrap().status, 204);
    assert_eq!(actions(), ["changed-ticket-assignee", "changed-ticket-status"]);
    client.send("PUT", &path, &[], br#"{"byUser":2,"status":"spam","assignTo":4}"#).await.unwrap();
    assert_eq!(actions()[2..], ["changed-ticket-status", "changed-ticket-assignee"]);
    let conversation = client.get(&path).await.json();
    assert_eq!((&conversation["assignee"]["id"], &conversation["customer"]["id"]), (&json!(4), &json!(eve)));
}

#[tokio::test]
async fn deleting_is_for_ever() {
    let Scene { desk, client, ticket, .. } = scene().await;
    let path = format!("/api/conversations/{ticket}");
    assert_eq!(client.delete(&path).await.status, 204);
    assert_eq!(client.get(&path).await.status, 404);
    assert_eq!(client.delete(&path).await.status, 404);
    assert!(desk.state().conversations.is_empty());
}
