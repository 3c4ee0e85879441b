//! What is kept of the help desk's answers. What must not leave Raptor has no place in these types: no preview, no notes, no blind
//! copies, no assignee, no tags, no picture addresses, and of an agent nothing but the first name.

use std::fmt;

use shared::{MessageId, Timestamp};

use super::attachments::AttachmentSource;
use super::id::{AttachmentId, ConversationId, CustomFieldId, CustomerId, ThreadId};

/// A customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// The id.
    pub id: CustomerId,
    /// First name; may be empty.
    pub first_name: String,
    /// Last name; may be empty.
    pub last_name: String,
    /// All addresses, lower case.
    pub emails: Vec<Email>,
}

/// An e-mail address in lower case, at most 191 bytes, the help desk's bound. That it is the customer's has been verified by whoever
/// made it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Email(String);

impl Email {
    /// Longest address, in bytes.
    pub const MAX_BYTES: usize = 191;

    /// Reads an address: one `@`, something on both sides, printable and without blanks. `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let (local, domain) = text.split_once('@')?;
        let plain =
            !text.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, ',' | ';' | '<' | '>' | '"'));
        (plain && !local.is_empty() && !domain.is_empty() && !domain.contains('@') && text.len() <= Self::MAX_BYTES)
            .then_some(Self(text))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Email {
    /// Addresses do not belong into logs.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Email(..)")
    }
}

/// An address that gets copies, as the help desk spells it, so that it can be sent back unchanged.
#[derive(Clone, PartialEq, Eq)]
pub struct CopyAddress(String);

impl CopyAddress {
    pub(super) const fn new(text: String) -> Self {
        Self(text)
    }

    /// The address. Not checked: it is whatever the help desk holds.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CopyAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CopyAddress(..)")
    }
}

/// Where a conversation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConversationStatus {
    /// The team moves next.
    Active,
    /// The customer moves next.
    Pending,
    /// Done.
    Closed,
    /// Taken for spam. Customers see it as received.
    Spam,
}

/// Changes whenever something in the conversation does, internal things included. Good for asking "is my copy still true?" and for
/// nothing else, therefore it is no time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Revision(pub(super) String);

impl Revision {
    /// For Raptor's own database: at most 60 bytes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Revision {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// A conversation without its threads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationSummary {
    /// The id.
    pub id: ConversationId,
    /// Whose it is.
    pub owner: CustomerId,
    /// The number that people say.
    pub number: u32,
    /// What it is about; may be empty, may hold anything.
    pub subject: String,
    /// Where it stands.
    pub status: ConversationStatus,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was closed, while it is.
    pub closed_at: Option<Timestamp>,
    /// Whether a copy is still true.
    pub revision: Revision,
    /// Values of the visible custom fields.
    pub fields: Vec<FilledCustomField>,
}

/// A value of a custom field that customers may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilledCustomField {
    /// The field.
    pub id: CustomFieldId,
    /// What it is called.
    pub name: String,
    /// The value as people read it.
    pub text: String,
}

/// A page of a customer's conversations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationPage {
    /// The conversations, in the order that was asked for.
    pub items: Vec<ConversationSummary>,
    /// There are further pages.
    pub has_more: bool,
    /// How many the help desk says there are in all.
    pub total: u32,
}

/// That something changed, without what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Whose it is.
    pub owner: CustomerId,
    /// Whether a copy is still true.
    pub revision: Revision,
}

/// A page of changes, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangePage {
    /// The changes.
    pub items: Vec<Change>,
    /// There are further pages.
    pub has_more: bool,
}

/// A conversation and everything in it that its customer may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// All about it.
    pub summary: ConversationSummary,
    /// The visible threads, oldest first by time and then by id.
    pub threads: Vec<Thread>,
    /// Addresses that get copies of the team's answers. A reply must send them back, or they are forgotten;
    /// [`super::HelpDesk::reply`] does.
    pub cc: Vec<CopyAddress>,
    /// When the next agent's message that is held back becomes visible.
    pub held_back_until: Option<Timestamp>,
    /// Threads that could not be read. They may be messages that the customer misses: worth an alarm.
    pub unreadable: u32,
}

impl Conversation {
    /// Time of the newest visible message; of the opening when there is none.
    #[must_use]
    pub fn last_activity_at(&self) -> Timestamp {
        self.threads.iter().map(|thread| thread.created_at).max().unwrap_or(self.summary.created_at)
    }

    /// Somebody on the team has answered.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.threads.iter().any(|thread| matches!(thread.author, ThreadAuthor::Agent { .. }))
    }
}

/// One visible message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    /// The id.
    pub id: ThreadId,
    /// Who wrote it.
    pub author: ThreadAuthor,
    /// When.
    pub created_at: Timestamp,
    /// What was written, to be read by [`crate::html`] before anything else.
    pub body: UntrustedBody,
    /// The mark that Raptor left in it when it sent the message itself.
    pub marker: Option<MessageId>,
    /// The files, those within the text included.
    pub attachments: Vec<Attachment>,
}

/// Who wrote a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ThreadAuthor {
    /// The customer whose conversation it is.
    Owner,
    /// Somebody else who takes part.
    Participant {
        /// Their name, when it is known.
        name: Option<String>,
    },
    /// The team.
    Agent {
        /// The first name, when it is known.
        first_name: Option<String>,
    },
}

/// What somebody wrote, as it came: HTML or plain text, possibly hostile. Never to be shown.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct UntrustedBody(String);

impl UntrustedBody {
    pub(super) const fn new(text: String) -> Self {
        Self(text)
    }

    /// For the reader in [`crate::html`].
    #[must_use]
    pub fn as_untrusted(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UntrustedBody {
    /// Messages do not belong into logs.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "UntrustedBody({} bytes)", self.0.len())
    }
}

/// A file of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The id.
    pub id: AttachmentId,
    /// The name that the help desk gave it. To be cleaned by [`crate::files::FileName`] before it is shown.
    pub name: String,
    /// What the sender said it is. Not to be believed.
    pub stated_media_type: String,
    /// Size in bytes, when it is known.
    pub size: Option<u64>,
    /// It stands within the text as an image.
    pub inline: bool,
    /// Where its bytes are.
    pub(super) source: AttachmentSource,
}

/// A custom field of the mailbox, for the new-ticket form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomField {
    /// The id.
    pub id: CustomFieldId,
    /// What it is called.
    pub name: String,
    /// How it is filled in.
    pub kind: CustomFieldKind,
    /// It must be filled in.
    pub required: bool,
    /// Its place among the others.
    pub sort_order: u64,
}

/// How a custom field is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CustomFieldKind {
    /// One line.
    SingleLine,
    /// Several lines.
    MultiLine,
    /// One of these, in this order.
    Choice(Vec<CustomFieldOption>),
    /// A date.
    Date,
    /// A number.
    Number,
}

/// One option of a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomFieldOption {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub label: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_one_spelling() {
        assert_eq!(Email::parse(" Dana@Example.TEST ").unwrap().as_str(), "dana@example.test");
        for bad in ["", "dana", "@x", "dana@", "a@b@c", "a b@c", "a@b,c@d", "<a@b>", "a\0@b"] {
            assert_eq!(Email::parse(bad), None, "{bad:?}");
        }
        assert_eq!(Email::parse(&format!("{}@x.test", "a".repeat(190))), None);
    }

    #[test]
    fn neither_addresses_nor_messages_are_printed() {
        assert!(!format!("{:?}", Email::parse("dana@example.test")).contains("dana"));
        assert!(!format!("{:?}", UntrustedBody::new("secret".into())).contains("secret"));
    }
}
