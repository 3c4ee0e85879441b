//! Where a thread opens, what happens to that when messages come, and the links to messages.

use js_sys::{Function, Reflect};
use serde_json::Value;
use support_spa::browser::{document, root, window};
use support_spa::features::live::Live;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixtures::{ago, message, message_id, ticket, ticket_id, ticket_line};
use crate::stage::{Address, Server, Stage, settle, signed_in, until};
use crate::thread::{mount_pane, mount_pane_with, pane};

const LONG: &str = "One line after the other, so that a thread of many messages is higher than any window is. ";

fn many(numbers: std::ops::Range<u128>) -> Vec<Value> {
    let minutes = |number: u128| 3_000 - i64::try_from(number).unwrap();
    numbers.map(|number| message(number, "team", &LONG.repeat(8), minutes(number))).collect()
}

async fn server(thread: &[Value]) -> Server {
    // Of the style sheet, what the place depends on.
    let script = "const sheet = new CSSStyleSheet(); document.adoptedStyleSheets = [sheet]; \
                  sheet.replaceSync('.thread:not([data-elsewhere]) { overflow-anchor: none; }');";
    Function::new_no_args(script).call0(&JsValue::NULL).unwrap();
    // Where the test before left the page.
    scroll_to(0.0).await;
    let server = Server::install();
    server.answer(&ticket_line("PUT", "/read"), 204, "");
    server.answer(&ticket_line("GET", ""), 200, ticket("working", thread).to_string());
    server
}

fn height() -> f64 {
    window().unwrap().scroll_y().unwrap()
}

fn below() -> f64 {
    let root = root().unwrap();
    f64::from(root.scroll_height() - root.client_height()) - height()
}

fn top(stage: &Stage, selector: &str) -> f64 {
    stage.find(selector).unwrap().get_bounding_client_rect().top()
}

/// Scrolls as a hand does: the page hears of it.
async fn scroll_to(height: f64) {
    window().unwrap().scroll_to_with_x_and_y(0.0, height);
    support_spa::browser::timer::sleep(60).await;
}

async fn all_there(stage: &Stage, count: usize) {
    until("the thread is there", || stage.all(".message").len() == count).await;
    until("it is drawn", || stage.find("ol[aria-busy]").is_none()).await;
}

/// A thread of 39 messages that are all there, and what brings it news.
async fn opened_at_its_end() -> (Stage, Live) {
    let live = Live::default();
    let stage = mount_pane_with(signed_in().await, live);
    all_there(&stage, 39).await;
    until("its end is in view", || below() < 96.0 && height() > 500.0).await;
    (stage, live)
}

#[wasm_bindgen_test]
async fn a_thread_opens_at_its_end_and_stays_there_when_an_answer_comes() {
    let server = server(&many(1..40)).await;
    let (stage, live) = opened_at_its_end().await;
    server.answer(&ticket_line("GET", ""), 200, ticket("working", &many(1..42)).to_string());
    live.check_now();
    all_there(&stage, 41).await;
    until("its end is in view again", || below() < 96.0).await;
}

#[wasm_bindgen_test]
async fn whoever_reads_elsewhere_stays_where_they_are() {
    let server = server(&many(1..40)).await;
    let (stage, live) = opened_at_its_end().await;
    scroll_to(300.0).await;
    server.answer(&ticket_line("GET", ""), 200, ticket("working", &many(1..42)).to_string());
    live.check_now();
    all_there(&stage, 41).await;
    settle().await;
    assert!((height() - 300.0).abs() < 2.0, "{}", height());
}

#[wasm_bindgen_test]
async fn a_thread_with_news_opens_at_the_first_of_them() {
    let server = server(&[]).await;
    let mut unread = ticket("working", &many(1..40));
    unread["read_up_to"] = ago(3_000 - 10).into();
    server.answer(&ticket_line("GET", ""), 200, unread.to_string());
    let stage = pane().await;
    all_there(&stage, 39).await;
    until("what is new is at the top", || {
        stage.find(".new-divider").is_some() && top(&stage, ".new-divider").abs() < 40.0
    })
    .await;
    assert!(below() > 500.0);
}

