//! From a draft to the request that opens a ticket; the same for the form and for what waited without one.

use shared::endpoints::desk::{Field, FieldKind, ListTopics, Topic};
use shared::endpoints::tickets::{FieldValue, MessageText, NewTicket, Subject};
use shared::{CustomerId, FieldCode, FieldError, FieldId, Line, List, TopicId, UploadId};

use crate::client::{self, Failure};
use crate::features::drafts::Record;
use crate::features::offline::seen;
use crate::features::writing::normalized;
use crate::i18n::{Key, t_now};

/// The topics, as they are or, without an answer, as they were last seen.
///
/// # Errors
/// As the call, when none were ever seen.
pub async fn topics(account: CustomerId) -> Result<Vec<Topic>, Failure> {
    match client::read::<ListTopics>(&(), &()).await {
        Ok((answer, bytes)) => {
            seen::write::<ListTopics>(account, &(), &(), &bytes).await;
            Ok(answer.items.into_vec())
        }
        Err(failure) => seen_topics(account).await.ok_or(failure),
    }
}

/// The topics as they were last seen.
pub(super) async fn seen_topics(account: CustomerId) -> Option<Vec<Topic>> {
    let answer = seen::read::<ListTopics>(account, &(), &()).await?;
    Some(answer.items.into_vec())
}

/// What is asked for beside subject and message: what the topic asks, or without one, what every topic does.
pub fn asked(topics: &[Topic], chosen: &str) -> Vec<Field> {
    if let Some(topic) = topics.iter().find(|topic| topic.id.to_string() == chosen) {
        return topic.fields.to_vec();
    }
    let Some((first, others)) = topics.split_first() else { return Vec::new() };
    let everywhere = |field: &&Field| {
        field.required && others.iter().all(|topic| topic.fields.iter().any(|other| other.id == field.id))
    };
    first.fields.iter().filter(everywhere).cloned().collect()
}

/// What is wrong before the server is asked: the field's id on the page and a sentence, in the order of the page.
pub(super) fn wrong(record: &Record, asked: &[Field]) -> Vec<(String, String)> {
    let mut wrong = Vec::new();
    let worded = |code: FieldCode| Key::from(code).text();
    if let Err(violation) = Subject::new(record.subject.trim()) {
        wrong.push((SUBJECT.to_owned(), worded(violation.code)));
    }
    for field in asked {
        let id = field.id.to_string();
        if let Some(text) = check(field, value_of(record, &id)) {
            wrong.push((id, text));
        }
    }
    if let Err(violation) = MessageText::new(normalized(&record.body)) {
        wrong.push((BODY.to_owned(), worded(violation.code)));
    }
    wrong
}

/// The request; `None` when something is wrong with the draft.
pub fn request(record: &Record, asked: &[Field], uploads: Vec<UploadId>) -> Option<NewTicket> {
    if !wrong(record, asked).is_empty() {
        return None;
    }
    let filled = asked.iter().filter_map(|field| {
        let value = value_of(record, &field.id.to_string());
        let value = Line::new(value).ok().filter(|value: &Line<0, 500>| !value.is_empty())?;
        Some(FieldValue { field_id: FieldId::from_bits(field.id.bits()), value })
    });
    Some(NewTicket {
        topic_id: TopicId::parse(&record.topic).ok(),
        subject: Subject::new(record.subject.trim()).ok()?,
        body: MessageText::new(normalized(&record.body)).ok()?,
        fields: List::fitted(filled.collect()),
        uploads: List::fitted(uploads),
    })
}

/// Ids on the page.
pub(super) const SUBJECT: &str = "subject";
pub(super) const TOPIC: &str = "topic";
pub(super) const BODY: &str = "ticket-body";
pub(super) const FILES: &str = "ticket-files";

/// Where a refusal of the server belongs on the page: an id and a sentence. `sent` is what was refused.
pub(super) fn refused(error: &FieldError, sent: &NewTicket) -> (String, String) {
    let path = error.field.as_str();
    let nth = |rest: &str| rest.split(']').next()?.parse::<usize>().ok();
    let field = path.strip_prefix("fields[").and_then(nth).and_then(|index| sent.fields.get(index));
    let id = match (path, field) {
        (_, Some(field)) => field.field_id.to_string(),
        ("subject", _) => SUBJECT.to_owned(),
        ("body", _) => BODY.to_owned(),
        (path, _) if path.starts_with("uploads") => FILES.to_owned(),
        (path, _) if path.starts_with("topic_id") || path.starts_with("fields") => TOPIC.to_owned(),
        _ => BODY.to_owned(),
    };
    (id, Key::from(error.code).text())
}

/// What stands in a field.
pub(super) fn value_of<'record>(record: &'record Record, id: &str) -> &'record str {
    record.fields.iter().find(|(other, _)| other == id).map_or("", |(_, value)| value.trim())
}

fn check(field: &Field, value: &str) -> Option<String> {
    if value.is_empty() {
        return field.required.then(|| t_now!(field_required));
    }
    match field.kind {
        FieldKind::Number => {
            let digits = value.strip_prefix('-').unwrap_or(value);
            let whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            (!whole).then(|| t_now!(field_malformed_number))
        }
        _ => (value.chars().count() > 500).then(|| t_now!(field_too_long)),
    }
}
