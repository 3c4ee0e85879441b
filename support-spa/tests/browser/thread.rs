//! A ticket, its messages, and what can be done with it.

use leptos::prelude::*;
use serde_json::json;
use support_spa::features::live::Live;
use support_spa::features::thread::TicketPane;
use support_spa::router::{Page, Router};
use support_spa::session::Session;
use support_spa::ui::{Announcer, LiveRegions, ToastShelf, Toasts};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixtures::{ago, message, message_id, queued, ticket, ticket_id, ticket_line};
use crate::parts;
use crate::stage::{Server, Stage, mount, signed_in, until};

/// A ticket's pane with everything that it talks to.
pub async fn pane() -> Stage {
    let session = signed_in().await;
    mount_pane(session)
}

pub fn mount_pane(session: Session) -> Stage {
    mount_pane_with(session, Live::default())
}

pub fn mount_pane_with(session: Session, live: Live) -> Stage {
    mount(move || {
        let announcer = Announcer::default();
        provide_context(session);
        provide_context(live);
        provide_context(announcer);
        provide_context(Toasts::new(announcer));
        provide_context(Router::at(Page::Ticket(ticket_id())));
        provide_context(parts::all_there());
        view! {
            <TicketPane id=ticket_id()/>
            <ToastShelf/>
            <LiveRegions/>
        }
    })
}

#[wasm_bindgen_test]
async fn messages_stand_under_their_day_with_who_wrote_them() {
    let server = Server::install();
    let thread = [message(1, "you", "It fired twice.", 3 * 24 * 60), message(2, "team", "Which account?", 30)];
    server.answer(&ticket_line("GET", ""), 200, ticket("waiting_for_you", &thread).to_string());
    let stage = pane().await;
    until("the thread is there", || stage.all(".message").len() == 2).await;
    assert_eq!(stage.all(".day").len(), 2);
    assert!(stage.find("h1").unwrap().text_content().unwrap().contains("Exit rule fired twice"));
    assert!(stage.says("you move next") && stage.says("Step 3 of 4"));
    assert!(stage.find(".message.mine").unwrap().text_content().unwrap().contains("Delivered"));
    assert!(stage.find(".message.team").unwrap().text_content().unwrap().contains("Raxx Support"));
    assert!(stage.says("Broker"));
}

#[wasm_bindgen_test]
async fn what_was_not_read_is_marked_and_then_told_to_be_read() {
    let server = Server::install();
    let thread =
        [message(1, "you", "Hello", 90), message(2, "team", "Old answer", 60), message(3, "team", "New answer", 5)];
    let mut unread = ticket("working", &thread);
    unread["read_up_to"] = ago(50).into();
    server.answer(&ticket_line("GET", ""), 200, unread.to_string());
    server.answer(&ticket_line("PUT", "/read"), 204, "");
    let stage = pane().await;
    until("the divider is there", || stage.find(".new-divider").is_some()).await;
    let entries: Vec<_> = stage.all("ol > li").iter().map(web_sys::Element::class_name).collect();
    let divider = entries.iter().position(|class| class == "new-divider").unwrap();
    assert_eq!(entries.len() - divider, 2, "{entries:?}");
    until("the server was told", || server.calls(&ticket_line("PUT", "/read")).len() == 1).await;
}

#[wasm_bindgen_test]
async fn a_ticket_that_is_not_theirs_is_not_there() {
    let server = Server::install();
    server.problem(&ticket_line("GET", ""), 404, "not_found");
    let stage = pane().await;
    until("it says so", || stage.says("We cannot find this ticket.")).await;
    assert!(stage.find("h1").is_some());
}

#[wasm_bindgen_test]
async fn older_messages_come_before_the_newer_ones() {
    let server = Server::install();
    let mut newest = ticket("working", &[message(3, "team", "three", 10)]);
    newest["older_cursor"] = "older".into();
    let oldest = ticket("working", &[message(1, "you", "one", 30), message(2, "team", "two", 20)]);
    server.answer(&ticket_line("GET", ""), 200, newest.to_string());
    server.answer(&ticket_line("GET", "?before=older"), 200, oldest.to_string());
    let stage = pane().await;
    until("there is more", || stage.button("Show older messages").is_some()).await;
    stage.press("Show older messages");
    until("they are there", || stage.all(".message").len() == 3).await;
    let texts: Vec<_> = stage.all(".message .rich-text").iter().filter_map(|element| element.text_content()).collect();
    assert_eq!(texts, ["one", "two", "three"]);
    assert!(stage.button("Show older messages").is_none());
}

