//! What goes wrong on the way: outcomes are told apart, nothing is lost, nothing is there twice.

use helpdesk_double::{Fault, FaultKind};
use raptor::helpdesk::{
    Attempt, BreakerSettings, Cause, ListRequest, NewConversation, ReadError, Sighting, WriteError,
};

use super::*;

const THREADS: &str = "/api/conversations/{id}/threads";

/// Long pauses would make the faults of one test those of the next call.
fn patient(settings: &mut Settings) {
    settings.breaker = BreakerSettings { failures: u32::MAX, ..BreakerSettings::default() };
}

#[tokio::test]
async fn certainty_is_never_claimed_wrongly() {
    let desk = Desk::start_with(Config::default(), patient).await;
    let dana = desk.customer("Dana");
    for (number, kind) in FaultKind::one_of_each(5).into_iter().enumerate() {
        let conversation = desk.conversation(dana, &format!("case {number}"));
        let body = message(&format!("reply {number}"), number as u128);
        desk.double.inject(Fault::once(kind.clone()).on("POST", THREADS));
        let began_at = desk.now();
        let outcome = desk.client.reply(dana, conversation, &body, &[]).await;
        match outcome {
            Ok(_) => assert_eq!(desk.held(conversation), 2, "{kind:?}"),
            Err(error) if error.is_certainly_absent() => {
                desk.double.clear_faults();
                assert_eq!(desk.held(conversation), 1, "{kind:?} {error}");
            }
            Err(error) => {
                assert!(matches!(error, WriteError::Unknown(_)), "{kind:?}");
                desk.double.clear_faults();
            }
        }
        // Whatever it was: look, wait until nothing can come any more, and try again. It is there once.
        let attempt = Attempt { body: &body, files: &[], began_at, ended_at: desk.now() };
        if let Sighting::NotYet = desk.client.find_reply(dana, conversation, &attempt, &[]).await.unwrap() {
            desk.pass(91);
            let later = desk.client.find_reply(dana, conversation, &attempt, &[]).await.unwrap();
            assert!(matches!(later, Sighting::Absent | Sighting::Found(_)), "{kind:?}");
        }
        desk.client.reply(dana, conversation, &body, &[]).await.unwrap();
        assert_eq!(desk.held(conversation), 2, "{kind:?}");
    }
}

#[tokio::test]
async fn an_unknown_conversation_is_found_again() {
    let desk = Desk::start_with(Config::default(), patient).await;
    let dana = desk.customer("Dana");
    for (number, kind) in FaultKind::one_of_each(5).into_iter().enumerate() {
        let (subject, body) = (format!("case {number}"), message("the same words", number as u128));
        let files = [file("a.png", PNG)];
        let new = NewConversation { owner: dana, subject: &subject, body: &body, files: &files, fields: &[] };
        desk.double.inject(Fault::once(kind.clone()).on("POST", "/api/conversations"));
        let began_at = desk.now();
        let outcome = desk.client.create_conversation(&new).await;
        desk.double.clear_faults();
        let held =
            || desk.double.read(|state| state.conversations.values().filter(|held| held.subject == subject).count());
        let attempt = Attempt { body: &body, files: &files, began_at, ended_at: desk.now() };
        match outcome {
            Ok(opened) => {
                let Sighting::Found(found) =
                    desk.client.find_conversation(dana, &subject, &attempt, &[]).await.unwrap()
                else {
                    panic!("{kind:?}: {opened:?} is not there");
                };
                assert_eq!(found.conversation, opened.conversation);
            }
            Err(WriteError::Unknown(_)) => {
                match desk.client.find_conversation(dana, &subject, &attempt, &[]).await.unwrap() {
                    Sighting::Found(found) => assert!(found.thread.is_some() && found.files.len() == 1),
                    Sighting::NotYet => {
                        desk.pass(91);
                        let again = desk.client.find_conversation(dana, &subject, &attempt, &[]).await.unwrap();
                        if again == Sighting::Absent {
                            desk.client.create_conversation(&new).await.unwrap();
                        }
                    }
                    Sighting::Absent => panic!("{kind:?}: too early to know"),
                }
            }
            Err(_) => {
                assert_eq!(held(), 0, "{kind:?}");
                desk.client.create_conversation(&new).await.unwrap();
            }
        }
        assert_eq!(held(), 1, "{kind:?}");
    }
}

