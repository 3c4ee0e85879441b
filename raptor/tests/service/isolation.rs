//! Nobody reaches what is somebody else's, and nobody learns whether it exists.

use http::Method;
use serde_json::{Value, json};
use shared::{AttachmentId, MessageId, TicketId, UploadId};

use crate::support::client::fresh_key;
use crate::support::{Answer, TestCustomer, World};

/// Every route with an id in it, as a method, a path and a body that is fine.
fn routes(ticket: &str, attachment: &str, message: &str) -> Vec<(Method, String, Option<Value>)> {
    let base = format!("/api/v1/support/tickets/{ticket}");
    vec![
        (Method::GET, base.clone(), None),
        (Method::GET, format!("{base}/attachments/{attachment}"), None),
        (Method::POST, format!("{base}/replies"), Some(json!({ "body": "mine?" }))),
        (Method::DELETE, format!("{base}/replies/{message}"), None),
        (Method::PUT, format!("{base}/status"), Some(json!({ "status": "resolved" }))),
        (Method::PUT, format!("{base}/read"), Some(json!({ "up_to": "2026-11-22T12:00:00Z" }))),
        (Method::PUT, format!("{base}/rating"), Some(json!({ "score": "great" }))),
    ]
}

async fn call(world: &World, customer: &TestCustomer, method: &Method, path: &str, body: Option<&Value>) -> Answer {
    let mut request = world.request(method.clone(), path).by(customer);
    if path.ends_with("/replies") {
        request = request.header("idempotency-key", &fresh_key());
    }
    if let Some(body) = body {
        request = request.json(body);
    }
    request.send().await
}

/// What a customer owns, to be tried by the others.
struct Owned {
    tickets: Vec<(String, String, String)>,
    upload: String,
}

async fn owned(world: &World, customer: &TestCustomer) -> Owned {
    let mut tickets = Vec::new();
    let none = AttachmentId::from_bits(1).to_string();
    for id in world.ticket_ids(customer).await.into_iter().take(6) {
        let thread = world.get(customer, &format!("/api/v1/support/tickets/{id}")).await.expect(200).json();
        let messages = thread["messages"].as_array().unwrap();
        let attachment = messages.iter().find_map(|message| message["attachments"][0]["id"].as_str());
        let attachment = attachment.unwrap_or(&none).to_owned();
        tickets.push((id, attachment, messages[0]["id"].as_str().unwrap().to_owned()));
    }
    let upload = world.upload(customer, "a.txt", b"some text").await.expect(201).json();
    Owned { tickets, upload: upload["id"].as_str().unwrap().to_owned() }
}

