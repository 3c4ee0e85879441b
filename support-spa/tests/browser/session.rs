//! The session, across reloads and tabs.

use leptos::prelude::*;
use support_spa::browser::storage::{self, Area};
use support_spa::client;
use support_spa::session::tabs::{self, Heard, Word};
use support_spa::session::{Session, State};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{BroadcastChannel, MessageEvent};

use crate::fixtures::{account, session, session_json};
use crate::stage::{mount, signed_in, until};

const KEY: &str = "raxx.session";

#[wasm_bindgen_test]
async fn it_outlives_a_reload_and_is_kept_in_session_storage_alone() {
    signed_in().await;
    let reloaded = Session::new();
    reloaded.restore();
    assert_eq!(reloaded.account(), Some(account()));
    assert_eq!(client::token().as_deref(), Some("token-one"));
    assert!(storage::get(Area::Session, KEY).unwrap().contains("token-one"));
    assert!(storage::get(Area::Local, KEY).is_none());
}

#[wasm_bindgen_test]
async fn one_that_has_run_out_is_not_taken_up() {
    signed_in().await;
    let old = session_json(account(), "token-old").replace(&session().expires_at.to_string(), "2020-01-01T00:00:00Z");
    let year = old.split("\"expires_at\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    storage::set(Area::Session, KEY, &old.replace(&year, "2020-01-01T00:00:00Z"));
    client::set_token(None);
    let reloaded = Session::new();
    reloaded.restore();
    assert_eq!(untrack(|| reloaded.state()), State::SignedOut);
    assert!(client::token().is_none());
    assert!(storage::get(Area::Session, KEY).is_none());
}

#[wasm_bindgen_test]
async fn a_late_refusal_of_an_old_token_does_not_end_a_new_session() {
    let server = crate::stage::Server::install();
    server.problem("GET /api/v1/support/topics", 401, "unauthenticated");
    let session = signed_in().await;
    let call = client::read::<shared::endpoints::desk::ListTopics>(&(), &());
    let renewed = shared::ResponseBody::decode(session_json(account(), "token-two").as_bytes()).unwrap();
    let asked = async {
        let answer = call.await;
        assert!(answer.is_err());
    };
    // The call has taken its token before the renewal comes, and is refused after it.
    let renew = async {
        session.begin(renewed);
    };
    futures_join(asked, renew).await;
    assert!(untrack(|| session.is_active()));
}

async fn futures_join(one: impl Future<Output = ()>, other: impl Future<Output = ()>) {
    let mut one = Box::pin(one);
    let mut other = Some(Box::pin(other));
    std::future::poll_fn(move |context| {
        let done = one.as_mut().poll(context);
        if let Some(mut other) = other.take() {
            assert!(other.as_mut().poll(context).is_ready());
        }
        done
    })
    .await;
}

fn joined(session: Session) -> (crate::stage::Stage, Heard) {
    let handed = StoredValue::new(None);
    let stage = mount(move || {
        handed.set_value(Some(tabs::join(session)));
    });
    (stage, handed.get_value().unwrap())
}

/// Another tab: a channel of its own that keeps what it hears.
fn other_tab() -> (BroadcastChannel, StoredValue<Vec<String>>) {
    let heard = StoredValue::new(Vec::new());
    let channel = BroadcastChannel::new("raxx-support").unwrap();
    let listen = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        heard.update_value(|heard| heard.push(event.data().as_string().unwrap_or_default()));
    });
    channel.set_onmessage(Some(listen.as_ref().unchecked_ref()));
    listen.forget();
    (channel, heard)
}

#[wasm_bindgen_test]
async fn a_new_tab_is_given_the_session() {
    let session = signed_in().await;
    let (_stage, _) = joined(session);
    let (other, heard) = other_tab();
    other.post_message(&"ask".into()).unwrap();
    let answered = || heard.with_value(|heard| heard.iter().any(|word| word.starts_with("have {")));
    until("it is given", answered).await;
    other.close();
}

#[wasm_bindgen_test]
async fn a_tab_without_a_session_takes_one_and_ends_with_the_others() {
    signed_in().await;
    storage::remove(Area::Session, KEY);
    client::set_token(None);
    let session = Session::new();
    let (other, heard) = other_tab();
    let (_stage, last) = joined(session);
    until("it asks", || heard.with_value(|heard| heard.contains(&"ask".to_owned()))).await;
    other.post_message(&["have ", &session_json(account(), "token-shared")].concat().into()).unwrap();
    until("it has taken it", || client::token().as_deref() == Some("token-shared")).await;
    other.post_message(&"changed".into()).unwrap();
    until("it hears of changes", || last.0.get_untracked() == Some(Word::Changed)).await;
    other.post_message(&"end".into()).unwrap();
    until("it has ended", || untrack(|| session.state()) == State::SignedOut).await;
    assert!(client::token().is_none() && storage::get(Area::Session, KEY).is_none());
    other.close();
}

#[wasm_bindgen_test]
async fn signing_out_waits_for_no_answer_and_takes_the_token_with_it() {
    const END: &str = "DELETE /api/v1/auth/session";
    let server = crate::stage::Server::install();
    server.hang(END);
    let session = signed_in().await;
    support_spa::browser::database::put(
        support_spa::browser::database::Store::Seen,
        &[&account().to_string(), " /api/v1/support/tickets"].concat(),
        &"kept".into(),
    )
    .await;
    let (other, heard) = other_tab();
    let (_stage, _) = joined(session);
    session.end().await;
    assert_eq!(untrack(|| session.state()), State::SignedOut);
    assert!(client::token().is_none() && storage::get(Area::Session, KEY).is_none());
    assert!(!support_spa::features::offline::seen::kept(account()).await.list);
    let calls = server.calls(END);
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].authorization.as_deref(), Some("Bearer token-one"));
    until("the others are told", || heard.with_value(|heard| heard.contains(&"end".to_owned()))).await;
    other.close();
}
