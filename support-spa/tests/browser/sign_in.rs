//! Signing in, with the browser's passkeys replaced by what the test says they do.

use js_sys::{Function, Reflect};
use leptos::prelude::*;
use shared::CeremonyId;
use support_spa::browser::window;
use support_spa::features::sign_in::{ExpiredDialog, PasskeyForm};
use support_spa::session::Session;
use support_spa::ui::{Announcer, LiveRegions, Toasts};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixtures;
use crate::stage::{Server, mount, settle, until};

const OPTIONS: &str = "POST /api/v1/auth/passkey/options";
const SESSION: &str = "POST /api/v1/auth/passkey/session";

/// Replaces the passkeys of the browser: `outcome` is the body of a function that answers `navigator.credentials.get`.
fn passkeys(outcome: &str) {
    let script = format!(
        "class Credential {{ toJSON() {{ return {{ id: 'x' }}; }} \
           static parseRequestOptionsFromJSON(json) {{ return json; }} \
           static parseCreationOptionsFromJSON(json) {{ return json; }} \
           static async isConditionalMediationAvailable() {{ return false; }} }}; \
         window.PublicKeyCredential = Credential; \
         Object.defineProperty(navigator, 'credentials', {{ configurable: true, value: {{ \
           async get() {{ {outcome} }}, async create() {{ {outcome} }} }} }});"
    );
    Function::new_no_args(&script).call0(&window().unwrap()).unwrap();
}

fn server_with_challenge() -> Server {
    let server = Server::install();
    let ceremony = format!(
        r#"{{"ceremony_id":"{}","public_key":{{"challenge":"AAAA"}},"expires_at":"{}"}}"#,
        CeremonyId::from_bits(3),
        fixtures::ago(-5)
    );
    server.answer(OPTIONS, 200, ceremony);
    server
}

fn form() -> (crate::stage::Stage, RwSignal<Option<String>>) {
    let token = RwSignal::new(None);
    let stage = mount(move || {
        let on_session = Callback::new(move |session: shared::endpoints::auth::Session| {
            token.set(Some(session.token.as_str().to_owned()));
        });
        view! { <PasskeyForm on_session=on_session/> }
    });
    (stage, token)
}

