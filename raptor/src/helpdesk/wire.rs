//! The help desk's JSON, field by field. A field that is not named here is not even kept in memory: this list is what redaction rests
//! on. Never add `preview`, `bcc`, `assignee`, `assignedTo`, `closedByUser`, `tags`, `notes`, `photoUrl`, `lastName` or `email` of an
//! agent.

use serde::Deserialize;
use serde_json::value::RawValue;
use shared::Timestamp;

use super::lenient::{items, number, or_default, text, time, truth};

/// A list's envelope.
#[derive(Deserialize)]
pub(super) struct Envelope {
    #[serde(rename = "_embedded", default, deserialize_with = "or_default")]
    pub(super) embedded: EmbeddedLists,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) page: Page,
}

#[derive(Default, Deserialize)]
pub(super) struct EmbeddedLists {
    #[serde(default, deserialize_with = "items")]
    pub(super) conversations: Vec<Box<RawValue>>,
    #[serde(default, deserialize_with = "items")]
    pub(super) customers: Vec<Box<RawValue>>,
    #[serde(alias = "customFields", default, deserialize_with = "items")]
    pub(super) custom_fields: Vec<Box<RawValue>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page {
    #[serde(default, deserialize_with = "number")]
    pub(super) total_elements: u64,
    #[serde(default, deserialize_with = "number")]
    pub(super) total_pages: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Conversation {
    #[serde(default, deserialize_with = "number")]
    pub(super) id: u64,
    #[serde(default, deserialize_with = "number")]
    pub(super) number: u64,
    #[serde(default, deserialize_with = "number")]
    pub(super) threads_count: u64,
    #[serde(default, deserialize_with = "text")]
    pub(super) status: String,
    #[serde(default, deserialize_with = "text")]
    pub(super) state: String,
    #[serde(default, deserialize_with = "text")]
    pub(super) subject: String,
    #[serde(default, deserialize_with = "number")]
    pub(super) mailbox_id: u64,
    #[serde(default, deserialize_with = "time")]
    pub(super) created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "text")]
    pub(super) updated_at: String,
    #[serde(default, deserialize_with = "time")]
    pub(super) closed_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "items")]
    pub(super) cc: Vec<Box<RawValue>>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) customer: Person,
    #[serde(default, deserialize_with = "items")]
    pub(super) custom_fields: Vec<Box<RawValue>>,
    #[serde(rename = "_embedded", default, deserialize_with = "or_default")]
    pub(super) embedded: ConversationEmbedded,
}

#[derive(Default, Deserialize)]
pub(super) struct ConversationEmbedded {
    #[serde(default, deserialize_with = "items")]
    pub(super) threads: Vec<Box<RawValue>>,
}

/// Whoever it is. Names alone: addresses and pictures of agents must not even be read.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Person {
    #[serde(default, deserialize_with = "number")]
    pub(super) id: u64,
    #[serde(rename = "type", default, deserialize_with = "text")]
    pub(super) kind: String,
    #[serde(default, deserialize_with = "text")]
    pub(super) first_name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Thread {
    #[serde(default, deserialize_with = "number")]
    pub(super) id: u64,
    #[serde(rename = "type", default, deserialize_with = "text")]
    pub(super) kind: String,
    #[serde(default, deserialize_with = "text")]
    pub(super) body: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) customer: Person,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) created_by: Person,
    #[serde(default, deserialize_with = "time")]
    pub(super) created_at: Option<Timestamp>,
    #[serde(rename = "_embedded", default, deserialize_with = "or_default")]
    pub(super) embedded: ThreadEmbedded,
}

/// What tells whether a thread is for customers, read before anything else of it.
#[derive(Deserialize)]
pub(super) struct ThreadKind {
    #[serde(rename = "type", default, deserialize_with = "text")]
    pub(super) kind: String,
    #[serde(default, deserialize_with = "text")]
    pub(super) state: String,
}

#[derive(Default, Deserialize)]
pub(super) struct ThreadEmbedded {
    #[serde(default, deserialize_with = "items")]
    pub(super) attachments: Vec<Box<RawValue>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Attachment {
    #[serde(default, deserialize_with = "number")]
    pub(super) id: u64,
    #[serde(default, deserialize_with = "text")]
    pub(super) file_name: String,
    #[serde(default, deserialize_with = "text")]
    pub(super) file_url: String,
    #[serde(default, deserialize_with = "text")]
    pub(super) mime_type: String,
    #[serde(default, deserialize_with = "number")]
    pub(super) size: u64,
}

#[derive(Deserialize)]
pub(super) struct FieldValue {
    #[serde(default, deserialize_with = "number")]
    pub(super) id: u64,
    #[serde(default, deserialize_with = "text")]
    pub(super) name: String,
    #[serde(default, deserialize_with = "text")]
    pub(super) value: String,
    #[serde(default, deserialize_with = "text")]
    pub(super) text: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CustomField {
    #[serde(default, deserialize_with = "number")]
    pub(super) id: u64,
    #[serde(default, deserialize_with = "text")]
    pub(super) name: String,
    #[serde(rename = "type", default, deserialize_with = "text")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) options: Option<Box<RawValue>>,
    #[serde(default, deserialize_with = "truth")]
    pub(super) required: bool,
    #[serde(default, deserialize_with = "number")]
    pub(super) sort_order: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Customer {
    #[serde(default, deserialize_with = "number")]
    pub(super) id: u64,
    #[serde(default, deserialize_with = "text")]
    pub(super) first_name: String,
    #[serde(default, deserialize_with = "text")]
    pub(super) last_name: String,
    #[serde(rename = "_embedded", default, deserialize_with = "or_default")]
    pub(super) embedded: CustomerEmbedded,
}

#[derive(Default, Deserialize)]
pub(super) struct CustomerEmbedded {
    #[serde(default, deserialize_with = "items")]
    pub(super) emails: Vec<Box<RawValue>>,
}

#[derive(Default, Deserialize)]
pub(super) struct EmailValue {
    #[serde(default, deserialize_with = "text")]
    pub(super) value: String,
}

/// An error's body. Its sentences are compared with known ones and then forgotten.
#[derive(Default, Deserialize)]
pub(super) struct Problem {
    #[serde(default, deserialize_with = "text")]
    pub(super) message: String,
    #[serde(rename = "_embedded", default, deserialize_with = "or_default")]
    pub(super) embedded: ProblemEmbedded,
}

#[derive(Default, Deserialize)]
pub(super) struct ProblemEmbedded {
    #[serde(default, deserialize_with = "items")]
    pub(super) errors: Vec<Box<RawValue>>,
}

#[derive(Default, Deserialize)]
pub(super) struct ProblemItem {
    #[serde(default, deserialize_with = "text")]
    pub(super) message: String,
}
