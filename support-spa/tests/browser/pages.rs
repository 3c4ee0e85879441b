//! What stands where: the list beside a ticket, who may be where, and what a form looks like while it is on its way.

use std::cell::Cell;

use leptos::prelude::*;
use support_spa::features::desk::Desk;
use support_spa::features::guard;
use support_spa::features::list::TicketStore;
use support_spa::features::thread::ThreadStore;
use support_spa::parts::{Later, Loader, Loaders, Lost, Parts};
use support_spa::router::{ListPlace, Page, Router};
use support_spa::session::Session;
use support_spa::ui::{Announcer, LiveRegions, ToastShelf, Toasts};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixtures::{message, page, queued, summary, ticket, ticket_id, ticket_line};
use crate::parts::{all_there, loaders};
use crate::stage::{Server, Stage, mount, settle, signed_in, until};

const LIST: &str = "GET /api/v1/support/tickets?";

fn server() -> Server {
    let server = Server::install();
    server.answer(&ticket_line("PUT", "/read"), 204, "");
    let mut shown = ticket("working", &[message(1, "you", "It fired twice.", 90), message(2, "team", "Which?", 30)]);
    shown["participants"] = serde_json::json!(["Sam", "Kim"]);
    server.answer(&ticket_line("GET", ""), 200, shown.to_string());
    server.answer(LIST, 200, page(&[summary(1043, "Exit rule fired twice", "working")], [0, 1, 0, 0], None));
    server.answer("GET /api/v1/support/topics", 200, r#"{"items":[]}"#);
    server
}

/// A desk at a page.
async fn desk(at: Page, parts: fn() -> Parts) -> (Stage, Router) {
    let session = signed_in().await;
    let handed = StoredValue::new(None);
    let stage = mount(move || {
        let router = Router::at(at);
        let announcer = Announcer::default();
        provide_context(session);
        provide_context(router);
        provide_context(announcer);
        provide_context(Toasts::new(announcer));
        provide_context(parts());
        let tickets = TicketStore::new(router, session);
        provide_context(tickets);
        handed.set_value(Some(router));
        view! {
            <Desk tickets=tickets/>
            <ToastShelf/>
            <LiveRegions/>
        }
    });
    (stage, handed.get_value().unwrap())
}

fn pane(stage: &Stage) -> String {
    stage.find(".desk").and_then(|desk| desk.get_attribute("data-pane")).unwrap_or_default()
}

#[wasm_bindgen_test]
async fn the_list_stays_while_what_is_beside_it_changes() {
    let _server = server();
    let (stage, router) = desk(Page::Tickets(ListPlace::default()), all_there).await;
    until("the list is there", || stage.all(".row").len() == 1).await;
    assert_eq!(pane(&stage), "list");
    assert!(stage.says("Choose a ticket"));
    let row = stage.find(".row").unwrap();
    router.go(Page::Ticket(ticket_id()));
    until("the ticket is there", || stage.all(".message").len() == 2 && pane(&stage) == "ticket").await;
    assert!(row.is_connected());
    router.go(Page::NewTicket);
    until("the form is there", || stage.find("#subject").is_some() && pane(&stage) == "new").await;
    router.go(Page::Tickets(ListPlace::default()));
    until("the list is alone", || pane(&stage) == "list" && stage.find("#subject").is_none()).await;
    assert!(row.is_connected());
}

#[wasm_bindgen_test]
async fn a_ticket_tells_what_was_filled_in_and_who_takes_part() {
    let _server = server();
    let (stage, _) = desk(Page::Ticket(ticket_id()), all_there).await;
    until("the ticket is there", || stage.find("details.details").is_some()).await;
    let details = stage.find("details.details").unwrap().text_content().unwrap();
    for words in ["Broker", "Example", "Participants", "Sam", "Kim"] {
        assert!(details.contains(words), "{words}: {details}");
    }
}

#[wasm_bindgen_test]
async fn an_order_goes_into_the_address() {
    let server = server();
    let (stage, router) = desk(Page::Tickets(ListPlace::default()), all_there).await;
    until("the list is there", || stage.all(".row").len() == 1).await;
    let select = stage.find(".sort select").unwrap();
    js_sys::Reflect::set(&select, &"value".into(), &"oldest".into()).unwrap();
    select.dispatch_event(&web_sys::Event::new("change").unwrap()).unwrap();
    let is_sorted = || router.page_untracked().address().contains("sort=oldest");
    until("it is in the address", is_sorted).await;
    until("it was asked for", || server.calls(LIST).iter().any(|call| call.line.contains("sort=oldest"))).await;
}

thread_local! {
    static COMES: Cell<bool> = const { Cell::new(false) };
}

fn load() -> Later<()> {
    Box::pin(async {
        settle().await;
        if COMES.get() { Ok(()) } else { Err(Lost) }
    })
}

/// The box that one answers in comes when the test says so.
fn without_reply() -> Parts {
    let call = |store: ThreadStore| (loaders().reply.call)(store);
    Parts::follow(Loaders { reply: Loader { load, call }, ..loaders() })
}

#[wasm_bindgen_test]
async fn a_form_that_does_not_come_says_so_and_the_thread_stays() {
    let _server = server();
    let (stage, _) = desk(Page::Ticket(ticket_id()), without_reply).await;
    until("it says so", || stage.says("This form did not load.")).await;
    assert_eq!(stage.all(".message").len(), 2);
    COMES.set(true);
    stage.press("Try again");
    until("it has come", || stage.find("#reply-body").is_some()).await;
}

#[wasm_bindgen_test]
async fn light_markdown_is_shown_as_it_will_look_and_the_box_grows() {
    let server = server();
    server.answer(&ticket_line("POST", "/replies"), 201, queued(9, "x").to_string());
    let (stage, _) = desk(Page::Ticket(ticket_id()), all_there).await;
    until("there is a box", || stage.find("#reply-body").is_some()).await;
    let rows = || stage.find("#reply-body").unwrap().get_attribute("rows").unwrap().parse::<u32>().unwrap();
    let before = rows();
    stage.type_into("#reply-body", "plain words");
    settle().await;
    assert!(stage.find(".preview").is_none());
    stage.type_into("#reply-body", "It is **urgent**:\n\n- one\n- two\n- three\n\n`code`");
    until("it is shown", || stage.find(".preview strong").is_some() && stage.all(".preview li").len() == 3).await;
    assert!(stage.find(".preview code").is_some());
    assert!(rows() > before);
}

#[wasm_bindgen_test]
async fn whoever_is_not_signed_in_is_led_to_signing_in_and_back() {
    let session = Session::new();
    let handed = StoredValue::new(None);
    let _stage = mount(move || {
        let router = Router::at(Page::Settings);
        guard::keep(router, session);
        handed.set_value(Some(router));
    });
    let router: Router = handed.get_value().unwrap();
    let next = Page::SignIn { next: Some("/settings".to_owned()) };
    until("they are led there", || router.page_untracked() == next).await;
    session.begin(crate::fixtures::session());
    until("they are led back", || router.page_untracked() == Page::Settings).await;
    session.forget();
    until("they have finished", || router.page_untracked() == Page::SignIn { next: None }).await;
}

#[wasm_bindgen_test]
async fn until_somebody_answers_it_is_said_where_the_answer_will_be() {
    const AWAITING: &str = "The first answer will appear here.";
    let server = Server::install();
    let asked = message(1, "you", "It fired twice.", 30);
    for (status, thread, is_said) in [
        ("received", vec![asked.clone()], true),
        ("received", vec![asked.clone(), queued(2, "One more thing.")], false),
        ("working", vec![asked.clone(), message(2, "team", "Which account?", 3)], false),
        ("resolved", vec![asked.clone()], false),
    ] {
        server.answer(&ticket_line("GET", ""), 200, ticket(status, &thread).to_string());
        let stage = crate::thread::pane().await;
        until("the thread is there", || stage.all(".message").len() == thread.len()).await;
        crate::stage::settle().await;
        assert_eq!(stage.says(AWAITING), is_said, "{status}, {}", thread.len());
    }
}