#[wasm_bindgen_test]
async fn older_messages_come_in_above_and_nothing_in_view_moves() {
    let server = server(&[]).await;
    let mut last = ticket("working", &many(20..40));
    last["older_cursor"] = "c1".into();
    last["message_count"] = 39.into();
    server.answer(&ticket_line("GET", ""), 200, last.to_string());
    let stage = pane().await;
    all_there(&stage, 20).await;
    until("its end is in view", || below() < 96.0 && height() > 500.0).await;
    scroll_to(0.0).await;
    let first = message_id(20).to_string();
    let here = || top(&stage, &["[id=\"", &first, "\"]"].concat());
    let before = here();
    let mut older = ticket("working", &many(1..20));
    older["message_count"] = 39.into();
    server.answer(&ticket_line("GET", "?before="), 200, older.to_string());
    stage.press("Show older messages");
    all_there(&stage, 39).await;
    until("it stands where it stood", || (here() - before).abs() < 2.0).await;
    // With the last page the button is gone; the focus goes to the message that was first.
    until("the focus is there", || document().unwrap().active_element().is_some_and(|it| it.id() == first)).await;
}

/// The clipboard takes a text, or does not.
fn clipboard(takes: bool) {
    let script = format!(
        "Object.defineProperty(navigator, 'clipboard', {{ configurable: true, value: {{ writeText: async (text) => {{ \
           if (!{takes}) throw new DOMException('no', 'NotAllowedError'); window.copied = text; }} }} }});"
    );
    Function::new_no_args(&script).call0(&JsValue::NULL).unwrap();
}

fn copied() -> Option<String> {
    Reflect::get(&window().unwrap(), &"copied".into()).unwrap().as_string()
}

/// Follows the link to a message, as a mouse does.
fn follow(stage: &Stage, id: &str) {
    let selector = ["[id=\"", id, "\"] .permalink"].concat();
    stage.find(&selector).unwrap().click();
}

#[wasm_bindgen_test]
async fn the_link_to_a_message_is_copied_shown_in_the_address_and_leads_there() {
    let _address = Address::here();
    let _server = server(&many(1..40)).await;
    clipboard(true);
    let stage = pane().await;
    all_there(&stage, 39).await;
    let id = message_id(7).to_string();
    follow(&stage, &id);
    until("it says so", || stage.says("Copied")).await;
    let address = ["/tickets/", &ticket_id().to_string(), "#", &id].concat();
    assert!(copied().unwrap().ends_with(&address) && copied().unwrap().starts_with("http"));
    assert!(window().unwrap().location().href().unwrap().ends_with(&address));
    until("it has the focus", || document().unwrap().active_element().is_some_and(|it| it.id() == id)).await;
    let is_in_view = || {
        (0.0..window().unwrap().inner_height().unwrap().as_f64().unwrap())
            .contains(&top(&stage, &["[id=\"", &id, "\"]"].concat()))
    };
    until("it is in view", is_in_view).await;
}

#[wasm_bindgen_test]
async fn what_cannot_be_copied_says_so() {
    let _address = Address::here();
    let _server = server(&many(1..3)).await;
    clipboard(false);
    let stage = pane().await;
    all_there(&stage, 2).await;
    follow(&stage, &message_id(1).to_string());
    until("it says so", || stage.says("Your browser did not allow copying.")).await;
}

#[wasm_bindgen_test]
async fn a_copied_code_block_is_the_code_and_nothing_else() {
    clipboard(true);
    let mut with_code = message(1, "team", "Look:", 9);
    with_code["body"] = serde_json::json!([{ "code": { "text": "let a = 1;\nlet b = \"<i>\";" } }]);
    let _server = server(&[with_code]).await;
    let stage = mount_pane(signed_in().await);
    all_there(&stage, 1).await;
    stage.find(".code-block button").unwrap().dyn_into::<web_sys::HtmlElement>().unwrap().click();
    until("it is copied", || copied().as_deref() == Some("let a = 1;\nlet b = \"<i>\";")).await;
}
