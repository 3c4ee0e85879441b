//! What is the customer's: as a file, on paper, and on this device.

use leptos::prelude::*;
use serde_json::{Value, json};
use support_spa::features::drafts::{self, Place, Record};
use support_spa::features::my_data::MyDataPage;
use support_spa::features::offline::seen;
use support_spa::router::{Page, Router};
use support_spa::ui::{Announcer, LiveRegions, ToastShelf, Toasts};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixtures::{account, ago, message, ticket, ticket_id};
use crate::stage::{Server, Stage, mount, signed_in, until};

const EXPORT: &str = "GET /api/v1/support/export";

fn export() -> Value {
    let whole = ticket("resolved", &[message(1, "you", "It fired twice.", 90), message(2, "team", "Mended.", 30)]);
    let mut kept = json!({ "rating": { "score": "great", "comment": "Quick." , "rated_at": ago(5) } });
    for name in ["id", "number", "subject", "status", "created_at", "fields", "participants", "messages"] {
        kept[name] = whole[name].clone();
    }
    json!({
        "generated_at": ago(0),
        "customer": { "id": account().to_string(), "name": "Dana Moreno", "email": "dana@example.org" },
        "tickets": [kept],
        "truncated": true,
    })
}

fn page() -> Stage {
    let session = crate::stage::fresh_session();
    mount(move || {
        let announcer = Announcer::default();
        provide_context(session);
        provide_context(announcer);
        provide_context(Toasts::new(announcer));
        provide_context(Router::at(Page::MyData));
        view! {
            <MyDataPage/>
            <ToastShelf/>
            <LiveRegions/>
        }
    })
}

#[wasm_bindgen_test]
async fn a_download_says_what_it_is_called_and_how_large_it_is() {
    let server = Server::install();
    server.answer(EXPORT, 200, export().to_string());
    signed_in().await;
    let stage = page();
    stage.press("Download as JSON");
    until("it is there", || stage.says("Your download is ready: raxx-support-")).await;
    until("it is said, too", || stage.find("[role=status]").unwrap().text_content().unwrap().contains("is ready"))
        .await;
    assert_eq!(server.calls(EXPORT).len(), 1);
}

#[wasm_bindgen_test]
async fn a_download_that_fails_says_why_and_can_be_tried_again() {
    let server = Server::install();
    server.problem(EXPORT, 503, "helpdesk_unavailable");
    signed_in().await;
    let stage = page();
    stage.press("Download as JSON");
    until("it says so", || stage.says("Your data could not be prepared.") && stage.says("R-7KQ2M-9XD4T")).await;
    server.answer(EXPORT, 200, export().to_string());
    stage.press("Download as JSON");
    until("it is there", || stage.says("Your download is ready") && stage.find(".note.failed").is_none()).await;
}

#[wasm_bindgen_test]
async fn the_printable_view_has_every_word() {
    let server = Server::install();
    server.problem(EXPORT, 500, "internal");
    signed_in().await;
    let stage = page();
    stage.press("Open the printable view");
    until("it failed", || stage.says("Your data could not be prepared.")).await;
    server.answer(EXPORT, 200, export().to_string());
    stage.press("Try again");
    until("it is there", || stage.find(".print-ticket").is_some()).await;
    for words in ["#1043", "Exit rule fired twice", "Broker: Example", "It fired twice.", "Mended.", "Maya", "Quick."] {
        assert!(stage.says(words), "{words}");
    }
    assert!(stage.says("The oldest tickets are missing"));
    stage.press("Back to My data");
    until("the page is there again", || stage.button("Download as JSON").is_some()).await;
}

#[wasm_bindgen_test]
async fn what_is_kept_on_the_device_is_counted_and_deleted_only_after_asking() {
    Server::install();
    signed_in().await;
    let place = Place::Reply(ticket_id());
    let draft = Record { body: "Half a thought".into(), saved_at: support_spa::browser::now(), ..Record::new() };
    drafts::save(account(), place, &draft).await;
    let path = shared::endpoints::tickets::TicketPath { ticket_id: ticket_id() };
    seen::write::<shared::endpoints::tickets::GetTicket>(account(), &path, &Default::default(), b"{}").await;
    let stage = page();
    until("both are counted", || stage.says("1 draft") && stage.says("1 ticket for reading offline")).await;
    stage.press("Delete from this device");
    until("it asks", || stage.says("Delete drafts and last-seen tickets?")).await;
    stage.press("Cancel");
    until("it is closed", || stage.find("dialog").is_none()).await;
    assert_eq!(drafts::count(account()).await, 1);
    stage.press("Delete from this device");
    until("it asks", || stage.button("Delete").is_some()).await;
    stage.press("Delete");
    until("nothing is there", || stage.says("No drafts and no tickets are kept on this device.")).await;
    assert_eq!((drafts::count(account()).await, seen::kept(account()).await.tickets), (0, 0));
}
