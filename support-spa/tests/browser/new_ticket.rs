//! Opening a ticket.

use leptos::prelude::*;
use serde_json::json;
use shared::{FieldId, TicketId, TopicId};
use support_spa::features::list::TicketStore;
use support_spa::features::new_ticket::NewTicketPane;
use support_spa::router::{Page, Router};
use support_spa::ui::{Announcer, LiveRegions, ToastShelf, Toasts};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixtures::{is_a_key, page, problem, summary};
use crate::stage::{Server, Stage, mount, signed_in, until};

const CREATE: &str = "POST /api/v1/support/tickets";
const BODY: &str = "#ticket-body";

fn topics() -> String {
    let field = |bits, label, kind, options| json!({ "id": FieldId::from_bits(bits).to_string(), "label": label, "kind": kind, "required": true, "options": options });
    let fields = [
        field(1, "Broker", "choice", json!([{ "value": "1", "label": "Alpha" }, { "value": "2", "label": "Beta" }])),
        field(2, "Order number", "number", json!([])),
    ];
    let id = TopicId::from_bits(4).to_string();
    let other = TopicId::from_bits(5).to_string();
    let orders = json!({ "id": id, "label": "Orders", "hint": "Have the order at hand.", "fields": fields });
    json!({ "items": [orders, { "id": other, "label": "Billing", "fields": [] }] }).to_string()
}

