//! Nothing that a customer must not see leaves Raptor: not in bodies, headers, events, files' names, and not in the log either.

use std::time::Duration;

use helpdesk_double::{Config, Fault, FaultKind};
use http::{HeaderMap, Method};
use serde_json::json;

use crate::delivery::TICKETS;
use crate::support::client::fresh_key;
use crate::support::logs::Logs;
use crate::support::{Answer, Options, TestCustomer, World};

/// Everything that came out.
#[derive(Default)]
struct Seen {
    text: Vec<(String, String)>,
}

impl Seen {
    fn headers(&mut self, place: &str, headers: &HeaderMap) {
        for (name, value) in headers {
            let value = String::from_utf8_lossy(value.as_bytes());
            self.text.push((format!("header {name} of {place}"), format!("{name}: {value}")));
        }
    }

    fn answer(&mut self, place: &str, answer: &Answer) {
        self.headers(place, &answer.headers);
        self.text.push((format!("body of {place}"), String::from_utf8_lossy(&answer.body).into_owned()));
    }
}

/// A word in the spellings in which it could slip through.
fn spellings(word: &str) -> Vec<String> {
    use base64::Engine as _;
    let mut out = vec![word.to_lowercase()];
    for padded in [word.to_owned(), format!(" {word}"), format!("  {word}")] {
        // Base 64 of the middle of something: without the characters that depend on what stands around it.
        let coded = base64::engine::general_purpose::STANDARD_NO_PAD.encode(&padded);
        out.push(coded.chars().skip(4).take(coded.len().saturating_sub(8)).collect());
    }
    out.push(word.bytes().map(|byte| format!("{byte:02x}")).collect());
    out.push(word.bytes().map(|byte| format!("%{byte:02X}")).collect());
    out.retain(|spelling| spelling.len() >= 6);
    out
}

async fn walk(world: &World, customer: &TestCustomer, seen: &mut Seen) {
    let list = world.get(customer, &format!("{TICKETS}?limit=50")).await;
    seen.answer("the list", &list);
    if list.status != 200 {
        return;
    }
    for item in list.json()["items"].as_array().unwrap() {
        let path = format!("{TICKETS}/{}", item["id"].as_str().unwrap());
        let ticket = world.get(customer, &path).await;
        seen.answer(&path, &ticket);
        if ticket.status != 200 {
            continue;
        }
        for message in ticket.json()["messages"].as_array().unwrap() {
            for attachment in message["attachments"].as_array().unwrap() {
                let path = format!("{path}/attachments/{}", attachment["id"].as_str().unwrap());
                let file = world.get(customer, &path).await;
                seen.headers(&path, &file.headers);
                if file.headers["content-type"] == "application/problem+json" {
                    seen.answer(&path, &file);
                }
            }
        }
        seen.answer(
            "a status",
            &world.put(customer, &format!("{path}/status"), &json!({ "status": "resolved" })).await,
        );
        seen.answer("a rating", &world.put(customer, &format!("{path}/rating"), &json!({ "score": "okay" })).await);
        let body = json!({ "body": "canary reply" });
        seen.answer("a reply", &world.submit(customer, &format!("{path}/replies"), &fresh_key(), &body).await);
        world.raptor.app.rates.forget();
    }
    seen.answer("topics", &world.get(customer, "/api/v1/support/topics").await);
    seen.answer("notices", &world.get(customer, "/api/v1/support/notices").await);
    seen.answer("export", &world.get(customer, "/api/v1/support/export").await);
    seen.answer("search", &world.get(customer, &format!("{TICKETS}?q=cnry")).await);
    seen.answer("nothing", &world.get(customer, &format!("{TICKETS}/0")).await);
}

#[tokio::test]
async fn no_forbidden_field_leaves_in_any_answer_header_event_or_log_line() {
    let logs = Logs::collect();
    let world =
        World::start_with(Options { desk: Config { canary: true, ..Config::default() }, ..Options::default() }).await;
    let ada = world.customer("ada").await;
    let mut seen = Seen::default();
    let mut events = world.request(Method::GET, "/api/v1/support/events").by(&ada).open().await;
    seen.headers("events", &events.headers().clone());
    walk(&world, &ada, &mut seen).await;
    // Once more with each kind of failure, whose pages name the vendor.
    for fault in FaultKind::one_of_each(30) {
        let hangs = matches!(fault, FaultKind::HangBeforeCommit | FaultKind::HangAfterCommit);
        world.desk.inject(Fault::always(fault.clone()).times(3));
        let answer = world.get(&ada, TICKETS).await;
        seen.answer(&format!("the list with {fault:?}"), &answer);
        let topic = crate::delivery::topic(&world, &ada).await;
        let body = crate::delivery::new_ticket(&topic, "Canary", "with a fault");
        let answer = world.submit(&ada, TICKETS, &fresh_key(), &body).await;
        seen.answer(&format!("a ticket with {fault:?}"), &answer);
        if hangs {
            world.desk.clear_faults();
        }
    }
    world.desk.clear_faults();
    walk(&world, &ada, &mut seen).await;
    let mut heard = String::new();
    while let Ok(Ok(Some(chunk))) = tokio::time::timeout(Duration::from_millis(300), events.chunk()).await {
        heard.push_str(&String::from_utf8_lossy(&chunk));
        if heard.len() > 200_000 || heard.matches(": alive").count() > 3 {
            break;
        }
    }
    seen.text.push(("events".into(), heard));
    let log = logs.text();
    assert!(log.contains("\"served\""), "the log was collected");
    seen.text.push(("the log".into(), log));
    let canaries = world.desk.canaries();
    let fields: std::collections::BTreeSet<&str> = canaries.iter().map(|canary| canary.field.as_str()).collect();
    assert!(fields.len() >= 10, "{fields:?}");
    for (place, text) in &seen.text {
        for canary in &canaries {
            assert!(!text.contains(&canary.token), "{} of {} in {place}", canary.field, canary.id);
        }
    }
    // The vendor's names in any spelling; in the log they may stand, operators know whom they run.
    for word in ["freescout", "FreeScout", "FREESCOUT", "tagras", "laravel"] {
        for spelling in spellings(word) {
            for (place, text) in seen.text.iter().filter(|(place, _)| place != "the log") {
                let found = if spelling == word.to_lowercase() {
                    text.to_lowercase().contains(&spelling)
                } else {
                    text.contains(&spelling)
                };
                assert!(!found, "{word} as {spelling} in {place}");
            }
        }
    }
    // Secrets and addresses stay out of the log too.
    let (_, log) = seen.text.iter().find(|(place, _)| place == "the log").unwrap();
    for secret in [&ada.token, &world.desk.api_key, &world.edge_token, &ada.email, &"canary reply".to_owned()] {
        assert!(!log.contains(secret.as_str()), "{secret} in the log");
    }
}
