//! What a customer sends.

use serde::{Deserialize, Serialize};

use super::thread::Subject;
use crate::bounded::{Line, List, Text};
use crate::id::{FieldId, TopicId, UploadId};
use crate::timestamp::Timestamp;
use crate::words::word_enum;

/// What a customer writes: plain text with light Markdown, see [`crate::rich_text::compose`].
pub type MessageText = Text<1, 20_000>;

/// A new ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewTicket {
    /// What kind of thing it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic_id: Option<TopicId>,
    /// What it is about.
    pub subject: Subject,
    /// The message.
    pub body: MessageText,
    /// The topic's fields.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub fields: List<FieldValue, 20>,
    /// Files that were uploaded before.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub uploads: List<UploadId, 10>,
}

/// One field of a topic, filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FieldValue {
    /// The field.
    pub field_id: FieldId,
    /// The value; for a choice, the option's value.
    pub value: Line<0, 500>,
}

/// A reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewReply {
    /// The message.
    pub body: MessageText,
    /// Files that were uploaded before.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub uploads: List<UploadId, 10>,
}

word_enum! {
    /// What a customer can make of a ticket.
    RequestedStatus {
        /// Done.
        Resolved = "resolved",
        /// Not done after all.
        Reopened = "reopened",
    }
}

/// Resolve or reopen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StatusChange {
    /// What it is to be.
    pub status: RequestedStatus,
}

/// Up to when a thread has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReadMarker {
    /// Time of the newest message that was seen.
    pub up_to: Timestamp,
}

word_enum! {
    /// How well a ticket was handled.
    Score {
        /// Well.
        Great = "great",
        /// So-so.
        Okay = "okay",
        /// Badly.
        NotGood = "not_good",
    }
}

/// A rating, as it is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewRating {
    /// How well.
    pub score: Score,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Text<1, 1000>>,
}
