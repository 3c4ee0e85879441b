//! Replying: once, whatever happens on the way.

use shared::endpoints::auth::Session as Issued;
use shared::{CustomerId, ResponseBody};
use support_spa::browser::focus;
use support_spa::features::drafts::{self, Place};
use support_spa::features::live::Live;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixtures::{account, is_a_key, message, message_id, queued, session_json, ticket, ticket_id, ticket_line};
use crate::stage::{Server, Stage, fresh_session, signed_in, until};
use crate::thread::{mount_pane, mount_pane_with, pane};

const BOX: &str = "#reply-body";

fn server() -> Server {
    let server = Server::install();
    server.answer(
        &ticket_line("GET", ""),
        200,
        ticket("working", &[message(1, "team", "Which account?", 30)]).to_string(),
    );
    server.answer(&ticket_line("PUT", "/read"), 204, "");
    server
}

async fn writing(text: &str) -> Stage {
    let stage = pane().await;
    until("there is a box", || stage.find(BOX).is_some()).await;
    stage.type_into(BOX, text);
    crate::stage::settle().await;
    stage
}

fn replies(server: &Server) -> Vec<crate::stage::Call> {
    server.calls(&ticket_line("POST", "/replies"))
}

#[wasm_bindgen_test]
async fn it_is_sent_once_with_a_key_and_stands_in_the_thread() {
    let server = server();
    server.answer(&ticket_line("POST", "/replies"), 201, queued(2, "The cash one.").to_string());
    let stage = writing("The cash one.\r\n\r\n").await;
    stage.press("Send");
    stage.button("Send").or_else(|| stage.button("Sending")).unwrap().click();
    stage.key(BOX, "Enter", true);
    until("it stands in the thread", || stage.all(".message").len() == 2).await;
    let sent = replies(&server);
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].body, r#"{"body":"The cash one."}"#);
    assert!(is_a_key(sent[0].key.as_deref()));
    assert_eq!(stage.value_of(BOX), "");
    support_spa::browser::timer::sleep(50).await;
    assert!(drafts::load(account(), Place::Reply(ticket_id())).await.is_none());
}

#[wasm_bindgen_test]
async fn ctrl_and_enter_sends() {
    let server = server();
    server.answer(&ticket_line("POST", "/replies"), 201, queued(2, "Yes.").to_string());
    let stage = writing("Yes.").await;
    stage.key(BOX, "Enter", true);
    until("it was sent", || replies(&server).len() == 1).await;
}

#[wasm_bindgen_test]
async fn nothing_is_sent_when_nothing_is_written() {
    let server = server();
    let stage = writing("  \n ").await;
    stage.press("Send");
    until("it says so", || stage.says("Write something first.")).await;
    assert_eq!(stage.find(BOX).unwrap().get_attribute("aria-invalid").as_deref(), Some("true"));
    assert!(replies(&server).is_empty());
    stage.type_into(BOX, "now");
    until("the complaint is gone", || !stage.says("Write something first.")).await;
}

#[wasm_bindgen_test]
async fn after_a_failure_the_text_is_there_and_goes_again_with_the_same_key() {
    let server = server();
    server.problem(&ticket_line("POST", "/replies"), 500, "internal");
    let stage = writing("Keep me.").await;
    stage.press("Send");
    until("it says so", || stage.says("Not sent:")).await;
    assert_eq!(stage.value_of(BOX), "Keep me.");
    assert!(stage.says("R-7KQ2M-9XD4T"));
    server.answer(&ticket_line("POST", "/replies"), 201, queued(2, "Keep me.").to_string());
    stage.press("Send again");
    until("it stands in the thread", || stage.all(".message").len() == 2).await;
    let sent = replies(&server);
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].key, sent[1].key);
}

#[wasm_bindgen_test]
async fn a_lost_connection_on_the_way_keeps_the_key_through_a_reload() {
    let server = server();
    server.lose_connection(&ticket_line("POST", "/replies"));
    let stage = writing("Did it arrive?").await;
    stage.press("Send");
    until("it says so", || stage.says("Not sent:")).await;
    drop(stage);
    let stage = mount_pane(fresh_session());
    until("the draft is back", || stage.find(BOX).is_some() && stage.value_of(BOX) == "Did it arrive?").await;
    server.answer(&ticket_line("POST", "/replies"), 201, queued(2, "Did it arrive?").to_string());
    stage.press("Send");
    until("it was sent", || replies(&server).len() == 2).await;
    let sent = replies(&server);
    assert_eq!(sent[0].key, sent[1].key);
}

