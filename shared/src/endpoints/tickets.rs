//! Tickets: the list, the thread, and what a customer does with them.

use serde::{Deserialize, Serialize};

use crate::bounded::{Line, List, Text};
use crate::endpoint::{endpoint, json_requests, json_responses};
use crate::id::{AttachmentId, FieldId, MessageId, TicketId, TopicId, UploadId};
use crate::params::{path_params, query_params, word_enum};
use crate::rich_text::RichText;
use crate::timestamp::Timestamp;

endpoint! {
    /// Lists the customer's tickets.
    ListTickets = "listTickets": Get "/api/v1/support/tickets", Bearer, Read => 200, query ListQuery, response TicketPage;
    "The customer's tickets, a page at a time, with the number in each status."
}

endpoint! {
    /// Opens a ticket.
    CreateTicket = "createTicket": Post "/api/v1/support/tickets", Bearer, Write => 201, request NewTicket, response TicketSummary, idempotent true;
    "Opens a ticket. 202 with `accepted_unconfirmed` when it was kept and could not be delivered yet."
}

endpoint! {
    /// Reads a ticket and its thread.
    GetTicket = "getTicket": Get "/api/v1/support/tickets/{ticket_id}", Bearer, Read => 200, path TicketPath, query ThreadQuery, response Ticket;
    "A ticket and its thread, oldest message first; a long thread comes in pages, the newest page first."
}

endpoint! {
    /// Replies.
    Reply = "reply": Post "/api/v1/support/tickets/{ticket_id}/replies", Bearer, Write => 201, path TicketPath, request NewReply, response Message, idempotent true;
    "Replies. The message leaves after a few seconds, until when it can be withdrawn; see its `delivery`."
}

endpoint! {
    /// Takes a reply back before it leaves.
    WithdrawReply = "withdrawReply": Delete "/api/v1/support/tickets/{ticket_id}/replies/{message_id}", Bearer, Write => 204, path MessagePath;
    "Withdraws a reply that has not left yet. 409 with `in_progress` when it is too late."
}

endpoint! {
    /// Resolves or reopens.
    SetStatus = "setStatus": Put "/api/v1/support/tickets/{ticket_id}/status", Bearer, Write => 200, path TicketPath, request StatusChange, response TicketState;
    "Marks a ticket as resolved, or opens it again."
}

endpoint! {
    /// Moves the read marker.
    MarkRead = "markRead": Put "/api/v1/support/tickets/{ticket_id}/read", Bearer, Write => 204, path TicketPath, request ReadMarker;
    "Says up to when the thread has been read. The marker never moves back."
}

endpoint! {
    /// Rates the help.
    Rate = "rate": Put "/api/v1/support/tickets/{ticket_id}/rating", Bearer, Write => 200, path TicketPath, request NewRating, response Rating;
    "Rates how the ticket was handled; may be changed later."
}

path_params! {
    /// The path of one ticket.
    TicketPath {
        /// The ticket.
        ticket_id: TicketId,
    }
}

path_params! {
    /// The path of one message.
    MessagePath {
        /// The ticket.
        ticket_id: TicketId,
        /// The message.
        message_id: MessageId,
    }
}

/// Where a page begins: what an earlier page gave as its cursor, opaque, at most 200 characters.
pub type Cursor = Line<1, 200>;

/// A short preview of a message, one line.
pub type Snippet = Line<0, 200>;

/// A ticket's subject.
pub type Subject = Line<1, 200>;

/// What a customer writes: plain text with light Markdown, see [`crate::rich_text::compose`].
pub type MessageText = Text<1, 20_000>;

query_params! {
    /// Which tickets, in which order.
    #[derive(Default)]
    ListQuery {
        optional {
            /// Only those in this group; all when absent.
            status: StatusFilter,
            /// Only those whose subject, number or messages contain this.
            q: Line<1, 200>,
            /// The order; newest activity first when absent.
            sort: Sort,
            /// Where the page begins.
            cursor: Cursor,
            /// How many; 25 when absent.
            limit: PageSize,
        }
    }
}

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

