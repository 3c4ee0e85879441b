//! New conversations, replies, status, notes.

use helpdesk_double::{AgentReply, SeedThread, StatusChange, model};
use raptor::helpdesk::{
    Cause, ConversationStatus, CustomFieldId, FileOutcome, NewConversation, Operation, RESOLVED_SENTENCE, WantedStatus,
    WriteError,
};

use super::*;

#[tokio::test]
async fn a_conversation_is_opened_for_its_owner() {
    let desk = Desk::start().await;
    let dana = desk.customer("Dana");
    let body = message("Hello **there** <b>\n\nsecond", 7);
    let files = [file("chart.png", PNG), file("notes with spaces.txt", b"hello")];
    let fields = [(CustomFieldId::new(18).unwrap(), "2".to_owned())];
    let new = NewConversation { owner: dana, subject: "Fill & <b>x</b>", body: &body, files: &files, fields: &fields };
    let opened = desk.client.create_conversation(&new).await.unwrap();
    assert!(opened.number.is_some() && opened.thread.is_some());
    assert!(
        matches!(&opened.files[..], [FileOutcome::Kept { .. }, FileOutcome::Kept { name, .. }] if name == "notes_with_spaces.txt")
    );
    let read = desk.client.get_conversation(dana, opened.conversation).await.unwrap();
    assert_eq!(
        (read.summary.subject.as_str(), read.threads[0].marker),
        ("Fill & <b>x</b>", Some(MessageId::from_bits(7)))
    );
    assert_eq!(desk.double.read(|state| state.customers.len()), 1);
    let context = raptor::html::Context { concealed: &raptor::html::Concealed::nothing(), image: &|_| None };
    let back = raptor::html::read(read.threads[0].body.as_untrusted(), &context);
    assert_eq!(back.body, compose("Hello **there** <b>\n\nsecond"));
}

#[tokio::test]
async fn a_reply_keeps_owner_and_copies() {
    let desk = Desk::start().await;
    let dana = desk.customer("Dana");
    let mut first = SeedThread::new(ThreadType::Customer, 900, "x");
    first.cc = vec!["Colleague@Example.test".into(), "boss@example.test".into()];
    let conversation = desk.seed(dana, "refund", vec![first]);
    let before = desk.double.read(|state| state.conversations[&conversation.get()].cc.clone());
    assert_eq!(before.len(), 2);
    let delivered = desk.client.reply(dana, conversation, &message("more", 8), &[file("a.png", PNG)]).await.unwrap();
    assert!(matches!(delivered.files[..], [FileOutcome::Kept { .. }]));
    let (owner, cc) = desk.double.read(|state| {
        let held = &state.conversations[&conversation.get()];
        (held.customer_id, held.cc.clone())
    });
    assert_eq!((owner, cc), (dana.get(), before));
}

#[tokio::test]
async fn the_same_reply_is_sent_once() {
    let desk = Desk::start().await;
    let dana = desk.customer("Dana");
    let conversation = desk.conversation(dana, "refund");
    let first = desk.client.reply(dana, conversation, &message("Thanks", 1), &[]).await.unwrap();
    let again = desk.client.reply(dana, conversation, &message("Thanks", 1), &[]).await.unwrap();
    assert_eq!((first, desk.held(conversation)), (again, 2));
    // The same words with another mark are another message.
    desk.client.reply(dana, conversation, &message("Thanks", 2), &[]).await.unwrap();
    assert_eq!(desk.held(conversation), 3);
    // A mark that somebody quotes, or writes by hand elsewhere, marks nothing.
    let quoted = format!("<p>x</p><!--{}-->", MessageId::from_bits(3));
    desk.double.reply(conversation.get(), AgentReply::html(quoted).seconds_ago(60)).unwrap();
    desk.client.reply(dana, conversation, &message("third", 3), &[]).await.unwrap();
    assert_eq!(desk.held(conversation), 4);
}

