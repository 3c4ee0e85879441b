//! What customers write arrives, once, in order, or says why not.

use helpdesk_double::{Fault, FaultKind};
use http::Method;
use serde_json::{Value, json};

use crate::support::client::fresh_key;
use crate::support::{TestCustomer, World, eventually};

pub(crate) const TICKETS: &str = "/api/v1/support/tickets";

pub(crate) fn new_ticket(world_topic: &Value, subject: &str, body: &str) -> Value {
    json!({ "topic_id": world_topic, "subject": subject, "body": body })
}

/// The id of some topic of the form.
pub(crate) async fn topic(world: &World, customer: &TestCustomer) -> Value {
    let topics = world.get(customer, "/api/v1/support/topics").await.expect(200).json();
    topics["items"][0]["id"].clone()
}

/// How many published customer messages at the help desk hold these words.
pub(crate) fn held(world: &World, words: &str) -> usize {
    world.desk.read(|state| {
        let threads = state.conversations.values().flat_map(|conversation| &conversation.threads);
        threads.filter(|thread| thread.body.as_deref().is_some_and(|body| body.contains(words))).count()
    })
}

async fn thread(world: &World, customer: &TestCustomer, id: &str) -> Value {
    world.get(customer, &format!("{TICKETS}/{id}")).await.expect(200).json()
}

#[tokio::test]
async fn a_new_ticket_arrives_and_is_listed_with_its_number() {
    let world = World::start().await;
    let customer = world.stranger("ada").await;
    let topic = topic(&world, &customer).await;
    let opened =
        world.submit(&customer, TICKETS, &fresh_key(), &new_ticket(&topic, "Fills", "Where is **mine**?")).await;
    let opened = opened.expect(201).json();
    assert!(opened["number"].is_u64(), "{opened}");
    assert_eq!(opened["delivery"]["state"], "delivered");
    assert_eq!(opened["status"], "received");
    let ids = world.ticket_ids(&customer).await;
    assert_eq!(ids, [opened["id"].as_str().unwrap()]);
    let thread = thread(&world, &customer, &ids[0]).await;
    assert_eq!(thread["messages"][0]["body"][0]["paragraph"][1]["strong"][0]["text"], "mine");
    assert_eq!(thread["messages"][0]["author"]["kind"], "you");
    assert_eq!(thread["fields"][0]["label"], "Topic");
    assert_eq!(held(&world, "<strong>mine</strong>"), 1);
}

#[tokio::test]
async fn a_reply_can_be_withdrawn_until_it_leaves_and_keeps_its_id_when_it_arrives() {
    let world = World::start().await;
    let customer = world.customer("ada").await;
    let id = world.ticket_ids(&customer).await.remove(0);
    let path = format!("{TICKETS}/{id}/replies");
    let first = world.submit(&customer, &path, &fresh_key(), &json!({ "body": "never mind" })).await.expect(201).json();
    assert_eq!(first["delivery"]["state"], "queued");
    let first_path = format!("{path}/{}", first["id"].as_str().unwrap());
    world.delete(&customer, &first_path).await.expect(204);
    world.delete(&customer, &first_path).await.expect(204);
    let second =
        world.submit(&customer, &path, &fresh_key(), &json!({ "body": "please look" })).await.expect(201).json();
    eventually("the second reply arrives", || async { held(&world, "please look") == 1 }).await;
    eventually("and is shown as delivered under its id", || async {
        let thread = thread(&world, &customer, &id).await;
        let message = thread["messages"].as_array().unwrap().iter().find(|m| m["id"] == second["id"]).cloned();
        message.is_some_and(|message| message["delivery"]["state"] == "delivered")
    })
    .await;
    let late = world.delete(&customer, &format!("{path}/{}", second["id"].as_str().unwrap())).await;
    assert!(matches!(late.status, 404 | 409), "{late:?}");
    assert_eq!(held(&world, "never mind"), 0);
    let thread = thread(&world, &customer, &id).await;
    assert!(!thread.to_string().contains("never mind"));
}

#[tokio::test]
async fn one_key_is_one_submission_however_often_it_is_sent() {
    let world = World::start().await;
    let customer = world.stranger("ada").await;
    let topic = topic(&world, &customer).await;
    let (key, body) = (fresh_key(), new_ticket(&topic, "Once", "only once please"));
    let first = world.submit(&customer, TICKETS, &key, &body).await.expect(201).json();
    let again = world.submit(&customer, TICKETS, &key, &body).await.expect(201).json();
    assert_eq!(first, again);
    let other = new_ticket(&topic, "Once", "something else");
    assert_eq!(world.submit(&customer, TICKETS, &key, &other).await.expect(422).code(), "idempotency_conflict");
    // The key is the customer's own: another one's same key is another key.
    let grace = world.stranger("grace").await;
    world.submit(&grace, TICKETS, &key, &body).await.expect(201);
    assert_eq!(held(&world, "only once please"), 2);
    let reply = format!("{TICKETS}/{}/replies", first["id"].as_str().unwrap());
    let conflict = world.submit(&customer, &reply, &key, &json!({ "body": "hello" })).await;
    assert_eq!(conflict.expect(422).code(), "idempotency_conflict");
}

