//! What is the customer's.

use serde::{Deserialize, Serialize};

use crate::body::json_responses;
use crate::bounded::List;
use crate::endpoint::endpoint;
use crate::endpoints::auth::Customer;
use crate::endpoints::tickets::{FilledField, Message, Rating, Subject, TicketStatus};
use crate::id::TicketId;
use crate::timestamp::Timestamp;

endpoint! {
    /// Exports everything that is the customer's.
    ExportData = "exportData": Get "/api/v1/support/export", Bearer, Heavy => 200, response Export;
    "Everything that is the customer's, as one JSON document."
}

/// Everything that is the customer's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Export {
    /// When it was made.
    pub generated_at: Timestamp,
    /// Whose it is.
    pub customer: Customer,
    /// The tickets with all messages, newest activity first.
    pub tickets: List<ExportedTicket, 10_000>,
    /// There was more than fits; the oldest tickets are missing.
    pub truncated: bool,
}

/// A ticket in an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExportedTicket {
    /// Opaque id.
    pub id: TicketId,
    /// The number that people say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// What it is about.
    pub subject: Subject,
    /// Where it stands.
    pub status: TicketStatus,
    /// When it was opened.
    pub created_at: Timestamp,
    /// What the customer filled in beside the message.
    pub fields: List<FilledField, 20>,
    /// The whole thread, oldest first.
    pub messages: List<Message, 10_000>,
    /// The customer's rating.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
}

json_responses! {
    Export: 32 * 1024 * 1024;
}