#[tokio::test]
async fn five_customers_every_route_every_kind_of_id_and_not_one_leak() {
    let world = World::start().await;
    let mut customers = Vec::new();
    for name in ["ada", "grace", "edsger", "barbara", "donald"] {
        let customer = world.customer(name).await;
        let owned = owned(&world, &customer).await;
        assert!(owned.tickets.len() == 6, "{name} has tickets to be guarded");
        customers.push((customer, owned));
    }
    // What does not exist at all sets the standard.
    let (first, _) = &customers[0];
    let path = format!("/api/v1/support/tickets/{}", TicketId::from_bits(12345));
    let standard = world.get(first, &path).await.expect(404).without_reference();
    let before = world.desk.state();
    let mut tried = 0;
    for (asker, (customer, _)) in customers.iter().enumerate() {
        let mut ids: Vec<(String, String, String)> = Vec::new();
        for (owner, (_, owned)) in customers.iter().enumerate() {
            if owner != asker {
                ids.extend(owned.tickets.clone());
            }
        }
        let (some_attachment, some_message) =
            (AttachmentId::from_bits(7).to_string(), MessageId::from_bits(7).to_string());
        for odd in [
            TicketId::from_bits(7).to_string(),
            "0".into(),
            "-1".into(),
            "1".into(),
            "3abc".into(),
            "99999999999999999999999999".into(),
            "%33".into(),
            "%F0%9F%A6%9D".into(),
            "%D9%A3".into(),
            "tk_%00".into(),
            "..%2F..%2Fapi".into(),
            "TK_00000000000000000000000007".into(),
            "x".repeat(500),
        ] {
            ids.push((odd, some_attachment.clone(), some_message.clone()));
        }
        for (ticket, attachment, message) in &ids {
            for (method, path, body) in routes(ticket, attachment, message) {
                let answer = call(&world, customer, &method, &path, body.as_ref()).await;
                // 500 tries a minute would be stopped by the rate limit, which is not what is tested here.
                let answer = if answer.status == 429 {
                    world.raptor.app.rates.forget();
                    call(&world, customer, &method, &path, body.as_ref()).await
                } else {
                    answer
                };
                assert_eq!(answer.without_reference(), standard, "{method} {path}");
                tried += 1;
            }
        }
        for (owner, (_, owned)) in customers.iter().enumerate() {
            if owner == asker {
                continue;
            }
            // Another's file at one's own ticket, and another's upload.
            let mine = &customers[asker].1.tickets[0].0;
            let theirs = &owned.tickets[0];
            for path in [
                format!("/api/v1/support/tickets/{mine}/attachments/{}", theirs.1),
                format!("/api/v1/support/tickets/{}/attachments/{}", theirs.0, theirs.1),
            ] {
                assert_eq!(world.get(customer, &path).await.without_reference(), standard, "{path}");
            }
            let path = format!("/api/v1/support/uploads/{}", owned.upload);
            assert_eq!(world.delete(customer, &path).await.without_reference(), standard, "{path}");
            let body = json!({ "body": "with your file", "uploads": [owned.upload] });
            let path = format!("/api/v1/support/tickets/{mine}/replies");
            let refused = world.submit(customer, &path, &fresh_key(), &body).await.expect(400);
            assert_eq!(refused.json()["errors"][0]["field"], "uploads[0]");
            world.raptor.app.rates.forget();
        }
    }
    assert!(tried > 1000, "{tried}");
    // Nothing was written anywhere.
    assert_eq!(world.desk.state().conversations, before.conversations);
    for (customer, owned) in &customers {
        let upload = UploadId::parse(&owned.upload).unwrap();
        let kept = world.app().store.waiting_upload(customer.id, upload, world.app().now()).await.unwrap();
        assert!(kept.is_some());
    }
}

#[tokio::test]
async fn a_list_holds_what_is_ones_own_even_when_the_help_desk_sends_everything() {
    let world = World::start().await;
    let (ada, grace) = (world.customer("ada").await, world.customer("grace").await);
    let (of_ada, of_grace) = (world.ticket_ids(&ada).await, world.ticket_ids(&grace).await);
    assert!(!of_ada.is_empty() && !of_grace.is_empty());
    assert!(of_ada.iter().all(|id| !of_grace.contains(id)));
}

#[tokio::test]
async fn a_conversation_that_changes_hands_is_gone_for_its_old_owner() {
    let world = World::start().await;
    let (ada, grace) = (world.customer("ada").await, world.customer("grace").await);
    let id = world.ticket_ids(&ada).await.remove(0);
    let path = format!("/api/v1/support/tickets/{id}");
    world.get(&ada, &path).await.expect(200);
    let ticket = world.app().store.ticket(ada.id, TicketId::parse(&id).unwrap()).await.unwrap().unwrap();
    let conversation = ticket.conversation.unwrap().get();
    // The trap: a message of another customer makes the conversation theirs.
    let hers = world.ticket_ids(&grace).await.remove(0);
    let hers = world.app().store.ticket(grace.id, TicketId::parse(&hers).unwrap()).await.unwrap().unwrap();
    let other = world.desk.read(|state| state.conversations[&hers.conversation.unwrap().get()].customer_id);
    let body = json!({ "type": "customer", "text": "mine now", "customer": { "id": other } });
    let taken = world
        .http
        .post(format!("{}/api/conversations/{conversation}/threads", world.desk.base_url))
        .header("X-FreeScout-API-Key", &world.desk.api_key)
        .json(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(taken.status(), 201);
    world.get(&ada, &path).await.expect(404);
    let reply = json!({ "body": "still mine?" });
    world.submit(&ada, &format!("{path}/replies"), &fresh_key(), &reply).await.expect(404);
    assert!(!world.ticket_ids(&ada).await.contains(&id));
}