#[wasm_bindgen_test]
async fn a_passkey_gives_a_session() {
    let server = server_with_challenge();
    server.answer(SESSION, 201, fixtures::session_json(fixtures::account(), "token-one"));
    passkeys("return new Credential();");
    let (stage, token) = form();
    stage.press("Sign in with a passkey");
    until("there is a session", || token.get_untracked().is_some()).await;
    assert_eq!(token.get_untracked().as_deref(), Some("token-one"));
    let sent = &server.calls(SESSION)[0];
    assert!(sent.body.contains(r#""credential":{"id":"x"}"#), "{}", sent.body);
    assert!(sent.authorization.is_none());
}

#[wasm_bindgen_test]
async fn closing_the_prompt_is_told_calmly_and_can_be_repeated() {
    let server = server_with_challenge();
    passkeys("throw new DOMException('closed', 'NotAllowedError');");
    let (stage, token) = form();
    stage.press("Sign in with a passkey");
    until("it says so", || stage.says("Sign-in was cancelled")).await;
    server.answer(SESSION, 201, fixtures::session_json(fixtures::account(), "token-one"));
    passkeys("return new Credential();");
    stage.press("Sign in with a passkey");
    until("there is a session", || token.get_untracked().is_some()).await;
}

#[wasm_bindgen_test]
async fn every_refusal_has_words_of_its_own() {
    let server = server_with_challenge();
    passkeys("return new Credential();");
    let (stage, _) = form();
    server.problem(SESSION, 401, "unauthenticated");
    stage.press("Sign in with a passkey");
    until("it is an unknown passkey", || stage.says("We do not know this passkey")).await;
    server.answer_with(SESSION, 429, fixtures::problem("rate_limited", 429), ("retry-after", "17"));
    stage.press("Sign in with a passkey");
    until("it says how long to wait", || stage.says("wait 17 seconds")).await;
    assert!(stage.says("R-7KQ2M-9XD4T"));
    server.problem(SESSION, 503, "maintenance");
    stage.press("Sign in with a passkey");
    until("it is maintenance", || stage.says("being worked on")).await;
    server.answer(SESSION, 502, "<html>gateway</html>");
    stage.press("Sign in with a passkey");
    until("it is unavailable", || stage.says("cannot sign you in at the moment")).await;
    assert!(!stage.says("gateway"));
}

#[wasm_bindgen_test]
async fn a_second_press_while_at_work_does_nothing() {
    let server = Server::install();
    server.hang(OPTIONS);
    passkeys("return new Credential();");
    let (stage, _) = form();
    stage.press("Sign in with a passkey");
    until("it is at work", || stage.find("[aria-busy=true]").is_some()).await;
    stage.find("button").unwrap().click();
    stage.find("button").unwrap().click();
    assert_eq!(server.calls(OPTIONS).len(), 1);
}

#[wasm_bindgen_test]
async fn an_expired_session_is_resumed_by_the_same_customer_only() {
    let server = server_with_challenge();
    passkeys("return new Credential();");
    let session = Session::new();
    session.restore();
    session.begin(fixtures::session());
    let stage = mount(move || {
        let announcer = Announcer::default();
        provide_context(session);
        provide_context(announcer);
        provide_context(Toasts::new(announcer));
        view! { <ExpiredDialog/> }
    });
    assert!(stage.find("dialog").is_none());
    // Any call whose token is refused ends the session in place.
    server.problem("GET /api/v1/support/topics", 401, "session_expired");
    let _ = support_spa::client::read::<shared::endpoints::desk::ListTopics>(&(), &()).await;
    until("it asks to sign in again", || stage.says("Your session has ended.")).await;
    assert_eq!(session.account(), Some(fixtures::account()));
    let open = stage.find("dialog").unwrap();
    until("the dialog is modal", || Reflect::get(&open, &"open".into()).unwrap().is_truthy()).await;

    let other = shared::CustomerId::from_bits(99);
    server.answer(SESSION, 201, fixtures::session_json(other, "token-other"));
    stage.press("Sign in again");
    until("it is the wrong account", || stage.says("Your words are kept for Dana Moreno")).await;
    assert_eq!(session.account(), Some(fixtures::account()));

    server.answer(SESSION, 201, fixtures::session_json(fixtures::account(), "token-two"));
    stage.press("Use another passkey");
    until("the session is active", || untrack(|| session.is_active())).await;
    assert!(stage.find("dialog").is_none());
    assert_eq!(support_spa::client::token().as_deref(), Some("token-two"));
}

#[wasm_bindgen_test]
async fn what_went_wrong_is_said_within_the_dialog_and_nowhere_else() {
    let server = server_with_challenge();
    passkeys("throw new DOMException('closed', 'NotAllowedError');");
    let session = Session::new();
    session.restore();
    session.begin(fixtures::session());
    let stage = mount(move || {
        let announcer = Announcer::default();
        provide_context(session);
        provide_context(announcer);
        provide_context(Toasts::new(announcer));
        view! {
            <ExpiredDialog/>
            <LiveRegions/>
        }
    });
    server.problem("GET /api/v1/support/topics", 401, "session_expired");
    let _ = support_spa::client::read::<shared::endpoints::desk::ListTopics>(&(), &()).await;
    until("it asks to sign in again", || stage.says("Your session has ended.")).await;
    stage.press("Sign in again");
    // Beside an open dialog, everything is inert, live regions too.
    until("it is said", || stage.find("dialog .note[role=alert]").is_some()).await;
    settle().await;
    assert!(stage.find("dialog .note[role=alert]").unwrap().text_content().unwrap().contains("Sign-in was cancelled"));
    assert_eq!(stage.find(".visually-hidden[role=alert]").unwrap().text_content().unwrap(), "");
}

#[wasm_bindgen_test]
async fn a_passkey_is_offered_in_the_field_again_after_an_attempt_that_failed() {
    let server = server_with_challenge();
    server.answer(SESSION, 201, fixtures::session_json(fixtures::account(), "token-field"));
    passkeys(
        "const { mediation, signal } = arguments[0]; \
         if (mediation !== 'conditional') throw new DOMException('closed', 'NotAllowedError'); \
         return new Promise((resolve, reject) => { \
           signal.addEventListener('abort', () => { delete window.choose; reject(signal.reason); }); \
           window.choose = () => resolve(new Credential()); });",
    );
    let available = "PublicKeyCredential.isConditionalMediationAvailable = async () => true;";
    Function::new_no_args(available).call0(&window().unwrap()).unwrap();
    let token = RwSignal::new(None);
    let stage = mount(move || {
        let on_session = Callback::new(move |session: shared::endpoints::auth::Session| {
            token.set(Some(session.token.as_str().to_owned()));
        });
        view! { <PasskeyForm autofill=true on_session=on_session/> }
    });
    let choose = || Reflect::get(&window().unwrap(), &"choose".into()).unwrap();
    until("it is offered", || choose().is_truthy()).await;
    stage.press("Sign in with a passkey");
    until("it says so", || stage.says("Sign-in was cancelled")).await;
    until("it is offered again", || choose().is_truthy()).await;
    Function::from(choose()).call0(&JsValue::UNDEFINED).unwrap();
    until("there is a session", || token.get_untracked().is_some()).await;
    assert_eq!(server.calls(OPTIONS).len(), 3);
}
