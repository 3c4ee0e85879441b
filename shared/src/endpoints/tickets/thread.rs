//! A ticket, its thread, and who wrote it.

use serde::{Deserialize, Serialize};

use super::list::{Cursor, ThreadPageSize};
use super::write::Score;
use crate::bounded::{Line, List, Text};
use crate::id::{AttachmentId, MessageId, TicketId};
use crate::params::query_params;
use crate::rich_text::RichText;
use crate::timestamp::Timestamp;
use crate::words::word_enum;

/// A ticket's subject.
pub type Subject = Line<1, 200>;

query_params! {
    /// Which part of a thread.
    #[derive(Default)]
    ThreadQuery {
        optional {
            /// The page before this one, towards older messages; the newest page when absent.
            before: Cursor,
            /// How many messages; 50 when absent.
            limit: ThreadPageSize,
        }
    }
}

word_enum! {
    /// Where a ticket stands, in the customer's words.
    TicketStatus {
        /// New: nobody on the team has answered.
        Received = "received",
        /// Answered at least once; the team moves next.
        Working = "working",
        /// The customer moves next.
        WaitingForYou = "waiting_for_you",
        /// Done.
        Resolved = "resolved",
    }
}

word_enum! {
    /// Who wrote something.
    AuthorKind {
        /// The customer who is signed in.
        You = "you",
        /// Another participant of the ticket.
        Participant = "participant",
        /// The team.
        Team = "team",
    }
}

/// Who wrote a message. Of the team, only a first name is ever shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Author {
    /// Which side.
    pub kind: AuthorKind,
    /// First name of the team member, or the participant's name; absent for the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Line<1, 80>>,
}

word_enum! {
    /// How far a message of the customer's has come.
    DeliveryState {
        /// It has arrived.
        Delivered = "delivered",
        /// It waits for its time to leave and can be withdrawn.
        Queued = "queued",
        /// It is on its way, or was sent and not confirmed; we keep trying until it has arrived.
        Sending = "sending",
        /// It could not be delivered; the text is kept. See the reason.
        Failed = "failed",
    }
}

/// How far a message has come, and until when it can be withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Delivery {
    /// How far.
    pub state: DeliveryState,
    /// With [`DeliveryState::Queued`]: when it leaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaves_at: Option<Timestamp>,
    /// With [`DeliveryState::Failed`]: why, as a neutral code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<crate::ProblemCode>,
}

impl Delivery {
    /// It has arrived.
    pub const DELIVERED: Self = Self { state: DeliveryState::Delivered, leaves_at: None, reason: None };
}

/// A ticket and a page of its thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Ticket {
    /// Opaque id.
    pub id: TicketId,
    /// The number that people say; absent until the ticket has been delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// What it is about.
    pub subject: Subject,
    /// Where it stands.
    pub status: TicketStatus,
    /// Since when.
    pub status_since: Timestamp,
    /// When it was opened.
    pub created_at: Timestamp,
    /// What the customer filled in beside the message.
    pub fields: List<FilledField, 20>,
    /// Who else gets the team's answers.
    pub participants: List<Line<3, 254>, 20>,
    /// A page of the thread, oldest first by time and then by id.
    pub messages: List<Message, 100>,
    /// Where the page of older messages ends; absent when this is the oldest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub older_cursor: Option<Cursor>,
    /// How many messages the whole thread has.
    pub message_count: u32,
    /// What can be done now.
    pub can: Capabilities,
    /// The customer's rating, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
    /// Up to when the thread has been read; absent when never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_up_to: Option<Timestamp>,
    /// How far the ticket itself has come.
    pub delivery: Delivery,
    /// When this was last true.
    pub synced_at: Timestamp,
    /// The team's systems could not be reached, and this is what we knew at `synced_at`.
    pub stale: bool,
}

/// A field of the new-ticket form, as it was filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FilledField {
    /// The field's label.
    pub label: Line<1, 80>,
    /// The value, as people read it.
    pub value: Line<0, 500>,
}

/// What can be done with a ticket now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Capabilities {
    /// Reply. A reply to a resolved ticket opens it again.
    pub reply: bool,
    /// Mark as resolved.
    pub resolve: bool,
    /// Open again.
    pub reopen: bool,
    /// Rate.
    pub rate: bool,
}

/// One message of a thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Message {
    /// Opaque id; stays the same from the moment that the message was accepted.
    pub id: MessageId,
    /// Who wrote it.
    pub author: Author,
    /// When.
    pub sent_at: Timestamp,
    /// What was written.
    pub body: RichText,
    /// Older messages that were quoted below it, to be shown folded.
    #[serde(default, skip_serializing_if = "RichText::is_empty")]
    pub quoted: RichText,
    /// The files.
    pub attachments: List<Attachment, 50>,
    /// How far it has come. Messages of others have always arrived.
    pub delivery: Delivery,
}

/// A file of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Attachment {
    /// Opaque id.
    pub id: AttachmentId,
    /// Name for people, without any path.
    pub name: Line<1, 200>,
    /// Media type without parameters, such as `image/png`.
    pub media_type: Line<3, 100>,
    /// Size in bytes.
    pub size: u32,
    /// It stands within the text as an image.
    pub inline: bool,
}

/// Where a ticket stands after a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TicketState {
    /// Where it stands.
    pub status: TicketStatus,
    /// Since when.
    pub status_since: Timestamp,
    /// What can be done now.
    pub can: Capabilities,
}

/// A rating, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Rating {
    /// How well.
    pub score: Score,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Text<1, 1000>>,
    /// When it was last changed.
    pub rated_at: Timestamp,
}
