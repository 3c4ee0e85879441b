//! Without a connection, and when it is back.

use js_sys::{Function, Uint8Array};
use leptos::prelude::*;
use shared::endpoints::tickets::{ListQuery, ListTickets};
use support_spa::browser::database::{self, SAVED_AT, Store};
use support_spa::browser::{now, set_property, window};
use support_spa::features::drafts::{self, Place, Record};
use support_spa::features::list::TicketStore;
use support_spa::features::offline::{self, OfflineBanner, outbox, seen};
use support_spa::parts::Loader;
use support_spa::router::{ListPlace, Page, Router};
use support_spa::ui::{Announcer, LiveRegions, ToastShelf, Toasts};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixtures::{account, message, page};
use crate::stage::{Server, Stage, mount, settle, signed_in, until};

/// What the browser says of its connection, and that it has changed.
pub fn connect(is_online: bool) {
    let script = format!(
        "Object.defineProperty(navigator, 'onLine', {{ get: () => {is_online}, configurable: true }}); \
         window.dispatchEvent(new Event('{}'));",
        if is_online { "online" } else { "offline" }
    );
    Function::new_no_args(&script).call0(&window().unwrap()).unwrap();
}

async fn app() -> (Stage, Server) {
    let server = Server::install();
    server.answer("GET /api/v1/support/tickets", 200, page(&[], [0, 0, 0, 0], None));
    let session = signed_in().await;
    let stage = mount(move || {
        let router = Router::at(Page::Tickets(ListPlace::default()));
        let announcer = Announcer::default();
        let toasts = Toasts::new(announcer);
        provide_context(session);
        provide_context(announcer);
        provide_context(toasts);
        let tickets = TicketStore::new(router, session);
        let online = offline::follow();
        let sender: Loader<outbox::Waited, outbox::Sent> = Loader {
            load: || Box::pin(async { Ok(()) }),
            call: |waited| Box::pin(async { Ok(outbox::send(waited).await) }),
        };
        outbox::start(session, online, router, tickets, toasts, sender);
        view! {
            <OfflineBanner/>
            <ToastShelf/>
            <LiveRegions/>
        }
    });
    settle().await;
    (stage, server)
}

/// A reply that is to be sent by itself, since so many milliseconds.
async fn waits(ticket: u128, words: &str, since: i64) {
    let place = Place::Reply(shared::TicketId::from_bits(ticket));
    let record = Record { body: words.into(), saved_at: now(), waiting: Some(now() - since), ..Record::new() };
    assert!(drafts::save(account(), place, &record).await);
}

fn line(ticket: u128) -> String {
    format!("POST /api/v1/support/tickets/{}/replies", shared::TicketId::from_bits(ticket))
}

#[wasm_bindgen_test]
async fn it_is_said_when_the_connection_goes_and_when_it_is_back() {
    let (stage, _) = app().await;
    assert!(stage.find(".banner").is_none());
    connect(false);
    until("it is shown", || stage.find(".banner.offline").is_some()).await;
    let said = || stage.find("[role=status]").unwrap().text_content().unwrap();
    connect(true);
    until("it is gone", || stage.find(".banner").is_none()).await;
    until("it is said", || said().contains("You are online again.")).await;
}

#[wasm_bindgen_test]
async fn what_waits_is_counted_and_goes_by_itself_when_there_is_a_connection() {
    connect(false);
    let (stage, server) = app().await;
    server.answer(&line(1), 201, message(9, "you", "First", 0).to_string());
    waits(1, "First", 60_000).await;
    connect(true);
    connect(false);
    until("it is counted", || stage.says("1 message waits")).await;
    assert!(server.calls("POST").is_empty());
    connect(true);
    until("it has been sent", || stage.says("Your reply has been sent.")).await;
    assert_eq!(server.calls(&line(1)).len(), 1);
    assert_eq!(drafts::count(account()).await, 0);
}

#[wasm_bindgen_test]
async fn one_that_does_not_get_through_holds_no_other_up_and_is_told() {
    connect(false);
    let (stage, server) = app().await;
    server.problem(&line(1), 500, "internal");
    server.answer(&line(2), 201, message(9, "you", "Second", 0).to_string());
    waits(1, "First", 60_000).await;
    waits(2, "Second", 30_000).await;
    connect(true);
    until("the other has been sent", || server.calls(&line(2)).len() == 1).await;
    until("it is told", || stage.says("1 message could not be sent yet.")).await;
    until("it is said", || stage.find("[role=alert]").unwrap().text_content().unwrap().contains("1 message could not"))
        .await;
    let left = drafts::load_all(account()).await;
    assert_eq!(left.len(), 1);
    assert!(left[0].1.body == "First" && left[0].1.waiting.is_some() && left[0].1.was_tried());
}

#[wasm_bindgen_test]
async fn nothing_comes_back_to_the_device_after_signing_out() {
    let server = Server::install();
    server.answer("DELETE /api/v1/auth/session", 204, "");
    let session = signed_in().await;
    let (place, query) = (Place::Reply(shared::TicketId::from_bits(1)), ListQuery::default());
    let draft = Record { body: "Half a thought".into(), saved_at: now(), ..Record::new() };
    assert!(drafts::save(account(), place, &draft).await);
    session.end().await;
    // What was on its way is done only now.
    drafts::save(account(), place, &draft).await;
    drafts::remember_sent(account(), shared::MessageId::from_bits(3), &draft).await;
    seen::write::<ListTickets>(account(), &(), &query, page(&[], [1, 0, 0, 0], None).as_bytes()).await;
    for store in [Store::Drafts, Store::Seen] {
        let left = database::keys(store).await;
        assert!(left.iter().all(|key| !key.starts_with(&account().to_string())), "{left:?}");
    }
}

#[wasm_bindgen_test]
async fn what_one_customer_waits_to_send_does_not_go_as_anothers() {
    connect(false);
    let server = Server::install();
    let session = signed_in().await;
    let record = Record { body: "First".into(), saved_at: now(), waiting: Some(now()), ..Record::new() };
    let other = crate::fixtures::session_json(shared::CustomerId::from_bits(12), "token-two");
    session.begin(shared::ResponseBody::decode(other.as_bytes()).unwrap());
    let place = Place::Reply(shared::TicketId::from_bits(1));
    assert!(outbox::send((account(), place, record)).await.is_err());
    assert!(server.calls("POST").is_empty());
    connect(true);
}

#[wasm_bindgen_test]
async fn what_was_seen_is_forgotten_after_thirty_days() {
    signed_in().await;
    let query = ListQuery::default();
    let bytes = page(&[], [1, 0, 0, 0], None);
    seen::write::<ListTickets>(account(), &(), &query, bytes.as_bytes()).await;
    assert!(seen::read::<ListTickets>(account(), &(), &query).await.is_some());
    let key =
        database::keys(Store::Seen).await.into_iter().find(|key| key.starts_with(&account().to_string())).unwrap();
    let day = 24 * 60 * 60 * 1000;
    for (days, is_there) in [(29, true), (31, false)] {
        let value = database::get(Store::Seen, &key).await.unwrap();
        set_property(&value, SAVED_AT, &((now() - days * day) as f64).into());
        database::put(Store::Seen, &key, &value).await;
        assert_eq!(seen::read::<ListTickets>(account(), &(), &query).await.is_some(), is_there, "{days} days");
    }
    // What an older version kept without saying when goes, too.
    database::put(Store::Seen, "another", &Uint8Array::from(bytes.as_bytes())).await;
    seen::expire().await;
    let left = database::keys(Store::Seen).await;
    assert!(!left.contains(&key) && !left.contains(&"another".to_owned()));
}