#[wasm_bindgen_test]
async fn news_do_not_take_the_older_messages_away_that_are_being_loaded() {
    let server = Server::install();
    let mut newest = ticket("working", &[message(3, "team", "three", 10)]);
    newest["older_cursor"] = "older".into();
    let oldest = ticket("working", &[message(1, "you", "one", 30), message(2, "team", "two", 20)]);
    server.answer(&ticket_line("GET", ""), 200, newest.to_string());
    server.answer(&ticket_line("GET", "?before=older"), 200, oldest.to_string());
    let session = signed_in().await;
    let handed = StoredValue::new(None);
    let stage = mount(move || {
        let live = Live::default();
        handed.set_value(Some(live));
        provide_context(session);
        provide_context(live);
        provide_context(Router::at(Page::Ticket(ticket_id())));
        provide_context(parts::all_there());
        view! { <TicketPane id=ticket_id()/> }
    });
    until("there is more", || stage.button("Show older messages").is_some()).await;
    // Once the answer is there; what was remembered from another test is not asked further.
    until("it was read", || server.calls(&ticket_line("PUT", "/read")).len() == 1).await;
    stage.press("Show older messages");
    handed.get_value().unwrap().check_now();
    until("they are there", || stage.all(".message").len() == 3).await;
    assert!(stage.button("Show older messages").is_none());
}

