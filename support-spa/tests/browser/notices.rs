//! What customers should know before they write.

use leptos::prelude::*;
use serde_json::{Value, json};
use shared::NoticeId;
use support_spa::features::notices::{NoticeStore, Notices};
use support_spa::session::Session;
use support_spa::ui::{Announcer, LiveRegions};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixtures::ago;
use crate::stage::{Server, Stage, mount, settle, signed_in, until};

const NOTICES: &str = "GET /api/v1/support/notices";

fn notice(bits: u128, kind: &str, title: &str) -> Value {
    json!({
        "id": NoticeId::from_bits(bits).to_string(),
        "kind": kind,
        "title": title,
        "body": "Fills may be shown late.",
        "since": ago(30),
    })
}

fn shown(session: Session, compact: bool) -> Stage {
    mount(move || {
        provide_context(session);
        provide_context(Announcer::default());
        provide_context(NoticeStore::follow(session));
        view! {
            <Notices compact=compact/>
            <LiveRegions/>
        }
    })
}

#[wasm_bindgen_test]
async fn above_a_form_they_stand_in_full_and_can_be_hidden() {
    let server = Server::install();
    let both = json!({ "items": [notice(1, "incident", "Fills are late"), notice(2, "hours", "Closed on Monday")] });
    server.answer(NOTICES, 200, both.to_string());
    let stage = shown(signed_in().await, false);
    until("both are there", || stage.all(".notice").len() == 2).await;
    assert!(stage.says("Fills may be shown late."));
    assert_eq!(stage.find(".notices").unwrap().get_attribute("role").as_deref(), Some("group"));
    stage.find(".notice button").unwrap().click();
    until("one is hidden", || stage.all(".notice").len() == 1 && stage.says("Closed on Monday")).await;
}

#[wasm_bindgen_test]
async fn above_a_list_they_are_short_and_said_once() {
    let server = Server::install();
    server.answer(NOTICES, 200, json!({ "items": [notice(1, "incident", "Fills are late")] }).to_string());
    let stage = shown(signed_in().await, true);
    until("it is said", || stage.find("[role=status]").unwrap().text_content().unwrap().contains("Fills are late"))
        .await;
    assert!(!stage.find(".notices").unwrap().text_content().unwrap().contains("Fills may be shown late."));
}

#[wasm_bindgen_test]
async fn without_an_answer_there_is_nothing_and_nothing_is_said() {
    let server = Server::install();
    server.problem(NOTICES, 503, "helpdesk_unavailable");
    let stage = shown(signed_in().await, true);
    until("it has been asked", || !server.calls(NOTICES).is_empty()).await;
    settle().await;
    assert!(stage.find(".notices").is_none() && stage.text().is_empty());
}
