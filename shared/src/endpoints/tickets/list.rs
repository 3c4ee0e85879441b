//! What a list shows, and of which tickets.

use serde::{Deserialize, Serialize};

use super::thread::{Author, Delivery, Subject, TicketStatus};
use crate::bounded::{Line, List};
use crate::id::TicketId;
use crate::params::query_params;
use crate::timestamp::Timestamp;
use crate::words::word_enum;

/// Where a page begins: what an earlier page gave as its cursor, opaque, at most 200 characters.
pub type Cursor = Line<1, 200>;

/// A short preview of a message, one line.
pub type Snippet = Line<0, 200>;

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
