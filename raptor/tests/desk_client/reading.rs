//! Threads, times, files, fields.

use std::collections::BTreeSet;

use futures_util::TryStreamExt as _;
use helpdesk_double::{AgentNote, AgentReply, FileInput, SeedThread, StatusChange, model};
use raptor::helpdesk::{
    Cause, ConversationStatus, CustomFieldId, CustomFieldKind, ListRequest, Operation, ReadError, ThreadAuthor,
};

use super::*;

fn input(name: &str, bytes: &[u8]) -> FileInput {
    FileInput { file_name: name.into(), mime_type: "image/png".into(), data: bytes.to_vec() }
}

#[tokio::test]
async fn only_published_messages_in_order() {
    let desk = Desk::start().await;
    let dana = desk.customer("Dana");
    let at = |kind, seconds, body: &str| SeedThread::new(kind, seconds, body);
    let mut draft = at(ThreadType::Message, 500, "draft");
    draft.state = Some(model::ThreadState::Draft);
    let conversation = desk.seed(
        dana,
        "refund",
        vec![
            at(ThreadType::Customer, 900, "one"),
            at(ThreadType::Message, 800, "two").by("Maya"),
            at(ThreadType::Message, 800, "three").by("Jonas"),
            at(ThreadType::Customer, 800, "four"),
            at(ThreadType::Note, 700, "internal"),
            at(ThreadType::Lineitem, 600, "marked as Closed"),
            draft,
            at(ThreadType::Customer, 400, "five"),
        ],
    );
    let read = desk.client.get_conversation(dana, conversation).await.unwrap();
    let bodies: Vec<&str> = read.threads.iter().map(|thread| thread.body.as_untrusted()).collect();
    assert_eq!(bodies, ["one", "two", "three", "four", "five"]);
    let agent = |name: &str| ThreadAuthor::Agent { first_name: Some(name.into()) };
    assert_eq!((&read.threads[1].author, &read.threads[2].author), (&agent("Maya"), &agent("Jonas")));
    assert!(read.is_answered());

    // A note changes what the copy is compared by, and nothing that customers see.
    let active = read.last_activity_at();
    desk.pass(60);
    desk.double.note(conversation.get(), AgentNote { text: "again".into(), ..AgentNote::default() }).unwrap();
    let after = desk.client.get_conversation(dana, conversation).await.unwrap();
    assert_eq!(after.last_activity_at(), active);
    assert_ne!(after.summary.revision, read.summary.revision);
    let changes =
        desk.client.list_changes(Timestamp::from_millis(desk.now().millis() - 5_000), std::num::NonZeroU32::MIN);
    let changes = changes.await.unwrap();
    assert_eq!(changes.items.len(), 1);
    assert_eq!((changes.items[0].owner, &changes.items[0].revision), (dana, &after.summary.revision));
}

#[tokio::test]
async fn young_messages_of_agents_are_held_back() {
    let desk = Desk::start().await;
    let dana = desk.customer("Dana");
    let conversation = desk.conversation(dana, "refund");
    let thread = desk.double.reply(conversation.get(), AgentReply::html("<p>Oops</p>").by("Maya")).unwrap();
    let held = desk.client.get_conversation(dana, conversation).await.unwrap();
    assert_eq!((held.threads.len(), held.is_answered()), (1, false));
    assert_eq!(held.held_back_until, Some(Timestamp::from_millis(desk.now().millis() + 20_000)));
    desk.pass(19);
    assert_eq!(desk.client.get_conversation(dana, conversation).await.unwrap().threads.len(), 1);
    desk.pass(1);
    let visible = desk.client.get_conversation(dana, conversation).await.unwrap();
    assert_eq!((visible.threads.len(), visible.held_back_until), (2, None));
    desk.double.undo(conversation.get(), thread).unwrap();
    assert_eq!(desk.client.get_conversation(dana, conversation).await.unwrap().threads.len(), 1);
    // The customer's own messages are seen at once.
    desk.client.reply(dana, conversation, &message("now", 1), &[]).await.unwrap();
    assert_eq!(desk.client.get_conversation(dana, conversation).await.unwrap().threads.len(), 2);
}