#[wasm_bindgen_test]
async fn resolving_can_be_undone() {
    let server = Server::install();
    server.answer(&ticket_line("GET", ""), 200, ticket("working", &[message(1, "you", "one", 30)]).to_string());
    let state = |status: &str, resolve: bool| {
        let can = json!({ "reply": true, "resolve": resolve, "reopen": !resolve, "rate": !resolve });
        json!({ "status": status, "status_since": ago(0), "can": can }).to_string()
    };
    server.answer(&ticket_line("PUT", "/status"), 200, state("resolved", false));
    let stage = pane().await;
    until("it can be resolved", || stage.button("Mark as resolved").is_some()).await;
    stage.press("Mark as resolved");
    until("it is", || stage.says("Marked as resolved.")).await;
    assert!(stage.button("Reopen").is_some() && stage.says("How did we do?"));
    assert_eq!(server.calls(&ticket_line("PUT", "/status"))[0].body, r#"{"status":"resolved"}"#);
    server.answer(&ticket_line("PUT", "/status"), 200, state("working", true));
    stage.press("Undo");
    until("it is open again", || stage.button("Mark as resolved").is_some()).await;
    assert_eq!(server.calls(&ticket_line("PUT", "/status"))[1].body, r#"{"status":"reopened"}"#);
}

#[wasm_bindgen_test]
async fn a_failed_change_leaves_the_ticket_as_it_was() {
    let server = Server::install();
    server.answer(&ticket_line("GET", ""), 200, ticket("working", &[message(1, "you", "one", 30)]).to_string());
    server.problem(&ticket_line("PUT", "/status"), 503, "helpdesk_unavailable");
    let stage = pane().await;
    until("it can be resolved", || stage.button("Mark as resolved").is_some()).await;
    stage.press("Mark as resolved");
    until("it says so", || stage.says("It is still open.")).await;
    assert!(stage.button("Mark as resolved").is_some());
}

#[wasm_bindgen_test]
async fn a_change_without_an_answer_is_looked_up() {
    let server = Server::install();
    server.answer(&ticket_line("GET", ""), 200, ticket("working", &[message(1, "you", "one", 30)]).to_string());
    server.lose_connection(&ticket_line("PUT", "/status"));
    let stage = pane().await;
    until("it can be resolved", || stage.button("Mark as resolved").is_some()).await;
    stage.press("Mark as resolved");
    until("it says that it was not done, and why", || stage.says("It is still open. We could not reach Raxx Support."))
        .await;
    server.answer(&ticket_line("GET", ""), 200, ticket("resolved", &[message(1, "you", "one", 30)]).to_string());
    stage.press("Mark as resolved");
    until("it says that it was done", || stage.says("Marked as resolved.")).await;
    assert!(stage.button("Reopen").is_some());
}

#[wasm_bindgen_test]
async fn nothing_is_claimed_of_a_ticket_that_cannot_be_asked() {
    let server = Server::install();
    server.answer(&ticket_line("GET", ""), 200, ticket("working", &[message(1, "you", "one", 30)]).to_string());
    let stage = pane().await;
    until("it can be resolved", || stage.button("Mark as resolved").is_some()).await;
    server.lose_connection(&ticket_line("PUT", "/status"));
    server.lose_connection(&ticket_line("GET", ""));
    stage.press("Mark as resolved");
    until("it says so", || stage.find(".toast.urgent").is_some()).await;
    assert!(stage.says("We could not reach Raxx Support.") && !stage.says("It is still open."));
    until("it was asked again", || stage.find(".note.outdated").is_some()).await;
}

#[wasm_bindgen_test]
async fn a_reply_can_be_taken_back_while_it_waits() {
    let server = Server::install();
    let waiting = [message(1, "team", "Hello", 30), queued(2, "Too early")];
    server.answer(&ticket_line("GET", ""), 200, ticket("working", &waiting).to_string());
    let stage = pane().await;
    until("it counts down", || stage.says("Sending in")).await;
    server.answer(&ticket_line("DELETE", "/replies/"), 204, "");
    server.answer(&ticket_line("GET", ""), 200, ticket("working", &waiting[..1]).to_string());
    stage.press("Undo");
    until("it is gone", || stage.all(".message").len() == 1).await;
    let path = format!("/replies/{}", message_id(2));
    assert_eq!(server.calls(&ticket_line("DELETE", &path)).len(), 1);
}

#[wasm_bindgen_test]
async fn a_reply_that_has_left_cannot_be_taken_back() {
    let server = Server::install();
    server.answer(&ticket_line("GET", ""), 200, ticket("working", &[queued(2, "Gone")]).to_string());
    let stage = pane().await;
    until("it counts down", || stage.says("Sending in")).await;
    server.problem(&ticket_line("DELETE", "/replies/"), 409, "in_progress");
    stage.press("Undo");
    until("it says so", || stage.says("It has just left.")).await;
    assert_eq!(stage.all(".message").len(), 1);
}

#[wasm_bindgen_test]
async fn a_message_that_failed_says_why() {
    let server = Server::install();
    let mut failed = message(2, "you", "Lost?", 3);
    failed["delivery"] = json!({ "state": "failed", "reason": "helpdesk_unavailable" });
    server.answer(&ticket_line("GET", ""), 200, ticket("working", &[failed]).to_string());
    let stage = pane().await;
    until("it says so", || stage.says("Not sent: the team’s systems cannot be reached")).await;
}

#[wasm_bindgen_test]
async fn a_message_that_failed_is_written_again_before_what_is_written() {
    let server = Server::install();
    let mut failed = message(77, "you", "One.", 3);
    failed["body"] = json!([{ "paragraph": [{ "text": "One." }] }, { "paragraph": [{ "text": "Two." }] }]);
    failed["delivery"] = json!({ "state": "failed", "reason": "not_found" });
    server.answer(&ticket_line("GET", ""), 200, ticket("working", &[failed]).to_string());
    let stage = pane().await;
    until("both are there", || stage.find("#reply-body").is_some() && stage.button("Write it again").is_some()).await;
    stage.type_into("#reply-body", "Three.");
    crate::stage::settle().await;
    stage.press("Write it again");
    until("it stands in the box", || stage.value_of("#reply-body") == "One.\n\nTwo.\n\nThree.").await;
    stage.press("Write it again");
    crate::stage::settle().await;
    assert_eq!(stage.value_of("#reply-body"), "One.\n\nTwo.\n\nThree.");
}

#[wasm_bindgen_test]
async fn a_ticket_that_failed_is_not_on_its_way() {
    let server = Server::install();
    let mut first = message(1, "you", "Lost?", 3);
    first["delivery"] = json!({ "state": "failed", "reason": "too_large" });
    let mut failed = ticket("received", &[first]);
    failed["delivery"] = json!({ "state": "failed", "reason": "too_large" });
    failed.as_object_mut().unwrap().remove("number");
    server.answer(&ticket_line("GET", ""), 200, failed.to_string());
    let stage = pane().await;
    until("it says so", || stage.find(".thread-head .note.failed").is_some()).await;
    let note = stage.find(".thread-head .note.failed").unwrap().text_content().unwrap();
    assert!(note.contains("Not sent: it is too large") && note.contains("Write it again"), "{note}");
    assert!(!stage.says("on its way") && !stage.says("not numbered yet"));
    assert!(stage.find(".thread-head .number").unwrap().text_content().unwrap().contains("Not delivered"));
}

#[wasm_bindgen_test]
async fn a_file_that_cannot_be_fetched_is_named() {
    let server = Server::install();
    let mut with_file = message(2, "team", "See this.", 3);
    let id = crate::fixtures::attachment_id().to_string();
    with_file["attachments"] =
        json!([{ "id": id, "name": "fills.csv", "media_type": "text/csv", "size": 14_000, "inline": false }]);
    server.answer(&ticket_line("GET", ""), 200, ticket("working", &[with_file]).to_string());
    server.problem(&ticket_line("GET", "/attachments/"), 404, "not_found");
    let stage = pane().await;
    until("the file is listed", || stage.find(".attachment").is_some()).await;
    assert!(stage.find(".attachment").unwrap().text_content().unwrap().starts_with("Download fills.csv"));
    stage.find(".attachment").unwrap().click();
    until("it says so, and why", || stage.says("fills.csv could not be downloaded. We could not find that.")).await;
}