#[tokio::test]
async fn a_double_click_is_one_ticket() {
    let world = World::start().await;
    let customer = world.stranger("ada").await;
    let topic = topic(&world, &customer).await;
    world.desk.inject(Fault::once(FaultKind::SlowAnswer { ms: 200 }).on("POST", "/api/conversations"));
    let (key, body) = (fresh_key(), new_ticket(&topic, "Click", "clicked twice"));
    let (one, two) =
        tokio::join!(world.submit(&customer, TICKETS, &key, &body), world.submit(&customer, TICKETS, &key, &body));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    assert_eq!(held(&world, "clicked twice"), 1);
    let after = world.submit(&customer, TICKETS, &key, &body).await.expect(201).json();
    let first = if one.status == 201 { one.json() } else { two.json() };
    assert_eq!(after["id"], first["id"]);
}

#[tokio::test]
async fn while_the_help_desk_is_down_everything_is_kept_and_then_delivered_in_order() {
    let mut world = World::start().await;
    let customer = world.customer("ada").await;
    let topic = topic(&world, &customer).await;
    let listed = world.ticket_ids(&customer).await.len();
    world.desk.go_down().await;
    let accepted = world.submit(&customer, TICKETS, &fresh_key(), &new_ticket(&topic, "Down", "message-1")).await;
    let accepted = accepted.expect(202).json();
    assert_eq!(accepted["code"], "accepted_unconfirmed");
    let id = accepted["ticket_id"].as_str().unwrap().to_owned();
    for number in 2..=4 {
        let path = format!("{TICKETS}/{id}/replies");
        world.submit(&customer, &path, &fresh_key(), &json!({ "body": format!("message-{number}") })).await.expect(201);
    }
    // It is there already, for its writer.
    let page = world.get(&customer, &format!("{TICKETS}?limit=50")).await.expect(200).json();
    assert_eq!(page["stale"], true);
    assert_eq!(page["items"].as_array().unwrap().len(), listed + 1);
    let waiting = thread(&world, &customer, &id).await;
    assert_eq!(waiting["messages"].as_array().unwrap().len(), 4);
    assert_ne!(waiting["delivery"]["state"], "delivered");
    world.restart().await;
    world.desk.come_up().await.unwrap();
    eventually("all four arrive", || async { held(&world, "message-4") == 1 }).await;
    let order: Vec<String> = world.desk.read(|state| {
        let conversation = state.conversations.values().find(|conversation| conversation.subject == "Down").unwrap();
        conversation.threads.iter().filter_map(|thread| thread.body.clone()).collect()
    });
    let numbers: Vec<_> =
        order.iter().filter_map(|body| body.find("message-").map(|at| &body[at + 8..=at + 8])).collect();
    assert_eq!(numbers, ["1", "2", "3", "4"]);
    eventually("it is shown as delivered", || async {
        thread(&world, &customer, &id).await["delivery"]["state"] == "delivered"
    })
    .await;
    assert_eq!(world.ticket_ids(&customer).await.len(), listed + 1);
}

#[tokio::test]
async fn an_answer_that_is_lost_after_the_commit_makes_no_second_ticket() {
    let world = World::start().await;
    let customer = world.stranger("ada").await;
    let topic = topic(&world, &customer).await;
    world.desk.inject(Fault::once(FaultKind::DropAfterCommit).on("POST", "/api/conversations"));
    let opened = world.submit(&customer, TICKETS, &fresh_key(), &new_ticket(&topic, "Lost", "answer lost")).await;
    assert!(matches!(opened.status, 201 | 202), "{opened:?}");
    eventually("it is known to have arrived", || async {
        let page = world.get(&customer, TICKETS).await.expect(200).json();
        page["items"].as_array().unwrap().len() == 1 && page["items"][0]["delivery"]["state"] == "delivered"
    })
    .await;
    assert_eq!(held(&world, "answer lost"), 1);
}

#[tokio::test]
async fn the_same_words_sent_twice_are_two_messages() {
    let world = World::start().await;
    let customer = world.customer("ada").await;
    let id = world.ticket_ids(&customer).await.remove(0);
    let path = format!("{TICKETS}/{id}/replies");
    world.submit(&customer, &path, &fresh_key(), &json!({ "body": "thank you!" })).await.expect(201);
    eventually("the first arrives", || async { held(&world, "thank you!") == 1 }).await;
    // The outcome of the second is unknown, and the first one's words stand there already.
    world.desk.inject(Fault::once(FaultKind::DropBeforeCommit).on("POST", "/api/conversations/{id}/threads"));
    world.submit(&customer, &path, &fresh_key(), &json!({ "body": "thank you!" })).await.expect(201);
    eventually("the second arrives too", || async { held(&world, "thank you!") == 2 }).await;
}