#[tokio::test]
async fn statuses_numbers_and_fields() {
    let config = Config { first_number: 5001, ..Config::default() };
    let desk = Desk::start_with(config, |settings| {
        settings.visible_fields = BTreeSet::from([CustomFieldId::new(18).unwrap(), CustomFieldId::new(19).unwrap()]);
    })
    .await;
    let dana = desk.customer("Dana");
    let conversation = desk.conversation(dana, "refund");
    for (word, status) in [
        (model::Status::Active, ConversationStatus::Active),
        (model::Status::Pending, ConversationStatus::Pending),
        (model::Status::Spam, ConversationStatus::Spam),
        (model::Status::Closed, ConversationStatus::Closed),
    ] {
        desk.double.set_status(conversation.get(), &StatusChange { agent: None, status: word }).unwrap();
        let list = desk.client.list_conversations(dana, ListRequest::default()).await.unwrap();
        assert_eq!(list.items[0].status, status);
        assert_eq!(list.items[0].closed_at.is_some(), status == ConversationStatus::Closed);
        assert_eq!(list.items[0].number, 5001);
    }
    let fields = desk.client.list_custom_fields().await.unwrap();
    assert_eq!(fields.iter().map(|field| field.id.get()).collect::<Vec<_>>(), [18, 19]);
    assert!(fields[0].required);
    let CustomFieldKind::Choice(options) = &fields[0].kind else { panic!("{:?}", fields[0].kind) };
    assert_eq!((options[0].value.as_str(), options[0].label.as_str()), ("1", "Orders and fills"));

    let without_module = Desk::start_with(Config { custom_fields: Vec::new(), ..Config::default() }, |_| {}).await;
    assert!(without_module.client.list_custom_fields().await.unwrap().is_empty());
}

#[tokio::test]
async fn files_come_by_id_and_whole() {
    let desk = Desk::start().await;
    let dana = desk.customer("Dana");
    let bytes: Vec<u8> = PNG.iter().copied().cycle().take(300_000).collect();
    let first = SeedThread::new(ThreadType::Customer, 900, "see file").with_file(input("my chart #1.png", &bytes));
    let conversation = desk.seed(dana, "refund", vec![first]);
    let read = desk.client.get_conversation(dana, conversation).await.unwrap();
    let attachment = read.threads[0].attachments[0].clone();
    assert_eq!(
        (attachment.name.as_str(), attachment.size, attachment.inline),
        ("my_chart__1.png", Some(300_000), false)
    );
    let download = desk.client.open_attachment(&attachment, 1_000_000).await.unwrap();
    assert_eq!(download.size, Some(300_000));
    let chunks: Vec<bytes::Bytes> = download.bytes.try_collect().await.unwrap();
    assert_eq!(chunks.concat(), bytes);
    let error = desk.client.open_attachment(&attachment, 299_999).await.err();
    assert_eq!(error, Some(ReadError::Unavailable(Cause::TooLarge)));
    assert_eq!(desk.client.counters().calls(Operation::Download), 2);
    desk.double.inject(helpdesk_double::Fault::once(helpdesk_double::FaultKind::RedirectToLogin));
    let error = desk.client.open_attachment(&attachment, 1_000_000).await.err();
    assert_eq!(error, Some(ReadError::Unavailable(Cause::AccessGate)));
}

#[tokio::test]
async fn images_within_the_text_are_files_of_the_thread() {
    let desk = Desk::start().await;
    let dana = desk.customer("Dana");
    let first = SeedThread::new(ThreadType::Customer, 900, "x").with_file(input("a.png", PNG));
    let conversation = desk.seed(dana, "refund", vec![first]);
    let base = &desk.double.base_url;
    let stray = "https://evil.example/storage/attachment/1/2/3/x.png?id=77&token=x";
    let body = format!(
        "<p>See <img src=\"{base}/storage/attachment/1/2/3/shot.png?id=4711&amp;token=abc\"> and <img src=\"{stray}\"></p>"
    );
    desk.double.reply(conversation.get(), AgentReply::html(body).seconds_ago(60)).unwrap();
    let read = desk.client.get_conversation(dana, conversation).await.unwrap();
    let shown = &read.threads[1].attachments;
    assert_eq!(shown.len(), 1);
    assert_eq!(
        (shown[0].id.get(), shown[0].inline, shown[0].size, shown[0].name.as_str()),
        (4711, true, None, "shot.png")
    );
    let src = format!("{base}/storage/attachment/1/2/3/shot.png?id=4711&token=abc");
    assert_eq!(desk.client.attachment_shown_by(&read.threads[1], &src), Some(shown[0].id));
    assert_eq!(desk.client.attachment_shown_by(&read.threads[0], &src), None);
    assert_eq!(desk.client.attachment_shown_by(&read.threads[1], stray), None);
    // It has gone: the token is not the right one.
    assert_eq!(desk.client.open_attachment(&shown[0], 1000).await.err(), Some(ReadError::NotFound));
}