fn server() -> Server {
    let server = Server::install();
    let known = [summary(1043, "Exit rule fired twice on SPY", "waiting_for_you")];
    server.answer("GET /api/v1/support/tickets", 200, page(&known, [0, 0, 1, 0], None));
    server.answer("GET /api/v1/support/topics", 200, topics());
    server.answer("GET /api/v1/support/notices", 200, r#"{"items":[]}"#);
    server.answer(CREATE, 201, summary(1050, "Paper fills missing", "received").to_string());
    server
}

async fn form() -> (Stage, Router) {
    let session = signed_in().await;
    let handed = StoredValue::new(None);
    let stage = mount(move || {
        let router = Router::at(Page::NewTicket);
        let announcer = Announcer::default();
        provide_context(session);
        provide_context(router);
        provide_context(announcer);
        provide_context(Toasts::new(announcer));
        provide_context(TicketStore::new(router, session));
        handed.set_value(Some(router));
        view! {
            <NewTicketPane/>
            <ToastShelf/>
            <LiveRegions/>
        }
    });
    until("the topics are there", || stage.find("#topic").is_some()).await;
    (stage, handed.get_value().unwrap())
}

fn choose(stage: &Stage, selector: &str, value: &str) {
    let field = stage.find(selector).unwrap();
    js_sys::Reflect::set(&field, &"value".into(), &value.into()).unwrap();
    field.dispatch_event(&web_sys::Event::new("change").unwrap()).unwrap();
}

#[wasm_bindgen_test]
async fn what_is_missing_is_said_before_anything_is_sent() {
    let server = server();
    let (stage, _) = form().await;
    stage.press("Send ticket");
    until("it says so", || stage.all(".field-error").len() == 2).await;
    assert_eq!(stage.find("#subject").unwrap().get_attribute("aria-invalid").as_deref(), Some("true"));
    until("the first one has the focus", || {
        support_spa::browser::focus::current().is_some_and(|element| element.id() == "subject")
    })
    .await;
    assert!(server.calls(CREATE).is_empty());
}

#[wasm_bindgen_test]
async fn a_ticket_is_opened_once_and_shown() {
    let server = server();
    let (stage, router) = form().await;
    choose(&stage, "#topic", &TopicId::from_bits(4).to_string());
    until("its fields are there", || stage.says("Order number")).await;
    assert!(stage.says("Have the order at hand."));
    stage.type_into("#subject", "  Paper fills missing ");
    stage.type_into(BODY, "Since Monday.");
    choose(&stage, &format!("#{}", FieldId::from_bits(1)), "2");
    stage.type_into(&format!("#{}", FieldId::from_bits(2)), "77");
    stage.press("Send ticket");
    stage.find("[type=submit]").unwrap().click();
    until("it is shown", || router.page_untracked() == Page::Ticket(TicketId::from_bits(1050))).await;
    let sent = server.calls(CREATE);
    assert_eq!(sent.len(), 1);
    assert!(is_a_key(sent[0].key.as_deref()));
    let body: serde_json::Value = serde_json::from_str(&sent[0].body).unwrap();
    assert_eq!(body["subject"], "Paper fills missing");
    assert_eq!(body["topic_id"], TopicId::from_bits(4).to_string());
    assert_eq!(body["fields"][0]["value"], "2");
    assert_eq!(body["fields"][1]["value"], "77");
    assert!(stage.says("Your ticket has been sent."));
}

#[wasm_bindgen_test]
async fn what_every_topic_asks_for_is_asked_without_one_too() {
    let server = server();
    let id = FieldId::from_bits(1).to_string();
    let field = json!({ "id": id, "label": "Broker", "kind": "line", "required": true, "options": [] });
    let topic = |bits, label| json!({ "id": TopicId::from_bits(bits).to_string(), "label": label, "fields": [field] });
    let topics = json!({ "items": [topic(4, "Orders"), topic(5, "Billing")] });
    server.answer("GET /api/v1/support/topics", 200, topics.to_string());
    let (stage, _) = form().await;
    until("it is asked for", || stage.says("Broker")).await;
    stage.type_into("#subject", "S");
    stage.type_into(BODY, "B");
    stage.press("Send ticket");
    until("it is marked", || stage.all(".field-error").len() == 1).await;
    assert!(server.calls(CREATE).is_empty());
}

#[wasm_bindgen_test]
async fn fields_of_a_topic_are_checked() {
    let server = server();
    let (stage, _) = form().await;
    choose(&stage, "#topic", &TopicId::from_bits(4).to_string());
    stage.type_into("#subject", "S");
    stage.type_into(BODY, "B");
    until("its fields are there", || stage.says("Order number")).await;
    stage.type_into(&format!("#{}", FieldId::from_bits(2)), "seven");
    stage.press("Send ticket");
    until("both are marked", || stage.all(".field-error").len() == 2).await;
    assert!(stage.says("Please give a whole number."));
    assert!(server.calls(CREATE).is_empty());
}

#[wasm_bindgen_test]
async fn a_refused_field_is_marked_and_every_word_stays() {
    let server = server();
    let mut refused: serde_json::Value = serde_json::from_str(&problem("invalid", 400)).unwrap();
    refused["errors"] = json!([{ "field": "subject", "code": "too_long", "message": "this is too long" }]);
    server.answer(CREATE, 400, refused.to_string());
    let (stage, router) = form().await;
    stage.type_into("#subject", "A subject");
    stage.type_into(BODY, "A body");
    stage.press("Send ticket");
    until("the field is marked", || stage.find("#subject-error").is_some()).await;
    assert_eq!((stage.value_of("#subject").as_str(), stage.value_of(BODY).as_str()), ("A subject", "A body"));
    assert_eq!(router.page_untracked(), Page::NewTicket);
}

#[wasm_bindgen_test]
async fn a_ticket_that_was_kept_is_not_sent_again() {
    let server = server();
    let mut kept: serde_json::Value = serde_json::from_str(&problem("accepted_unconfirmed", 202)).unwrap();
    kept["ticket_id"] = TicketId::from_bits(1051).to_string().into();
    server.answer(CREATE, 202, kept.to_string());
    let (stage, router) = form().await;
    stage.type_into("#subject", "A subject");
    stage.type_into(BODY, "A body");
    stage.press("Send ticket");
    until("it is shown", || router.page_untracked() == Page::Ticket(TicketId::from_bits(1051))).await;
    assert!(stage.says("There is no need to send it again."));
    assert_eq!(server.calls(CREATE).len(), 1);
}

#[wasm_bindgen_test]
async fn a_ticket_that_looks_the_same_is_pointed_out_and_does_not_stand_in_the_way() {
    let _server = server();
    let (stage, _) = form().await;
    stage.type_into("#subject", "exit rule fired again on spy, twice");
    until("it is pointed out", || stage.says("You may have asked this already.")).await;
    assert!(stage.says("Open #1043"));
    stage.press("It is something else");
    until("it is gone", || !stage.says("You may have asked this already.")).await;
}

#[wasm_bindgen_test]
async fn a_draft_is_discarded_only_after_asking() {
    let _server = server();
    let (stage, _) = form().await;
    stage.type_into(BODY, "Not this.");
    until("it can be discarded", || stage.button("Discard draft").is_some()).await;
    stage.press("Discard draft");
    until("it asks", || stage.says("Discard this draft?")).await;
    stage.press("Cancel");
    until("it is closed", || stage.find("dialog").is_none()).await;
    assert_eq!(stage.value_of(BODY), "Not this.");
    stage.press("Discard draft");
    until("it asks", || stage.button("Discard").is_some()).await;
    stage.press("Discard");
    until("it is empty", || stage.value_of(BODY).is_empty()).await;
}

#[wasm_bindgen_test]
async fn one_that_looks_the_same_is_found_whatever_the_list_shows() {
    let server = server();
    // The list shows a search, which the ticket is not in.
    server.answer("GET /api/v1/support/tickets?status=open&limit=25", 200, page(&[], [0, 0, 1, 0], None));
    let (stage, _) = form().await;
    stage.type_into("#subject", "exit rule fired again on spy, twice");
    until("it is pointed out", || stage.says("You may have asked this already.")).await;
    assert_eq!(server.calls("GET /api/v1/support/tickets?status=open&limit=50").len(), 1);
}

#[wasm_bindgen_test]
async fn the_topics_are_there_at_once_when_they_were_seen_before() {
    let server = server();
    let (stage, _) = form().await;
    drop(stage);
    server.hang("GET /api/v1/support/topics");
    let session = crate::stage::fresh_session();
    let stage = mount(move || {
        provide_context(session);
        provide_context(Router::at(Page::NewTicket));
        provide_context(Announcer::default());
        view! { <NewTicketPane/> }
    });
    assert!(stage.find(".bone").is_some() && stage.find("#topic").is_none());
    until("the topics are there", || stage.find("#topic").is_some()).await;
}

#[wasm_bindgen_test]
async fn topics_that_did_not_come_are_asked_for_when_there_is_a_connection_again() {
    let server = server();
    server.lose_connection("GET /api/v1/support/topics");
    let session = signed_in().await;
    let stage = mount(move || {
        provide_context(session);
        provide_context(Router::at(Page::NewTicket));
        provide_context(Announcer::default());
        support_spa::features::offline::follow();
        view! { <NewTicketPane/> }
    });
    until("it says so", || stage.says("topics")).await;
    server.answer("GET /api/v1/support/topics", 200, topics());
    crate::offline::connect(false);
    crate::offline::connect(true);
    until("the topics are there", || stage.find("#topic").is_some()).await;
}

#[wasm_bindgen_test]
async fn bandz_carries_it_off_until_it_is_there_or_comes_back() {
    const SCENE: &str = "Bandz carries an envelope off.";
    let server = server();
    server.hang(CREATE);
    let (stage, _) = form().await;
    let shown = || stage.find("svg[role=img]").and_then(|scene| scene.get_attribute("aria-label"));
    stage.type_into("#subject", "A subject");
    stage.type_into(BODY, "A body");
    assert_ne!(shown().as_deref(), Some(SCENE));
    stage.press("Send ticket");
    until("he is on his way", || shown().as_deref() == Some(SCENE)).await;
    let server = self::server();
    server.problem(CREATE, 500, "internal");
    let (stage, _) = form().await;
    let shown = || stage.find("svg[role=img]").and_then(|scene| scene.get_attribute("aria-label"));
    stage.type_into("#subject", "A subject");
    stage.type_into(BODY, "A body");
    stage.press("Send ticket");
    until("it came back", || stage.find(".note.failed").is_some()).await;
    assert_ne!(shown().as_deref(), Some(SCENE));
    assert_eq!(stage.value_of(BODY), "A body");
}