#[tokio::test]
async fn a_crash_between_the_outbox_and_the_call_loses_and_doubles_nothing() {
    let mut world = World::start().await;
    let customer = world.customer("ada").await;
    let id = world.ticket_ids(&customer).await.remove(0);
    let path = format!("{TICKETS}/{id}/replies");
    // Before anything was sent.
    world.submit(&customer, &path, &fresh_key(), &json!({ "body": "before-the-call" })).await.expect(201);
    world.crash().await;
    eventually("it arrives after the crash", || async { held(&world, "before-the-call") == 1 }).await;
    // After the call went out and before its answer came back.
    world.desk.inject(Fault::once(FaultKind::HangAfterCommit).on("POST", "/api/conversations/{id}/threads"));
    world.submit(&customer, &path, &fresh_key(), &json!({ "body": "during-the-call" })).await.expect(201);
    eventually("it is committed", || async { held(&world, "during-the-call") == 1 }).await;
    world.crash().await;
    world.desk.clear_faults();
    eventually("it is known to have arrived", || async {
        let thread = thread(&world, &customer, &id).await;
        let messages = thread["messages"].as_array().unwrap().clone();
        messages
            .iter()
            .any(|m| m["body"].to_string().contains("during-the-call") && m["delivery"]["state"] == "delivered")
    })
    .await;
    assert_eq!(held(&world, "during-the-call"), 1);
    // The same for a new ticket, of which nothing is known before it is there.
    let topic = topic(&world, &customer).await;
    world.desk.inject(Fault::once(FaultKind::HangAfterCommit).on("POST", "/api/conversations"));
    let body = new_ticket(&topic, "Opened", "opened-during-the-call");
    let call = world.request(Method::POST, TICKETS).by(&customer).header("idempotency-key", &fresh_key()).json(&body);
    let call = tokio::spawn(call.detach());
    eventually("it is committed", || async { held(&world, "opened-during-the-call") == 1 }).await;
    world.crash().await;
    call.abort();
    world.desk.clear_faults();
    eventually("it is found", || async { world.app().store.outbox_depth().await.unwrap() == 0 }).await;
    assert_eq!(held(&world, "opened-during-the-call"), 1);
}

#[tokio::test]
async fn what_is_refused_for_good_says_so_and_keeps_the_text() {
    let world = World::start().await;
    let customer = world.customer("ada").await;
    let id = world.ticket_ids(&customer).await.remove(0);
    world.desk.inject(
        Fault::once(FaultKind::ErrorBeforeCommit { status: 413 }).on("POST", "/api/conversations/{id}/threads"),
    );
    let path = format!("{TICKETS}/{id}/replies");
    let sent = world.submit(&customer, &path, &fresh_key(), &json!({ "body": "too much" })).await.expect(201).json();
    eventually("it is shown as failed", || async {
        let thread = thread(&world, &customer, &id).await;
        let message = thread["messages"].as_array().unwrap().iter().find(|m| m["id"] == sent["id"]).cloned();
        message.is_some_and(|m| m["delivery"]["state"] == "failed" && m["delivery"]["reason"] == "too_large")
    })
    .await;
    // A message that failed does not stand in the way of the next one.
    world.submit(&customer, &path, &fresh_key(), &json!({ "body": "less this time" })).await.expect(201);
    eventually("the next one arrives", || async { held(&world, "less this time") == 1 }).await;
    assert_eq!(held(&world, "too much"), 0);
}

#[tokio::test]
async fn copies_of_the_conversation_are_kept_by_a_reply() {
    let world = World::start().await;
    let customer = world.customer("ada").await;
    let before: Vec<(u64, Vec<String>)> = world.desk.read(|state| {
        state.conversations.values().filter(|c| !c.cc.is_empty()).map(|c| (c.id, c.cc.clone())).collect()
    });
    let (conversation, cc) = before.first().cloned().unwrap();
    let id = world.ticket_ids(&customer).await;
    let app = world.app();
    for id in id {
        let ticket = app.store.ticket(customer.id, shared::TicketId::parse(&id).unwrap()).await.unwrap().unwrap();
        if ticket.conversation.is_some_and(|found| found.get() == conversation) {
            let path = format!("{TICKETS}/{id}/replies");
            world.submit(&customer, &path, &fresh_key(), &json!({ "body": "keep them" })).await.expect(201);
        }
    }
    eventually("the reply arrives", || async { held(&world, "keep them") == 1 }).await;
    assert_eq!(world.desk.read(|state| state.conversations[&conversation].cc.clone()), cc);
}
