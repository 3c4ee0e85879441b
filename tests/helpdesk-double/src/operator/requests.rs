//! What the operator side takes and gives, in JSON and in the library alike.

use crate::desk::{
    NewAttachment,
    model::{ConversationState, Status, ThreadState, ThreadType},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A file in a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileInput {
    /// Name as sent.
    pub file_name: String,
    /// Type as stated.
    pub mime_type: String,
    /// Bytes as base64.
    #[serde(with = "crate::desk::base64_bytes")]
    pub data: Vec<u8>,
}

impl From<FileInput> for NewAttachment {
    fn from(file: FileInput) -> Self {
        Self { file_name: file.file_name, mime_type: file.mime_type, bytes: file.data }
    }
}

/// An agent answers the customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AgentReply {
    /// First name of the agent; the first real one when missing.
    pub agent: Option<String>,
    /// Body, raw.
    pub html: String,
    /// Status afterwards; `pending` when missing.
    pub status: Option<Status>,
    /// Copies; the conversation's current ones when missing.
    pub cc: Option<Vec<String>>,
    /// Blind copies.
    pub bcc: Vec<String>,
    /// Written this many seconds ago.
    pub seconds_ago: i64,
    /// `draft`, `hidden` or `review` for a message that customers must not see yet.
    pub state: Option<ThreadState>,
    /// Files.
    pub attachments: Vec<FileInput>,
}

impl AgentReply {
    /// An answer with this body by the default agent.
    #[must_use]
    pub fn html(html: impl Into<String>) -> Self {
        Self { html: html.into(), ..Self::default() }
    }

    /// By the agent of this first name.
    #[must_use]
    pub fn by(mut self, agent: &str) -> Self {
        self.agent = Some(agent.to_owned());
        self
    }

    /// Written this many seconds ago.
    #[must_use]
    pub fn seconds_ago(mut self, seconds: i64) -> Self {
        self.seconds_ago = seconds;
        self
    }
}

/// An agent writes an internal note.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AgentNote {
    /// First name of the agent; the first real one when missing.
    pub agent: Option<String>,
    /// Body, raw.
    pub text: String,
    /// Written this many seconds ago.
    pub seconds_ago: i64,
    /// Files, which are as internal as the note.
    pub attachments: Vec<FileInput>,
}

/// An agent sets a conversation's status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusChange {
    /// First name of the agent; the first real one when missing.
    #[serde(default)]
    pub agent: Option<String>,
    /// New status.
    pub status: Status,
}

/// A customer to create.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SeedCustomer {
    /// Addresses; the first is the main one.
    pub emails: Vec<String>,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Telephone numbers.
    pub phones: Vec<String>,
    /// The agents' private text.
    pub notes: Option<String>,
    /// Path of a picture below `/storage/` on the help desk's host, or empty.
    pub photo_path: String,
    /// Keep capitals in addresses, as rows from e-mail do.
    pub keep_case: bool,
}

/// A conversation with its history.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SeedConversation {
    /// Owner.
    pub customer_id: u64,
    /// Subject.
    pub subject: String,
    /// Final status; what the history leads to when missing.
    pub status: Option<Status>,
    /// State; published when missing.
    pub state: Option<ConversationState>,
    /// Number for people; the next one when missing.
    pub number: Option<u64>,
    /// Names of tags.
    pub tags: Vec<String>,
    /// Values by custom field id.
    pub custom_fields: BTreeMap<u64, String>,
    /// First name of the agent it is assigned to.
    pub assignee: Option<String>,
    /// Leave `createdBy` empty, as some rows of the real help desk do.
    pub created_by_nobody: bool,
    /// Folder, when it must differ from what status and assignee imply.
    pub folder_id: Option<u64>,
    /// History, oldest first; at least one.
    pub threads: Vec<SeedThread>,
}

/// One entry of a seeded history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedThread {
    /// What it is.
    pub kind: ThreadType,
    /// Body, raw; of a line item, what the agent did, such as `marked as Closed`.
    pub body: String,
    /// Writer's first name, of messages, notes and line items; the first real agent when missing.
    #[serde(default)]
    pub agent: Option<String>,
    /// Writer, of customer threads; the owner when missing.
    #[serde(default)]
    pub customer_id: Option<u64>,
    /// Written this many seconds ago.
    #[serde(default)]
    pub seconds_ago: i64,
    /// Status of the conversation afterwards; what the kind implies when missing.
    #[serde(default)]
    pub status: Option<Status>,
    /// Published when missing.
    #[serde(default)]
    pub state: Option<ThreadState>,
    /// Copies.
    #[serde(default)]
    pub cc: Vec<String>,
    /// Blind copies.
    #[serde(default)]
    pub bcc: Vec<String>,
    /// Files.
    #[serde(default)]
    pub attachments: Vec<FileInput>,
}

impl SeedThread {
    /// An entry without anything special.
    #[must_use]
    pub fn new(kind: ThreadType, seconds_ago: i64, body: impl Into<String>) -> Self {
        Self {
            kind,
            body: body.into(),
            agent: None,
            customer_id: None,
            seconds_ago,
            status: None,
            state: None,
            cc: Vec::new(),
            bcc: Vec::new(),
            attachments: Vec::new(),
        }
    }

    /// By the agent of this first name.
    #[must_use]
    pub fn by(mut self, agent: &str) -> Self {
        self.agent = Some(agent.to_owned());
        self
    }

    /// With one more file.
    #[must_use]
    pub fn with_file(mut self, file: FileInput) -> Self {
        self.attachments.push(file);
        self
    }
}

/// A customer with realistic tickets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SeedDemo {
    /// Address; an existing customer with it gets the tickets.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Also a ticket with this many messages.
    pub messages: Option<usize>,
    /// Also this many small tickets.
    pub tickets: Option<usize>,
}

/// What was seeded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeededDemo {
    /// The customer.
    pub customer_id: u64,
    /// Ids of the ten or so told tickets.
    pub conversation_ids: Vec<u64>,
    /// Id of the ticket with many messages, if asked for.
    pub long_conversation_id: Option<u64>,
    /// How many small tickets were added.
    pub small_tickets: usize,
}