#[tokio::test]
async fn the_same_words_are_told_apart() {
    let desk = Desk::start().await;
    let dana = desk.customer("Dana");
    let conversation = desk.conversation(dana, "refund");
    let (first, second) = (message("Thanks", 1), message("Thanks", 2));
    let there = desk.client.reply(dana, conversation, &first, &[]).await.unwrap();
    let attempt = |body| Attempt { body, files: &[], began_at: desk.now(), ended_at: desk.now() };
    let found = desk.client.find_reply(dana, conversation, &attempt(&first), &[]).await.unwrap();
    assert_eq!(found, Sighting::Found(there.clone()));
    let other = desk.client.find_reply(dana, conversation, &attempt(&second), &[]).await.unwrap();
    assert_eq!(other, Sighting::NotYet);
    desk.pass(90);
    let old = Attempt { ended_at: Timestamp::from_millis(desk.now().millis() - 90_000), ..attempt(&second) };
    assert_eq!(desk.client.find_reply(dana, conversation, &old, &[]).await.unwrap(), Sighting::Absent);
    assert_eq!(
        desk.client.find_reply(dana, conversation, &attempt(&first), &[there.thread]).await.unwrap(),
        Sighting::NotYet
    );
}

#[tokio::test]
async fn a_help_desk_that_is_down_is_left_alone() {
    let desk = Desk::start_with(Config::default(), |settings| {
        settings.breaker = BreakerSettings {
            failures: 3,
            first_pause: Duration::from_millis(50),
            longest_pause: Duration::from_millis(50),
        };
    })
    .await;
    let dana = desk.customer("Dana");
    let conversation = desk.conversation(dana, "refund");
    desk.double.go_down().await;
    for _ in 0..3 {
        let outcome = desk.client.reply(dana, conversation, &message("x", 1), &[]).await;
        assert_eq!(outcome, Err(WriteError::NotReached(Cause::Connect)));
    }
    assert!(desk.client.is_left_alone());
    let calls = desk.client.counters().all_calls();
    let outcome = desk.client.list_conversations(dana, ListRequest::default()).await;
    assert_eq!(outcome, Err(ReadError::Unavailable(Cause::CircuitOpen)));
    assert_eq!(desk.client.counters().all_calls(), calls);
    desk.double.come_up().await.unwrap();
    let recovered = async {
        while desk.client.get_conversation(dana, conversation).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), recovered).await.expect("it is tried again after the pause");
    desk.client.reply(dana, conversation, &message("x", 1), &[]).await.unwrap();
    assert_eq!(desk.held(conversation), 2);
}

#[tokio::test]
async fn reads_fail_with_a_cause() {
    let desk = Desk::start_with(Config::default(), |settings| {
        patient(settings);
        settings.timeouts.read = Duration::from_millis(300);
    })
    .await;
    let dana = desk.customer("Dana");
    let conversation = desk.conversation(dana, "refund");
    for (kind, cause) in [
        (FaultKind::ErrorBeforeCommit { status: 500 }, Cause::ServerError),
        (FaultKind::ErrorBeforeCommit { status: 503 }, Cause::ServerError),
        (FaultKind::TooManyRequests { retry_after: None }, Cause::RateLimited),
        (FaultKind::HangBeforeCommit, Cause::Timeout),
        (FaultKind::DropBeforeCommit, Cause::Interrupted),
        (FaultKind::MalformedJson, Cause::Malformed),
        (FaultKind::TruncatedBody, Cause::Interrupted),
        (FaultKind::EmptyBody, Cause::Malformed),
        (FaultKind::LoginPage, Cause::AccessGate),
        (FaultKind::RedirectToLogin, Cause::AccessGate),
    ] {
        desk.double.inject(Fault::once(kind.clone()));
        let outcome = desk.client.get_conversation(dana, conversation).await;
        assert_eq!(outcome, Err(ReadError::Unavailable(cause)), "{kind:?}");
        desk.double.clear_faults();
    }
    assert!(desk.client.get_conversation(dana, conversation).await.is_ok());
}
