//! Server-sent events about the customer's tickets.

use serde::{Deserialize, Serialize};

use crate::endpoints::tickets::AuthorKind;
use crate::id::TicketId;
use crate::json::{decode_plainly, encode};
use crate::timestamp::Timestamp;

/// One event. It says that something changed, never what was written: whoever wants to know reads the ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LiveEvent {
    /// The stream is open and complete from here on.
    Ready,
    /// A ticket changed: a message, its status, or its delivery.
    TicketChanged {
        /// Which.
        ticket_id: TicketId,
        /// Time of its newest visible message.
        last_activity_at: Timestamp,
        /// Who wrote that.
        last_author: AuthorKind,
    },
    /// Something may have been missed: read the list again.
    Resync,
    /// The session has ended; no more events will come.
    SessionEnded,
}

#[derive(Serialize, Deserialize)]
struct Changed {
    ticket_id: TicketId,
    last_activity_at: Timestamp,
    last_author: AuthorKind,
}

impl LiveEvent {
    /// The event's name, the `event:` field.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::TicketChanged { .. } => "ticket_changed",
            Self::Resync => "resync",
            Self::SessionEnded => "session_ended",
        }
    }

    /// The event's `data:` field: one line of JSON.
    #[must_use]
    pub fn data(&self) -> String {
        match *self {
            Self::TicketChanged { ticket_id, last_activity_at, last_author } => {
                let bytes = encode(&Changed { ticket_id, last_activity_at, last_author });
                String::from_utf8(bytes).unwrap_or_default()
            }
            Self::Ready | Self::Resync | Self::SessionEnded => String::from("{}"),
        }
    }

    /// Reads an event; `None` for a name that this version does not know or data that does not fit. The reader then reads the list
    /// again.
    #[must_use]
    pub fn parse(name: &str, data: &str) -> Option<Self> {
        match name {
            "ready" => Some(Self::Ready),
            "resync" => Some(Self::Resync),
            "session_ended" => Some(Self::SessionEnded),
            "ticket_changed" => {
                let Changed { ticket_id, last_activity_at, last_author } = decode_plainly(data.as_bytes()).ok()?;
                Some(Self::TicketChanged { ticket_id, last_activity_at, last_author })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        let changed = LiveEvent::TicketChanged {
            ticket_id: TicketId::from_bits(7),
            last_activity_at: Timestamp::from_millis(1_700_000_000_000),
            last_author: AuthorKind::Team,
        };
        for event in [LiveEvent::Ready, changed, LiveEvent::Resync, LiveEvent::SessionEnded] {
            assert_eq!(LiveEvent::parse(event.name(), &event.data()), Some(event));
            assert!(!event.data().contains('\n'));
        }
        assert_eq!(LiveEvent::parse("ticket_changed", "{}"), None);
        assert_eq!(LiveEvent::parse("later", "{}"), None);
    }
}
