//! How well a ticket was handled.

use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixtures::{ago, message, ticket, ticket_line};
use crate::stage::{Server, Stage, settle, until};
use crate::thread::pane;

async fn resolved(server: &Server) -> Stage {
    server.answer(&ticket_line("GET", ""), 200, ticket("resolved", &[message(1, "you", "one", 30)]).to_string());
    let stage = pane().await;
    until("it is asked for", || stage.says("How did we do?")).await;
    stage
}

fn given(score: &str) -> String {
    json!({ "score": score, "comment": "Quick.", "rated_at": ago(0) }).to_string()
}

#[wasm_bindgen_test]
async fn a_rating_is_kept_and_can_be_changed() {
    let server = Server::install();
    let stage = resolved(&server).await;
    stage.press("Send rating");
    assert!(server.calls(&ticket_line("PUT", "/rating")).is_empty());
    server.answer(&ticket_line("PUT", "/rating"), 200, given("great"));
    stage.find("input[value=great]").unwrap().click();
    stage.type_into(".rating textarea", "Quick.");
    stage.press("Send rating");
    until("it is shown", || stage.says("Your rating: Great")).await;
    assert_eq!(server.calls(&ticket_line("PUT", "/rating"))[0].body, r#"{"score":"great","comment":"Quick."}"#);
    stage.press("Change");
    until("it can be changed", || stage.button("Send rating").is_some()).await;
    assert_eq!(stage.value_of(".rating textarea"), "Quick.");
}

#[wasm_bindgen_test]
async fn one_that_does_not_arrive_says_why_keeps_what_was_filled_in_and_can_be_sent_again() {
    const RATE: &str = "PUT /api/v1/support/tickets/";
    let server = Server::install();
    let stage = resolved(&server).await;
    stage.find("input[value=great]").unwrap().click();
    stage.type_into(".rating textarea", "Quick.");
    let lost: [(&dyn Fn(), &str); 3] = [
        (&|| server.lose_connection(RATE), "We could not reach Raxx Support."),
        (&|| server.problem(RATE, 500, "internal"), "Something went wrong on our side."),
        (
            &|| server.answer_with(RATE, 429, crate::fixtures::problem("rate_limited", 429), ("retry-after", "7")),
            "in 7 seconds",
        ),
    ];
    for (meets, words) in lost {
        meets();
        stage.press("Send rating");
        until(words, || {
            stage.find(".rating .note.failed").is_some_and(|it| it.text_content().unwrap().contains(words))
        })
        .await;
        assert_eq!(stage.value_of(".rating textarea"), "Quick.");
        until("it can be sent again", || stage.button("Send rating").is_some()).await;
    }
    server.answer(RATE, 200, given("great"));
    stage.press("Send rating");
    until("it is shown", || stage.says("Your rating: Great")).await;
    assert!(stage.find(".rating .note.failed").is_none());
}

#[wasm_bindgen_test]
async fn it_is_sent_once_however_often_it_is_pressed() {
    let server = Server::install();
    server.hang(&ticket_line("PUT", "/rating"));
    let stage = resolved(&server).await;
    stage.find("input[value=great]").unwrap().click();
    stage.press("Send rating");
    until("it is on its way", || stage.find(".rating button[aria-busy=true]").is_some()).await;
    stage.find(".rating button[type=submit]").unwrap().click();
    settle().await;
    assert_eq!(server.calls(&ticket_line("PUT", "/rating")).len(), 1);
}
