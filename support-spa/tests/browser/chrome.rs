//! What stands around every page.

use js_sys::{Function, Reflect};
use leptos::prelude::*;
use support_spa::browser::{document, focus, window};
use support_spa::features::chrome::{Bar, UpdateNote};
use support_spa::features::drafts::{self, Place, Record};
use support_spa::features::list::TicketStore;
use support_spa::router::{ListPlace, Page, Router};
use support_spa::session::{Session, State};
use support_spa::ui::{Announcer, LiveRegions, ToastShelf, Toasts};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixtures::{account, page, summary};
use crate::stage::{Server, Stage, mount, settle, signed_in, until};

async fn bar() -> (Stage, Router, Session) {
    let server = Server::install();
    server.answer("GET /api/v1/support/tickets", 200, page(&[summary(7, "One", "working")], [0, 1, 0, 0], None));
    server.answer("DELETE /api/v1/auth/session", 204, "");
    let session = signed_in().await;
    let handed = StoredValue::new(None);
    let stage = mount(move || {
        let router = Router::at(Page::Tickets(ListPlace::default()));
        let announcer = Announcer::default();
        provide_context(session);
        provide_context(router);
        provide_context(announcer);
        provide_context(Toasts::new(announcer));
        let tickets = TicketStore::new(router, session);
        provide_context(tickets);
        handed.set_value(Some(router));
        view! {
            <Bar tickets=tickets/>
            <ToastShelf/>
            <LiveRegions/>
        }
    });
    settle().await;
    (stage, handed.get_value().unwrap(), session)
}

fn is_open(stage: &Stage) -> bool {
    stage.find("#account-menu").is_some()
}

#[wasm_bindgen_test]
async fn the_menu_closes_by_escape_by_a_press_beside_it_and_by_going_somewhere() {
    let (stage, router, _) = bar().await;
    let opener = stage.find("#account-button").unwrap();
    opener.click();
    until("it is open", || is_open(&stage)).await;
    assert!(stage.says("Signed in as Dana Moreno"));
    assert_eq!(opener.get_attribute("aria-expanded").as_deref(), Some("true"));
    let _ = stage.find("#account-menu a").unwrap().focus();
    stage.key("#account-menu a", "Escape", false);
    until("it is closed", || !is_open(&stage)).await;
    assert_eq!(focus::current().map(|element| element.id()).as_deref(), Some("account-button"));

    opener.click();
    until("it is open", || is_open(&stage)).await;
    let init = web_sys::EventInit::new();
    init.set_bubbles(true);
    let press = web_sys::Event::new_with_event_init_dict("pointerdown", &init).unwrap();
    document().unwrap().body().unwrap().dispatch_event(&press).unwrap();
    until("it is closed", || !is_open(&stage)).await;

    opener.click();
    until("it is open", || is_open(&stage)).await;
    router.go(Page::Settings);
    until("it is closed", || !is_open(&stage)).await;
    router.replace(Page::Tickets(ListPlace::default()));
}

#[wasm_bindgen_test]
async fn signing_out_asks_when_there_are_drafts() {
    let (stage, _, session) = bar().await;
    let draft = Record { body: "Half a thought".into(), saved_at: support_spa::browser::now(), ..Record::new() };
    drafts::save(account(), Place::NewTicket, &draft).await;
    stage.find("#account-button").unwrap().click();
    until("it is open", || stage.button("Sign out").is_some()).await;
    stage.press("Sign out");
    until("it asks", || stage.says("1 draft on this device has not been sent.")).await;
    stage.press("Cancel");
    until("it is closed", || stage.find("dialog").is_none()).await;
    assert!(untrack(|| session.is_active()));
    stage.press("Sign out");
    until("it asks again", || stage.find("dialog .danger").is_some()).await;
    stage.find("dialog .danger").unwrap().click();
    until("it is over", || untrack(|| session.state()) == State::SignedOut).await;
    until("nothing is left", || stage.says("signed out")).await;
    assert_eq!(drafts::count(account()).await, 0);
}

#[wasm_bindgen_test]
async fn without_drafts_signing_out_asks_nothing() {
    let (stage, _, session) = bar().await;
    stage.find("#account-button").unwrap().click();
    until("it is open", || stage.button("Sign out").is_some()).await;
    stage.press("Sign out");
    until("it is over", || untrack(|| session.state()) == State::SignedOut).await;
}

#[wasm_bindgen_test]
async fn a_search_goes_into_the_address_once_typing_pauses() {
    let (stage, router, _) = bar().await;
    stage.type_into("input[type=search]", "spy");
    assert_eq!(router.page_untracked(), Page::Tickets(ListPlace::default()));
    let query = || match router.page_untracked() {
        Page::Tickets(place) => place.query.map(shared::Line::into_string),
        _ => None,
    };
    until("it is there", || query().as_deref() == Some("spy")).await;
    stage.press("Clear the search");
    until("it is gone", || query().is_none()).await;
    until("nothing is searched for", || stage.value_of("input[type=search]").is_empty()).await;
    // A slash leads there, unless somebody is writing.
    let _ = stage.find("#account-button").unwrap().focus();
    stage.key("#account-button", "/", false);
    assert_eq!(focus::current().map(|it| it.tag_name()).as_deref(), Some("INPUT"));
}

#[wasm_bindgen_test]
async fn a_newer_release_is_pointed_out_and_reloads_nothing_by_itself() {
    let server = Server::install();
    let ours = document().unwrap().create_element("script").unwrap();
    ours.set_attribute("type", "text/plain").unwrap();
    ours.set_attribute("src", "/assets/portal-0123456789ab.js").unwrap();
    document().unwrap().head().unwrap().append_child(&ours).unwrap();
    // The look every ten minutes is had when the test says so.
    let catch = "window.wasInterval = window.setInterval; \
        window.setInterval = (run, pause) => { window.look = run; return 0; };";
    Function::new_no_args(catch).call0(&window().unwrap()).unwrap();
    let stage = mount(|| view! { <UpdateNote/> });
    let back = "window.setInterval = window.wasInterval;";
    Function::new_no_args(back).call0(&window().unwrap()).unwrap();
    let look = || {
        let look: Function = Reflect::get(&window().unwrap(), &"look".into()).unwrap().into();
        look.call0(&window().unwrap()).unwrap();
    };
    let page = |name: &str| format!(r#"<script src="/assets/portal-{name}.js"></script>"#);
    for same in [page("0123456789ab"), "<h1>Something that is in between</h1>".to_owned()] {
        server.answer("GET /sign-in", 200, same);
        let asked = server.calls("GET /sign-in").len();
        look();
        until("it has asked", || server.calls("GET /sign-in").len() > asked).await;
        settle().await;
        assert!(stage.find(".banner").is_none());
    }
    server.problem("GET /sign-in", 503, "maintenance");
    look();
    settle().await;
    assert!(stage.find(".banner").is_none());
    server.answer("GET /sign-in", 200, page("ba9876543210"));
    look();
    until("it says so", || stage.says("A new version is ready.")).await;
    stage.press("Later");
    until("it is gone", || stage.find(".banner").is_none()).await;
    ours.remove();
}
