//! Where a draft belongs.

use shared::{CustomerId, TicketId};

/// Where a draft belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The new-ticket form.
    NewTicket,
    /// The reply to a ticket.
    Reply(TicketId),
}

impl Place {
    /// The place as it stands in the draft's key and on the channel between tabs.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::NewTicket => "new".to_owned(),
            Self::Reply(ticket_id) => ticket_id.to_string(),
        }
    }

    pub(super) fn parse(name: &str) -> Option<Self> {
        match name {
            "new" => Some(Self::NewTicket),
            name => TicketId::parse(name).ok().map(Self::Reply),
        }
    }

    pub(super) fn key(self, account: CustomerId) -> String {
        [&account.to_string(), " ", &self.name()].concat()
    }
}
