//! What operators rely on: probes, counters, the audit, keys that change while it runs.

use http::Method;
use serde_json::json;

use crate::delivery::TICKETS;
use crate::support::World;
use crate::support::client::fresh_key;

#[tokio::test]
async fn every_action_leaves_one_row_without_what_was_written() {
    let world = World::start().await;
    let ada = world.customer("ada").await;
    let id = world.ticket_ids(&ada).await.remove(0);
    let path = format!("{TICKETS}/{id}");
    world.get(&ada, &path).await.expect(200);
    world.submit(&ada, &format!("{path}/replies"), &fresh_key(), &json!({ "body": "s3cret words" })).await.expect(201);
    let missing = shared::TicketId::from_bits(5);
    let refused = world.get(&ada, &format!("{TICKETS}/{missing}")).await.expect(404).json();
    world.app().audit.flush().await;
    let rows = world.app().store.audit_of(ada.id, 10).await.unwrap();
    let seen: Vec<(&str, &str)> = rows.iter().map(|row| (row.action.as_str(), row.outcome.as_str())).collect();
    assert_eq!(seen, [("getTicket", "not_found"), ("reply", "ok"), ("getTicket", "ok")]);
    assert_eq!(rows[0].reference.to_string(), refused["reference"]);
    assert_eq!(rows[0].ticket, Some(missing));
    assert!(rows.iter().all(|row| row.actor == format!("customer:{}", ada.id)));
    assert!(!format!("{rows:?}").contains("s3cret"));
    let app = world.app();
    let day = 86_400_000;
    let after = |days: i64| shared::Timestamp::from_millis(app.now().millis() + days * day);
    assert_eq!(app.store.prune_audit(after(89)).await.unwrap(), 0);
    assert_eq!(app.store.prune_audit(after(91)).await.unwrap(), 3);
}

#[tokio::test]
async fn probes_and_counters_answer_without_the_edge() {
    let world = World::start().await;
    let ada = world.customer("ada").await;
    world.ticket_ids(&ada).await;
    let get = |path: &'static str| world.request(Method::GET, path).without_edge().send();
    get("/healthz").await.expect(200);
    get("/readyz").await.expect(200);
    let metrics = String::from_utf8(get("/metrics").await.expect(200).body).unwrap();
    assert!(metrics.contains("raptor_calls_total{route=\"listTickets\",status=\"200\"} 1"), "{metrics}");
    assert!(metrics.contains("raptor_outbox_depth 0"));
    // By these an operator sees when a token that was rotated out may end.
    let used = |outcome: &str| {
        let line = format!("service_auth_requests_total{{pair=\"edge\",outcome=\"{outcome}\"}} ");
        metrics.lines().find_map(|text| text.strip_prefix(&line)).and_then(|count| count.parse::<u64>().ok())
    };
    assert!(used("accepted_current") > Some(0), "{metrics}");
    assert_eq!(used("accepted_previous"), Some(0));
    assert!(!metrics.contains("cu_") && !metrics.contains('@'));
    // Customers can be served while the help desk is down; without a database they cannot.
    world.desk.go_down().await;
    get("/readyz").await.expect(200);
    world.app().store.close().await;
    get("/readyz").await.expect(503);
    get("/healthz").await.expect(200);
}

#[tokio::test]
async fn keys_in_a_file_change_while_it_runs() {
    let mut world = World::start().await;
    let path = world.path("keys.json");
    let old = world.variable("RAPTOR_JWT_KEYS");
    std::fs::write(&path, &old).unwrap();
    world.set("RAPTOR_JWT_KEYS", path.to_str().unwrap());
    world.restart().await;
    let ada = world.customer("ada").await;
    let mut both: serde_json::Value = serde_json::from_str(&raptor::sessions::generate_key_set()).unwrap();
    let old: serde_json::Value = serde_json::from_str(&old).unwrap();
    both["keys"].as_array_mut().unwrap().push(old["keys"][0].clone());
    std::fs::write(&path, both.to_string()).unwrap();
    let config = world.config();
    world.app().reload(config);
    world.get(&ada, TICKETS).await.expect(200);
    let set = world.request(Method::GET, "/.well-known/jwks.json").without_edge().send().await.json();
    assert_eq!(set["keys"].as_array().unwrap().len(), 2);
    let renewed = world.request(Method::POST, "/api/v1/auth/session/renew").by(&ada).send().await.expect(200).json();
    let mut new = ada.clone();
    new.token = renewed["token"].as_str().unwrap().to_owned();
    // The old key leaves: what it signed is refused, what the new one signed is not.
    both["keys"].as_array_mut().unwrap().pop();
    std::fs::write(&path, both.to_string()).unwrap();
    let config = world.config();
    world.app().reload(config);
    world.get(&ada, TICKETS).await.expect(401);
    world.get(&new, TICKETS).await.expect(200);
}

#[tokio::test]
async fn what_is_under_way_ends_before_the_process_does() {
    use helpdesk_double::{Fault, FaultKind};
    let mut world = World::start().await;
    let ada = world.customer("ada").await;
    let topic = crate::delivery::topic(&world, &ada).await;
    world.desk.inject(Fault::once(FaultKind::SlowAnswer { ms: 250 }).on("POST", "/api/conversations"));
    let body = crate::delivery::new_ticket(&topic, "Last", "last minute");
    let key = fresh_key();
    let request = world.request(Method::POST, TICKETS).by(&ada).header("idempotency-key", &key).json(&body);
    let sent = tokio::spawn(request.detach());
    crate::support::eventually("it reaches the help desk", || async {
        crate::delivery::held(&world, "last minute") == 1
    })
    .await;
    world.raptor.stop().await;
    assert_eq!(sent.await.unwrap().unwrap().status().as_u16(), 201);
}
