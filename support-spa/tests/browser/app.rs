//! The two programs as wholes: the portal, and the sign-in page that leads to it.

use leptos::prelude::*;
use support_spa::app::App;
use support_spa::browser::storage::{self, Area};
use support_spa::browser::{document, set_property, timer, window};
use support_spa::client;
use support_spa::entrance::Entrance;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::BroadcastChannel;

use crate::fixtures::{account, message, page, session_json, summary, ticket, ticket_line};
use crate::parts::loaders;
use crate::stage::{Address, Server, Stage, mount, settle, signed_in, until};

fn path() -> String {
    window().unwrap().location().pathname().unwrap()
}

fn server() -> Server {
    let server = Server::install();
    let known = [summary(1043, "Exit rule fired twice", "working")];
    server.answer("GET /api/v1/support/tickets?", 200, page(&known, [0, 1, 0, 0], None));
    server.answer(&ticket_line("GET", ""), 200, ticket("working", &[message(1, "you", "Hello", 90)]).to_string());
    server.answer("GET /api/v1/support/topics", 200, r#"{"items":[]}"#);
    server.answer("GET /api/v1/support/notices", 200, r#"{"items":[]}"#);
    server.hang("GET /api/v1/support/events");
    server
}

fn portal() -> Stage {
    mount(|| view! { <App loaders=loaders()/> })
}

/// What looks for messages that wait is done, before its page goes: the portal's own never does.
async fn leave(portal: Stage) {
    timer::sleep(2_000).await;
    drop(portal);
}

fn other_tab(word: &str) -> BroadcastChannel {
    let channel = BroadcastChannel::new("raxx-support").unwrap();
    channel.post_message(&word.into()).unwrap();
    channel
}

#[wasm_bindgen_test]
async fn an_address_leads_to_its_page_within_the_frame() {
    let _server = server();
    signed_in().await;
    for (address, heading, title) in [
        ("/tickets", "Your tickets", "Your tickets"),
        ("/tickets/new", "New ticket", "New ticket"),
        ("/settings", "Settings", "Settings"),
        ("/my-data", "My data", "My data"),
        ("/nowhere", "There is nothing here.", "Page not found"),
    ] {
        let _address = Address::at(address);
        let stage = portal();
        let is_there = || stage.find("h1").is_some_and(|it| it.text_content().is_some_and(|it| it.contains(heading)));
        until(heading, is_there).await;
        assert_eq!(path(), address);
        assert_eq!(stage.find("header.bar").is_some(), address != "/nowhere", "{address}");
        assert!(stage.find(".skip-link").is_some() && stage.find("#content").is_some(), "{address}");
        until("it has its title", || document().unwrap().title().starts_with(title)).await;
        leave(stage).await;
    }
}

#[wasm_bindgen_test]
async fn whoever_is_not_signed_in_is_asked_to_and_comes_back_to_their_page() {
    let server = server();
    signed_in().await;
    storage::remove(Area::Session, "raxx.session");
    client::set_token(None);
    let _address = Address::at("/settings");
    let stage = portal();
    until("it asks", || stage.button("Sign in with a passkey").is_some()).await;
    assert!(stage.find("header.bar").is_none());
    assert!(server.calls("GET /api/v1/support/tickets").is_empty());
    // Another tab has a session.
    let other = other_tab(&["have ", &session_json(account(), "token-shared")].concat());
    until("it is there", || stage.find("h1").is_some_and(|it| it.text_content().as_deref() == Some("Settings"))).await;
    leave(stage).await;
    other.close();
}

#[wasm_bindgen_test]
async fn a_session_that_is_renewed_leaves_the_page_and_one_of_somebody_else_does_not() {
    let server = server();
    let session = signed_in().await;
    let _address = Address::at("/tickets/new");
    let stage = portal();
    until("the form is there", || stage.find("#subject").is_some()).await;
    stage.type_into("#subject", "Half a thought");
    // The app has a session of its own; what it hears of this one, it hears as from another tab.
    session.begin(crate::fixtures::session());
    settle().await;
    assert_eq!(stage.value_of("#subject"), "Half a thought");
    let ends = other_tab("end");
    until("it asks to sign in", || stage.button("Sign in with a passkey").is_some()).await;
    assert!(stage.find("#subject").is_none());
    let asked = server.calls("GET /api/v1/support/tickets").len();
    let somebody_else = shared::CustomerId::from_bits(13);
    let have = other_tab(&["have ", &session_json(somebody_else, "token-else")].concat());
    until("their pages are there", || stage.find("header.bar").is_some()).await;
    until("their list was asked for", || server.calls("GET /api/v1/support/tickets").len() > asked).await;
    let last = server.calls("GET /api/v1/support/tickets").pop().unwrap();
    assert_eq!(last.authorization.as_deref(), Some("Bearer token-else"));
    assert!(!stage.says("Half a thought"));
    leave(stage).await;
    ends.close();
    have.close();
}

/// What the loader offers, with a portal that opens or does not.
fn loader(opens: bool) -> StoredValue<u32> {
    let opened = StoredValue::new(0);
    let open = Closure::<dyn Fn(JsValue) -> js_sys::Promise>::new(move |program: JsValue| {
        assert_eq!(program.as_string().as_deref(), Some("portal"));
        opened.update_value(|opened| *opened += 1);
        if opens { js_sys::Promise::resolve(&JsValue::NULL) } else { js_sys::Promise::reject(&JsValue::NULL) }
    });
    let raxx = js_sys::Object::new();
    set_property(&raxx, "open", open.as_ref());
    open.forget();
    set_property(window().unwrap().unchecked_ref(), "raxx", &raxx);
    opened
}

async fn entrance(opens: bool) -> (Stage, StoredValue<u32>, Address) {
    let _server = server();
    signed_in().await;
    storage::remove(Area::Session, "raxx.session");
    client::set_token(None);
    let opened = loader(opens);
    let address = Address::at("/sign-in");
    (mount(|| view! { <Entrance/> }), opened, address)
}

#[wasm_bindgen_test]
async fn the_sign_in_page_brings_the_portal_once_somebody_has_signed_in() {
    let (stage, opened, _address) = entrance(true).await;
    until("it is there", || stage.button("Sign in with a passkey").is_some()).await;
    settle().await;
    assert_eq!(opened.get_value(), 0);
    let other = other_tab(&["have ", &session_json(account(), "token-shared")].concat());
    until("the portal was brought", || opened.get_value() == 1).await;
    assert!(!stage.says("did not load"));
    other.close();
    set_property(window().unwrap().unchecked_ref(), "raxx", &JsValue::UNDEFINED);
}

#[wasm_bindgen_test]
async fn a_portal_that_does_not_come_is_told_and_the_session_stays() {
    let (stage, _, _address) = entrance(false).await;
    let other = other_tab(&["have ", &session_json(account(), "token-shared")].concat());
    until("it says so", || stage.says("You are signed in, but your tickets did not load.")).await;
    until("it is said", || !stage.find("[role=alert]").unwrap().text_content().unwrap().is_empty()).await;
    assert!(stage.button("Try again").is_some() && stage.all("h1").len() == 1);
    assert!(storage::get(Area::Session, "raxx.session").unwrap().contains("token-shared"));
    other.close();
    set_property(window().unwrap().unchecked_ref(), "raxx", &JsValue::UNDEFINED);
}