/// How many tickets a page holds, 1 to 50.
pub type PageSize = Count<50>;
/// How many messages a page of a thread holds, 1 to 100.
pub type ThreadPageSize = Count<100>;

/// A number from 1 to `MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count<const MAX: u16>(u16);

impl<const MAX: u16> Count<MAX> {
    /// The number, when it is from 1 to `MAX`.
    #[must_use]
    pub const fn new(count: u16) -> Option<Self> {
        if count >= 1 && count <= MAX { Some(Self(count)) } else { None }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl<const MAX: u16> crate::Param for Count<MAX> {
    fn parse_param(text: &str) -> Result<Self, crate::Violation> {
        // One spelling: no sign, no leading zero, ASCII digits.
        let plain = (1..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
        plain
            .then(|| text.parse().ok().and_then(Self::new))
            .flatten()
            .ok_or_else(|| crate::FieldCode::Malformed.because("this is not a number within the bounds"))
    }
    fn param(&self) -> std::borrow::Cow<'_, str> {
        self.0.to_string().into()
    }
    #[cfg(feature = "schema")]
    fn param_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "integer", "minimum": 1, "maximum": MAX })
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
    /// Which tickets a list shows.
    StatusFilter {
        /// Everything that is not resolved.
        Open = "open",
        /// [`TicketStatus::Received`].
        Received = "received",
        /// [`TicketStatus::Working`].
        Working = "working",
        /// [`TicketStatus::WaitingForYou`].
        WaitingForYou = "waiting_for_you",
        /// [`TicketStatus::Resolved`].
        Resolved = "resolved",
        /// All of them.
        All = "all",
    }
}

word_enum! {
    /// The order of a list.
    Sort {
        /// Newest visible activity first.
        Activity = "activity",
        /// Newest ticket first.
        Newest = "newest",
        /// Oldest ticket first.
        Oldest = "oldest",
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

/// How many of the customer's tickets stand where. The search does not change the counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StatusCounts {
    /// [`TicketStatus::Received`].
    pub received: u32,
    /// [`TicketStatus::Working`].
    pub working: u32,
    /// [`TicketStatus::WaitingForYou`].
    pub waiting_for_you: u32,
    /// [`TicketStatus::Resolved`].
    pub resolved: u32,
}

/// A page of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TicketPage {
    /// The tickets.
    pub items: List<TicketSummary, 50>,
    /// Where the next page begins; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<Cursor>,
    /// How many stand where, over all pages.
    pub counts: StatusCounts,
    /// When this was last true.
    pub synced_at: Timestamp,
    /// The team's systems could not be reached, and this is what we knew at `synced_at`.
    pub stale: bool,
}

/// A ticket in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TicketSummary {
    /// Opaque id.
    pub id: TicketId,
    /// The number that people say, shown as `#1043`; absent until the ticket has been delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// What it is about.
    pub subject: Subject,
    /// Where it stands.
    pub status: TicketStatus,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When the newest message that the customer can see was written.
    pub last_activity_at: Timestamp,
    /// Who wrote that message.
    pub last_author: Author,
    /// The beginning of that message.
    pub snippet: Snippet,
    /// How many messages the customer can see.
    pub message_count: u32,
    /// How many files they carry.
    pub attachment_count: u32,
    /// The team wrote something that has not been read.
    pub unread: bool,
    /// How far the ticket itself has come.
    pub delivery: Delivery,
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

json_requests! {
    NewTicket: 128 * 1024;
    NewReply: 128 * 1024;
    StatusChange: 256;
    ReadMarker: 256;
    NewRating: 8 * 1024;
}

json_responses! {
    TicketPage: 512 * 1024;
    TicketSummary: 16 * 1024;
    Ticket: 4 * 1024 * 1024;
    Message: 1024 * 1024;
    TicketState: 1024;
    Rating: 8 * 1024;
}