#[wasm_bindgen_test]
async fn what_was_kept_and_not_confirmed_needs_no_second_sending() {
    let server = server();
    server.problem(&ticket_line("POST", "/replies"), 202, "accepted_unconfirmed");
    let stage = writing("On its way.").await;
    stage.press("Send");
    until("the box is empty", || stage.value_of(BOX).is_empty()).await;
    assert!(stage.button("Send again").is_none());
}

#[wasm_bindgen_test]
async fn a_text_that_was_changed_after_it_was_sent_becomes_a_message_of_its_own() {
    let server = server();
    server.problem(&ticket_line("POST", "/replies"), 422, "idempotency_conflict");
    let stage = writing("Second thoughts.").await;
    stage.press("Send");
    until("it says so", || stage.says("it was changed after it had been sent")).await;
    server.answer(&ticket_line("POST", "/replies"), 201, queued(2, "Second thoughts.").to_string());
    stage.press("Send anyway");
    until("it was sent", || replies(&server).len() == 2).await;
    let sent = replies(&server);
    assert_ne!(sent[0].key, sent[1].key);
}

#[wasm_bindgen_test]
async fn it_waits_for_signing_in_again_and_then_goes_by_itself() {
    let server = server();
    let session = signed_in().await;
    let stage = mount_pane(session);
    until("there is a box", || stage.find(BOX).is_some()).await;
    stage.type_into(BOX, "Half an hour of work.");
    server.problem(&ticket_line("POST", "/replies"), 401, "session_expired");
    stage.press("Send");
    until("it waits", || stage.says("It is sent as soon as you have signed in.")).await;
    assert_eq!(stage.value_of(BOX), "Half an hour of work.");
    server.answer(&ticket_line("POST", "/replies"), 201, queued(2, "Half an hour of work.").to_string());
    session.begin(Issued::decode(session_json(account(), "token-two").as_bytes()).unwrap());
    until("it was sent", || stage.all(".message").len() == 2).await;
    let sent = replies(&server);
    assert_eq!(sent[0].key, sent[1].key);
    assert_eq!(sent[1].authorization.as_deref(), Some("Bearer token-two"));
}

#[wasm_bindgen_test]
async fn a_withdrawn_reply_is_in_the_box_again_with_another_key() {
    let server = server();
    server.answer(&ticket_line("POST", "/replies"), 201, queued(2, "Too early.").to_string());
    let stage = writing("Too early.").await;
    stage.press("Send");
    until("it can be taken back", || stage.button("Undo").is_some()).await;
    server.answer(&ticket_line("DELETE", "/replies/"), 204, "");
    stage.press("Undo");
    until("the text is back", || stage.value_of(BOX) == "Too early.").await;
    server.answer(&ticket_line("POST", "/replies"), 201, queued(3, "Too early.").to_string());
    stage.press("Send");
    until("it was sent", || replies(&server).len() == 2).await;
    let sent = replies(&server);
    assert_ne!(sent[0].key, sent[1].key);
}

#[wasm_bindgen_test]
async fn an_answer_that_arrives_meanwhile_is_told() {
    let server = server();
    let session = signed_in().await;
    let live = Live::default();
    let stage = mount_pane_with(session, live);
    until("there is a box", || stage.find(BOX).is_some()).await;
    stage.type_into(BOX, "I was about to say");
    let arrived = [message(1, "team", "Which account?", 30), message(5, "team", "Never mind, found it.", 0)];
    server.answer(&ticket_line("GET", ""), 200, ticket("working", &arrived).to_string());
    live.check_now();
    until("it says so", || stage.says("Maya answered while you were writing.")).await;
    assert_eq!(stage.value_of(BOX), "I was about to say");
    stage.press("Show it");
    until("the hint is gone", || !stage.says("answered while you were writing")).await;
    let answer = message_id(5).to_string();
    let focused = || focus::current().map(|element| element.id()).unwrap_or_default();
    until("the answer has the focus", || focused() == answer).await;
}

#[wasm_bindgen_test]
async fn drafts_of_another_account_are_not_shown() {
    let server = server();
    let stage = writing("Only mine.").await;
    until("it is saved", || stage.says("Saved ")).await;
    drop(stage);
    let session = support_spa::session::Session::new();
    let other = CustomerId::from_bits(77);
    session.begin(Issued::decode(session_json(other, "token-other").as_bytes()).unwrap());
    session.restore();
    let stage = mount_pane(session);
    until("there is a box", || stage.find(BOX).is_some()).await;
    crate::stage::settle().await;
    assert_eq!(stage.value_of(BOX), "");
    drop(server);
}
