//! Pictures of a message, and one of them in full.

use serde_json::{Value, json};
use support_spa::browser::focus;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixtures::{attachment_id, message, ticket, ticket_line};
use crate::stage::{Server, until};
use crate::thread::pane;

/// The smallest picture that there is.
const GIF: &str = "GIF89a\u{1}\0\u{1}\0\0\0\0;";

fn with_picture() -> Value {
    let mut shown = message(1, "team", "See here.", 5);
    shown["attachments"] = json!([{
        "id": attachment_id().to_string(), "name": "fills.gif", "media_type": "image/gif", "size": 14, "inline": false,
    }]);
    ticket("working", &[shown])
}

fn line() -> String {
    ticket_line("GET", &format!("/attachments/{}", attachment_id()))
}

#[wasm_bindgen_test]
async fn one_is_shown_in_full_and_the_focus_comes_back() {
    let server = Server::install();
    server.answer(&ticket_line("GET", ""), 200, with_picture().to_string());
    server.answer(&line(), 200, GIF);
    let stage = pane().await;
    until("it is there", || stage.find("button.picture img").is_some()).await;
    assert_eq!(server.calls(&line())[0].authorization.as_deref(), Some("Bearer token-one"));
    let opener = stage.find("button.picture").unwrap();
    assert!(opener.get_attribute("aria-label").unwrap().contains("fills.gif"));
    let _ = opener.focus();
    opener.click();
    until("it is shown", || stage.find("dialog[open] img").is_some()).await;
    let shown = stage.find("dialog[open] img").unwrap();
    assert_eq!(shown.get_attribute("alt").as_deref(), Some("fills.gif"));
    assert!(shown.get_attribute("src").unwrap().starts_with("blob:"));
    stage.press("Close the image");
    until("it is closed", || stage.find("dialog").is_none()).await;
    until("the focus is back", || focus::current().as_deref() == Some(opener.as_ref())).await;
}

#[wasm_bindgen_test]
async fn one_that_does_not_come_says_so_and_can_be_tried_again() {
    let server = Server::install();
    server.answer(&ticket_line("GET", ""), 200, with_picture().to_string());
    server.problem(&line(), 503, "helpdesk_unavailable");
    let stage = pane().await;
    until("it says so", || stage.says("The image could not be loaded.")).await;
    server.answer(&line(), 200, GIF);
    stage.press("Try again");
    until("it is there", || stage.find("button.picture img").is_some()).await;
}
