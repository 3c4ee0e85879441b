//! Drafts in the browser's database.

use leptos::prelude::*;
use shared::CustomerId;
use support_spa::features::drafts::{self, Draft, KeptFile, Place, Record, Saved, Version};
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

/// A reply in which this is written and saved.
async fn saved(words: &str) -> (Stage, Draft) {
    signed_in().await;
    let (stage, draft) = opened(Place::Reply(ticket_id()));
    draft.body.set(words.into());
    until("it is saved", || matches!(draft.saved.get_untracked(), Saved::At(_))).await;
    (stage, draft)
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

/// What another tab saves of a place.
async fn save_elsewhere(place: Place, record: &Record) {
    let version = Version { writer: "another tab".into(), number: 1 };
    assert!(drafts::save(account(), place, &Record { version, files: Vec::new(), ..record.clone() }).await);
}

/// Both tabs have written before either knew of the other.
#[wasm_bindgen_test]
async fn words_that_may_have_been_sent_keep_their_key_beside_another_draft() {
    let place = Place::Reply(ticket_id());
    for sent in [true, false] {
        signed_in().await;
        let (_stage, draft) = opened(place);
        crate::stage::settle().await;
        let (key, theirs) = (draft.key(), written("theirs"));
        draft.body.set("mine".into());
        save_elsewhere(place, &theirs).await;
        if sent {
            draft.begin_attempt().await.unwrap();
        } else {
            draft.save_now().await;
        }
        assert_eq!(draft.aside.get_untracked(), "theirs");
        let expected = if sent { key } else { theirs.key };
        assert_eq!(draft.key(), expected, "sent: {sent}");
        until("both are saved", || matches!(draft.saved.get_untracked(), Saved::At(_))).await;
        let kept = drafts::load(account(), place).await.unwrap();
        assert_eq!((&kept.key, kept.was_tried(), kept.body.as_str()), (&expected, sent, "mine"));
        draft.clear();
        until("it is empty", || draft.saved.get_untracked() == Saved::Nothing).await;
    }
}

#[wasm_bindgen_test]
async fn words_that_may_have_been_sent_keep_their_key_when_the_draft_has_gone() {
    let (_stage, draft) = saved("Begun").await;
    let key = draft.key();
    draft.body.set("Begun, and done".into());
    drafts::wipe(account()).await;
    draft.begin_attempt().await.unwrap();
    assert_eq!((draft.body.get_untracked().as_str(), draft.key()), ("Begun, and done", key));
}

/// Another tab goes on with the words while this one sends them: what was written there stays, in the box, as a submission of its own.
#[wasm_bindgen_test]
async fn what_is_written_elsewhere_while_it_is_sent_stays() {
    let place = Place::Reply(ticket_id());
    for (elsewhere, left) in [("Sent and unsent", "and unsent"), ("Something else", "Something else"), ("Sent", "")] {
        let (_stage, draft) = saved("Sent").await;
        draft.begin_attempt().await.unwrap();
        let sent = draft.record();
        let theirs = Record { key: sent.key.clone(), tried: sent.tried, ..written(elsewhere) };
        save_elsewhere(place, &theirs).await;
        draft.sent(sent.clone());
        let began = support_spa::browser::now();
        let kept = loop {
            let kept = drafts::load(account(), place).await;
            if kept.as_ref().is_none_or(|kept| kept.key != sent.key) {
                break kept;
            }
            assert!(
                support_spa::browser::now() - began < 5_000,
                "its key has been used up, and {elsewhere:?} keeps it"
            );
            support_spa::browser::timer::sleep(10).await;
        };
        assert_eq!((draft.body.get_untracked().as_str(), draft.aside.get_untracked().as_str()), (left, ""));
        assert_eq!(kept.map_or((String::new(), None), |kept| (kept.body, kept.tried)), (left.to_owned(), None));
        draft.clear();
        until("it is empty", || draft.saved.get_untracked() == Saved::Nothing).await;
    }
}

/// The same when the form is no longer there when the answer comes.
#[wasm_bindgen_test]
async fn what_is_written_over_what_was_sent_stays() {
    signed_in().await;
    let (place, sent) = (Place::Reply(ticket_id()), written("Sent"));
    for (elsewhere, left) in [("Sent and unsent", Some("Sent and unsent")), ("Sent", None)] {
        save_elsewhere(place, &Record { body: elsewhere.into(), ..sent.clone() }).await;
        drafts::remove_sent(account(), place, &sent).await;
        let kept = drafts::load(account(), place).await;
        assert_eq!(kept.as_ref().map(|kept| kept.body.as_str()), left);
        assert!(kept.is_none_or(|kept| kept.key != sent.key));
    }
}

/// The wish to send alone is no reason to keep words that were sent or thrown away elsewhere: they would go twice.
#[wasm_bindgen_test]
async fn what_only_waits_to_be_sent_goes_with_the_draft() {
    let (_stage, draft) = saved("Waits").await;
    drafts::wipe(account()).await;
    draft.waiting.set(Some(support_spa::browser::now()));
    draft.save_now().await;
    assert_eq!((draft.body.get_untracked().as_str(), draft.waiting.get_untracked()), ("", None));
}

/// What waited without a form is marked before it is sent, unless a form has it by now.
#[wasm_bindgen_test]
async fn what_waited_is_marked_before_it_is_sent() {
    signed_in().await;
    let place = Place::Reply(ticket_id());
    save_elsewhere(place, &written("Waits")).await;
    let loaded = drafts::load(account(), place).await.unwrap();
    assert!(drafts::begin_attempt(account(), place, loaded.clone()).await.unwrap().was_tried());
    assert!(drafts::load(account(), place).await.unwrap().was_tried());
    assert!(drafts::begin_attempt(account(), place, loaded).await.is_none(), "it has been changed since it was loaded");
}

#[wasm_bindgen_test]
async fn what_is_sent_anew_uses_nothing_up_twice() {
    let before = Record { tried: Some(1), waiting: Some(1), ..written("Taken back") };
    let anew = before.clone().anew();
    assert_ne!(anew.key, before.key);
    assert_eq!((anew.tried, anew.waiting, anew.body.as_str()), (None, None, "Taken back"));
    assert!(anew.files.iter().all(|file| file.upload.is_none()));
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
