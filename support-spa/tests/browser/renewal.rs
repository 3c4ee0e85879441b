//! The session's clock: it is renewed while somebody is there, and runs out by itself.

use js_sys::Function;
use leptos::prelude::*;
use shared::ResponseBody;
use shared::endpoints::auth::Session as Issued;
use support_spa::client;
use support_spa::session::{self, Session};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixtures::{account, ago, session_json};
use crate::stage::{Server, Stage, mount, signed_in, until};

const RENEW: &str = "POST /api/v1/auth/session/renew";

/// The page's clock strikes every twenty milliseconds instead of every half minute, for as long as this is there.
struct FastClock;

impl FastClock {
    fn start() -> Self {
        run(
            "window.slowly = window.setInterval; window.setInterval = (run, pause) => window.slowly(run, Math.min(pause, 20));",
        );
        Self
    }
}

impl Drop for FastClock {
    fn drop(&mut self) {
        run("window.setInterval = window.slowly; delete window.slowly;");
    }
}

fn run(script: &str) {
    Function::new_no_args(script).call0(&JsValue::NULL).unwrap();
}

/// A session with so many minutes left, of at most twelve hours.
fn with_minutes_left(minutes: i64, token: &str) -> String {
    let mut session: serde_json::Value = serde_json::from_str(&session_json(account(), token)).unwrap();
    session["expires_at"] = ago(-minutes).into();
    session.to_string()
}

async fn kept_alive(minutes: i64) -> (Stage, Session) {
    let session = signed_in().await;
    session.begin(Issued::decode(with_minutes_left(minutes, "token-old").as_bytes()).unwrap());
    (mount(move || session::keep_alive(session)), session)
}

#[wasm_bindgen_test]
async fn one_that_is_used_in_its_second_hour_is_renewed_and_not_before() {
    let server = Server::install();
    server.answer(RENEW, 200, session_json(account(), "token-new"));
    let _clock = FastClock::start();
    let (fresh, _) = kept_alive(230).await;
    support_spa::browser::timer::sleep(150).await;
    assert!(server.calls(RENEW).is_empty());
    drop(fresh);
    let (_stage, _) = kept_alive(100).await;
    until("it is renewed", || client::token().as_deref() == Some("token-new")).await;
    let calls = server.calls(RENEW);
    assert_eq!(calls[0].authorization.as_deref(), Some("Bearer token-old"));
    // The new one has its four hours before it.
    support_spa::browser::timer::sleep(150).await;
    assert_eq!(server.calls(RENEW).len(), calls.len());
}

#[wasm_bindgen_test]
async fn a_renewal_that_does_not_arrive_is_tried_again() {
    let server = Server::install();
    server.lose_connection(RENEW);
    let _clock = FastClock::start();
    let (_stage, session) = kept_alive(100).await;
    until("it was tried twice", || server.calls(RENEW).len() >= 2).await;
    assert!(untrack(|| session.is_active()) && client::token().as_deref() == Some("token-old"));
    server.problem(RENEW, 500, "internal");
    let tried = server.calls(RENEW).len();
    until("it is tried on", || server.calls(RENEW).len() > tried + 1).await;
    server.answer(RENEW, 200, session_json(account(), "token-new"));
    until("it is renewed", || client::token().as_deref() == Some("token-new")).await;
}

#[wasm_bindgen_test]
async fn one_that_has_run_its_time_ends_by_itself_and_is_known_whose_it_was() {
    let server = Server::install();
    let _clock = FastClock::start();
    let (_stage, session) = kept_alive(0).await;
    until("it has ended", || untrack(|| session.has_expired())).await;
    assert_eq!(session.account(), Some(account()));
    assert!(client::token().is_none() && server.calls(RENEW).is_empty());
}

#[wasm_bindgen_test]
async fn whoever_signs_out_while_it_is_renewed_stays_signed_out() {
    let server = Server::install();
    server.answer_slowly(RENEW, 150, session_json(account(), "token-new"));
    let _clock = FastClock::start();
    let (_stage, session) = kept_alive(100).await;
    until("it is asked for", || !server.calls(RENEW).is_empty()).await;
    session.forget();
    support_spa::browser::timer::sleep(400).await;
    assert!(untrack(|| !session.is_active()) && client::token().is_none());
}
