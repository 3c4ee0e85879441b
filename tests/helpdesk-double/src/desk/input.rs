//! What operations take.

use super::{
    attachments::NewAttachment,
    model::{Author, ConversationState, ConversationType, SourceType, Status, ThreadState, ThreadType},
};
use std::collections::BTreeMap;

/// A customer to store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct NewCustomer {
    /// Addresses; the first is the main one. Stored in lower case unless `keep_case`.
    pub(crate) emails: Vec<String>,
    /// First name.
    pub(crate) first_name: String,
    /// Last name.
    pub(crate) last_name: String,
    /// Telephone numbers.
    pub(crate) phones: Vec<String>,
    /// Company.
    pub(crate) company: Option<String>,
    /// Job title.
    pub(crate) job_title: Option<String>,
    /// The agents' private text.
    pub(crate) notes: Option<String>,
    /// Path of a picture below the help desk's host, or empty.
    pub(crate) photo_path: String,
    /// Old rows, made before the help desk lower-cased addresses, kept their capitals.
    pub(crate) keep_case: bool,
    /// Unix seconds; now when missing.
    pub(crate) created_at: Option<i64>,
}

/// A conversation to store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewConversation {
    /// How it came in.
    pub(crate) kind: ConversationType,
    /// Mailbox.
    pub(crate) mailbox_id: u64,
    /// Subject.
    pub(crate) subject: String,
    /// Owner.
    pub(crate) customer_id: u64,
    /// Status after all threads; `None` leaves what they lead to.
    pub(crate) status: Option<Status>,
    /// State.
    pub(crate) state: ConversationState,
    /// Agent.
    pub(crate) assignee: Option<u64>,
    /// Values by custom field id.
    pub(crate) custom_fields: BTreeMap<u64, String>,
    /// Names of tags.
    pub(crate) tags: Vec<String>,
    /// Number for people; the next one when missing.
    pub(crate) number: Option<u64>,
    /// Unix seconds; now when missing.
    pub(crate) created_at: Option<i64>,
    /// Came from elsewhere: no mail is sent for it.
    pub(crate) imported: bool,
    /// Entries, oldest first. At least one.
    pub(crate) threads: Vec<NewThread>,
}

/// A thread to store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewThread {
    /// What it is.
    pub(crate) kind: ThreadType,
    /// Raw text or HTML.
    pub(crate) body: String,
    /// Who writes.
    pub(crate) author: Author,
    /// Copy recipients: they replace the conversation's.
    pub(crate) cc: Vec<String>,
    /// Blind copy recipients: they replace the conversation's.
    pub(crate) bcc: Vec<String>,
    /// Status of the conversation afterwards; `None` means what the kind implies.
    pub(crate) status: Option<Status>,
    /// Whether it is sent.
    pub(crate) state: ThreadState,
    /// Unix seconds; now when missing.
    pub(crate) created_at: Option<i64>,
    /// When the customer opened it.
    pub(crate) opened_at: Option<i64>,
    /// Files.
    pub(crate) attachments: Vec<NewAttachment>,
    /// Channel.
    pub(crate) source_type: SourceType,
    /// Came from elsewhere: no mail is sent for it.
    pub(crate) imported: bool,
}

impl NewThread {
    /// A published thread without files or copies, as it comes through the API.
    #[must_use]
    pub(crate) fn new(kind: ThreadType, author: Author, body: impl Into<String>) -> Self {
        Self {
            kind,
            body: body.into(),
            author,
            cc: Vec::new(),
            bcc: Vec::new(),
            status: None,
            state: ThreadState::Published,
            created_at: None,
            opened_at: None,
            attachments: Vec::new(),
            source_type: SourceType::Api,
            imported: false,
        }
    }
}
