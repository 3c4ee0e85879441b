//! What the help desk stores: conversations, their threads, customers, agents and files.
//!
//! Times are Unix seconds, because the vendor's database keeps no fraction: two messages of one second cannot be told
//! apart by time.

pub use super::vocabulary::{ConversationState, ConversationType, SourceType, Status, ThreadState, ThreadType, Via};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Who created a conversation or a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// A customer by id.
    Customer(u64),
    /// An agent by id.
    User(u64),
}

impl Author {
    /// The side this author is on.
    #[must_use]
    pub fn via(self) -> Via {
        match self {
            Self::Customer(_) => Via::Customer,
            Self::User(_) => Via::User,
        }
    }
}

/// One ticket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    /// Sequential id, as used in the API's paths.
    pub id: u64,
    /// The number shown to people. It need not equal `id`.
    pub number: u64,
    /// How it came in.
    pub kind: ConversationType,
    /// Folder of the agents' pages.
    pub folder_id: u64,
    /// State of the work.
    pub status: Status,
    /// Visibility.
    pub state: ConversationState,
    /// Subject, raw.
    pub subject: String,
    /// Start of the newest text, an internal note's included.
    pub preview: String,
    /// Mailbox it belongs to.
    pub mailbox_id: u64,
    /// Agent it is assigned to.
    pub assignee: Option<u64>,
    /// Who opened it; `None` in some rows of the real help desk.
    pub created_by: Option<Author>,
    /// Opened at.
    pub created_at: i64,
    /// Last change of any kind, notes included.
    pub updated_at: i64,
    /// Agent who closed it.
    pub closed_by: Option<u64>,
    /// Closed at; survives a reopening.
    pub closed_at: Option<i64>,
    /// Last action of an agent.
    pub user_updated_at: Option<i64>,
    /// Last customer or agent message.
    pub last_reply_at: i64,
    /// Who wrote that message.
    pub last_reply_from: Via,
    /// Channel it came through.
    pub source_type: SourceType,
    /// Side it came from.
    pub source_via: Via,
    /// Copy recipients; each reply replaces them.
    pub cc: Vec<String>,
    /// Blind copy recipients.
    pub bcc: Vec<String>,
    /// Owner.
    pub customer_id: u64,
    /// The owner's address when the last customer message came.
    pub customer_email: String,
    /// Values by custom field id; of a dropdown, the option's key.
    pub custom_fields: BTreeMap<u64, String>,
    /// Tag ids.
    pub tags: Vec<u64>,
    /// Entries in order of insertion.
    pub threads: Vec<Thread>,
}

/// One entry of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Thread {
    /// Sequential id over all conversations.
    pub id: u64,
    /// What it is.
    pub kind: ThreadType,
    /// Status that was asked for with it, `active` when none was, `nochange` for line items.
    pub status: Status,
    /// Whether it was sent; only published ones are returned.
    pub state: ThreadState,
    /// Kind of action, for line items.
    pub action_type: String,
    /// Text of the action with the agent's full name, for line items.
    pub action_text: String,
    /// Raw text or HTML; `None` for line items.
    pub body: Option<String>,
    /// Channel.
    pub source_type: SourceType,
    /// Customer of the thread.
    pub customer_id: u64,
    /// Who wrote it.
    pub created_by: Author,
    /// Agent the conversation was assigned to then.
    pub assigned_to: Option<u64>,
    /// Recipients.
    pub to: Vec<String>,
    /// Copy recipients.
    pub cc: Vec<String>,
    /// Blind copy recipients.
    pub bcc: Vec<String>,
    /// Written at.
    pub created_at: i64,
    /// Opened by the customer at.
    pub opened_at: Option<i64>,
    /// Ids of the files.
    pub attachments: Vec<u64>,
}

/// One customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Customer {
    /// Sequential id.
    pub id: u64,
    /// At most 40 characters.
    pub first_name: String,
    /// At most 40 characters.
    pub last_name: String,
    /// Addresses; the first is the main one.
    pub emails: Vec<CustomerEmail>,
    /// Telephone numbers.
    pub phones: Vec<String>,
    /// Company.
    pub company: Option<String>,
    /// Job title.
    pub job_title: Option<String>,
    /// The agents' private text about the customer.
    pub notes: Option<String>,
    /// Address of a picture on the help desk's host, or empty.
    pub photo_url: String,
    /// Created at.
    pub created_at: i64,
    /// Changed at.
    pub updated_at: i64,
}

impl Customer {
    /// The main address, or the empty string.
    #[must_use]
    pub fn email(&self) -> &str {
        self.emails.first().map_or("", |email| email.value.as_str())
    }

    /// Whether one of the addresses is this one. The database compares without regard to case.
    #[must_use]
    pub fn has_email(&self, email: &str) -> bool {
        self.emails.iter().any(|own| own.value.eq_ignore_ascii_case(email))
    }
}

/// One address of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerEmail {
    /// Sequential id over all customers.
    pub id: u64,
    /// The address.
    pub value: String,
    /// `work`, `home` or `other`.
    pub kind: String,
}

/// One agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    /// Id among the users.
    pub id: u64,
    /// The only part of an agent that a customer may see.
    pub first_name: String,
    /// Never for customers.
    pub last_name: String,
    /// Never for customers.
    pub email: String,
    /// `admin` or `user`.
    pub role: String,
    /// Path of the picture below the help desk's host, or empty.
    pub photo_path: String,
    /// Created at.
    pub created_at: i64,
    /// Changed at.
    pub updated_at: i64,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Sequential id over all conversations.
    pub id: u64,
    /// Name after the help desk rewrote it.
    pub file_name: String,
    /// Type as the sender stated it.
    pub mime_type: String,
    /// The bytes.
    #[serde(with = "super::base64_bytes")]
    pub bytes: Vec<u8>,
}

/// One field that the mailbox adds to conversations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomField {
    /// Id of the definition.
    pub id: u64,
    /// Label.
    pub name: String,
    /// `singleline`, `multiline`, `dropdown`, `date` or `number`.
    pub kind: String,
    /// Label by key, for dropdowns.
    pub options: BTreeMap<u32, String>,
    /// Whether agents must fill it in.
    pub required: bool,
    /// Only agents may see it: canary mode marks its values.
    pub internal: bool,
    /// Position in the form.
    pub sort_order: u32,
}

/// One registered receiver of webhooks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookRegistration {
    /// Sequential id.
    pub id: u64,
    /// Where to post to.
    pub url: String,
    /// Event names it wants.
    pub events: Vec<String>,
}