#[tokio::test]
async fn files_that_are_dropped_are_noticed() {
    let desk = Desk::start().await;
    let dana = desk.customer("Dana");
    let conversation = desk.conversation(dana, "refund");
    let mut empty = file("gone.txt", b"x");
    // Without bytes there is nothing to decode, and the help desk drops the file without a word.
    empty.bytes = bytes::Bytes::new();
    let files = [file("a.png", PNG), empty, file("b.txt", b"b")];
    let delivered = desk.client.reply(dana, conversation, &message("three files", 1), &files).await.unwrap();
    assert!(
        matches!(&delivered.files[..], [FileOutcome::Kept { .. }, FileOutcome::Missing, FileOutcome::Kept { name, .. }] if name == "b.txt")
    );
}

#[tokio::test]
async fn what_is_too_large_is_refused() {
    let desk = Desk::start_with(Config { max_body_bytes: 64 * 1024, ..Config::default() }, |_| {}).await;
    let dana = desk.customer("Dana");
    let conversation = desk.conversation(dana, "refund");
    let mut large = file("a.png", PNG);
    large.bytes = vec![7; 100_000].into();
    let outcome = desk.client.reply(dana, conversation, &message("large", 1), &[large]).await;
    assert!(matches!(outcome, Err(WriteError::Refused(raptor::helpdesk::Refusal::TooLarge))), "{outcome:?}");
    assert_eq!(desk.held(conversation), 1);
}

#[tokio::test]
async fn status_changes_leave_no_message_and_can_be_repeated() {
    let desk = Desk::start().await;
    let dana = desk.customer("Dana");
    let conversation = desk.conversation(dana, "refund");
    for (wanted, status) in
        [(WantedStatus::Closed, ConversationStatus::Closed), (WantedStatus::Active, ConversationStatus::Active)]
    {
        for _ in 0..2 {
            desk.client.set_status(dana, conversation, wanted).await.unwrap();
            let read = desk.client.get_conversation(dana, conversation).await.unwrap();
            assert_eq!((read.summary.status, read.threads.len()), (status, 1));
        }
    }
    assert_eq!(desk.client.counters().calls(Operation::SetStatus), 2);
    let pending = StatusChange { agent: None, status: model::Status::Pending };
    desk.double.set_status(conversation.get(), &pending).unwrap();
    desk.client.set_status(dana, conversation, WantedStatus::Active).await.unwrap();
    assert_eq!(desk.client.counters().calls(Operation::SetStatus), 2, "pending is open");
}

#[tokio::test]
async fn without_an_account_the_customers_own_message_changes_the_status() {
    let desk = Desk::start_with(Config::default(), |settings| settings.portal_agent = None).await;
    let dana = desk.customer("Dana");
    let mut first = SeedThread::new(ThreadType::Customer, 900, "x");
    first.cc = vec!["boss@example.test".into()];
    let conversation = desk.seed(dana, "refund", vec![first]);
    desk.client.set_status(dana, conversation, WantedStatus::Closed).await.unwrap();
    let read = desk.client.get_conversation(dana, conversation).await.unwrap();
    assert_eq!((read.summary.status, read.threads.len(), read.cc.len()), (ConversationStatus::Closed, 2, 1));
    assert!(read.threads[1].body.as_untrusted().contains(RESOLVED_SENTENCE));
    desk.client.set_status(dana, conversation, WantedStatus::Active).await.unwrap();
    let read = desk.client.get_conversation(dana, conversation).await.unwrap();
    assert_eq!((read.summary.status, read.cc.len()), (ConversationStatus::Active, 1));
    let note = desk.client.add_note(dana, conversation, &compose("great")).await;
    assert_eq!(note, Err(WriteError::NotReached(Cause::NotConfigured)));
}

#[tokio::test]
async fn notes_are_for_the_team_alone() {
    let desk = Desk::start().await;
    let dana = desk.customer("Dana");
    let conversation = desk.conversation(dana, "refund");
    let before = desk.client.get_conversation(dana, conversation).await.unwrap();
    desk.client.add_note(dana, conversation, &compose("Rating: great <b>")).await.unwrap();
    let after = desk.client.get_conversation(dana, conversation).await.unwrap();
    assert_eq!((after.threads.len(), after.summary.status), (1, before.summary.status));
    let note = desk.double.read(|state| state.conversations[&conversation.get()].threads.last().cloned()).unwrap();
    assert_eq!((note.kind, note.body.as_deref()), (ThreadType::Note, Some("<p>Rating: great &lt;b&gt;</p>")));
}
