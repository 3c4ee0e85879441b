//! Drafts in the browser's database.

use leptos::prelude::*;
use shared::CustomerId;
use support_spa::features::drafts::{self, Draft, KeptFile, Place, Record, Saved};
use support_spa::features::writing::SavedLine;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Blob;

use crate::fixtures::{account, ticket_id};
use crate::stage::{Server, Stage, mount, signed_in, until};

fn written(body: &str) -> Record {
    let parts = js_sys::Array::of1(&"a,b\n1,2\n".into());
    let file = KeptFile { name: "fills.csv".into(), blob: Blob::new_with_str_sequence(&parts).unwrap(), upload: None };
    Record { body: body.into(), files: vec![file], saved_at: support_spa::browser::now(), ..Record::new() }
}

fn opened(place: Place) -> (Stage, Draft) {
    let handed = StoredValue::new(None);
    let stage = mount(move || {
        let draft = Draft::open(account(), place);
        handed.set_value(Some(draft));
        view! { <SavedLine draft=draft/> }
    });
    (stage, handed.get_value().unwrap())
}

#[wasm_bindgen_test]
async fn text_and_files_come_back_as_they_were() {
    signed_in().await;
    let place = Place::Reply(ticket_id());
    let before = written("Half a thought");
    assert!(drafts::save(account(), place, &before).await);
    let after = drafts::load(account(), place).await.unwrap();
    assert_eq!((after.body.as_str(), &after.key), ("Half a thought", &before.key));
    assert_eq!((after.files[0].name.as_str(), after.files[0].blob.size()), ("fills.csv", 8.0));
    assert!(drafts::load(CustomerId::from_bits(12), place).await.is_none());
    assert!(drafts::load(account(), Place::NewTicket).await.is_none());
}

#[wasm_bindgen_test]
async fn what_is_written_is_saved_within_a_second_and_says_so() {
    signed_in().await;
    let (stage, draft) = opened(Place::NewTicket);
    crate::stage::settle().await;
    let began = support_spa::browser::now();
    draft.body.set("Words".into());
    until("it is saved", || matches!(draft.saved.get_untracked(), Saved::At(_))).await;
    assert!(support_spa::browser::now() - began < 1_000);
    assert!(stage.says("Saved "));
    assert_eq!(drafts::load(account(), Place::NewTicket).await.unwrap().body, "Words");
}

#[wasm_bindgen_test]
async fn an_open_form_takes_up_the_draft_and_its_key() {
    Server::install();
    signed_in().await;
    let place = Place::Reply(ticket_id());
    let before = Record { files: Vec::new(), ..written("Back again") };
    drafts::save(account(), place, &before).await;
    let (_stage, draft) = opened(place);
    until("it is back", || draft.body.get_untracked() == "Back again").await;
    assert_eq!(draft.key(), before.key);
    assert!(draft.restored.get_untracked().is_some());
    draft.clear();
    until("it is empty", || draft.body.get_untracked().is_empty()).await;
    assert_ne!(draft.key(), before.key);
}

#[wasm_bindgen_test]
async fn opening_a_form_is_not_a_draft() {
    signed_in().await;
    let (stage, draft) = opened(Place::NewTicket);
    support_spa::browser::timer::sleep(600).await;
    assert_eq!(draft.saved.get_untracked(), Saved::Nothing);
    drop(stage);
    assert_eq!(drafts::count(account()).await, 0);
}

#[wasm_bindgen_test]
async fn old_drafts_expire_and_signing_out_wipes_the_rest() {
    signed_in().await;
    let month = 31 * 24 * 60 * 60 * 1000;
    let old = Record { saved_at: support_spa::browser::now() - month, ..written("Old") };
    drafts::save(account(), Place::NewTicket, &old).await;
    drafts::save(account(), Place::Reply(ticket_id()), &written("New")).await;
    assert!(drafts::load(account(), Place::NewTicket).await.is_none());
    drafts::expire_old().await;
    assert_eq!(drafts::load_all(account()).await.len(), 1);
    let server = Server::install();
    server.answer("DELETE /api/v1/auth/session", 204, "");
    let session = crate::stage::fresh_session();
    session.end().await;
    assert_eq!(drafts::load_all(account()).await.len(), 0);
    assert_eq!(server.calls("DELETE /api/v1/auth/session")[0].authorization.as_deref(), Some("Bearer token-one"));
    assert!(support_spa::client::token().is_none());
}
