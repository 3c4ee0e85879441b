//! How often the help desk is called, and what becomes of it.

use std::sync::atomic::{AtomicU64, Ordering};

use super::error::Cause;

/// What the help desk is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// A customer by e-mail address.
    FindCustomer,
    /// A customer by id.
    GetCustomer,
    /// A new customer.
    CreateCustomer,
    /// A page of one customer's conversations.
    ListConversations,
    /// A page of what changed, of all customers.
    ListChanges,
    /// A conversation with its threads.
    GetConversation,
    /// A new conversation.
    CreateConversation,
    /// A new thread.
    AddThread,
    /// Another status.
    SetStatus,
    /// A file.
    Download,
    /// The mailbox's custom fields.
    ListCustomFields,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::FindCustomer,
        Self::GetCustomer,
        Self::CreateCustomer,
        Self::ListConversations,
        Self::ListChanges,
        Self::GetConversation,
        Self::CreateConversation,
        Self::AddThread,
        Self::SetStatus,
        Self::Download,
        Self::ListCustomFields,
    ];

    /// Stable name for log lines and metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FindCustomer => "find_customer",
            Self::GetCustomer => "get_customer",
            Self::CreateCustomer => "create_customer",
            Self::ListConversations => "list_conversations",
            Self::ListChanges => "list_changes",
            Self::GetConversation => "get_conversation",
            Self::CreateConversation => "create_conversation",
            Self::AddThread => "add_thread",
            Self::SetStatus => "set_status",
            Self::Download => "download",
            Self::ListCustomFields => "list_custom_fields",
        }
    }
}

/// Something in an answer that was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dropped {
    /// It belongs to somebody else, although it came in answer to a question about one customer. Worth an alarm.
    Foreign,
    /// It cannot be read. Worth an alarm.
    Unreadable,
    /// The address of a file that leads away from the help desk.
    StrayFile,
}

impl Dropped {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Foreign, Self::Unreadable, Self::StrayFile];

    /// Stable name for log lines and metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Foreign => "foreign",
            Self::Unreadable => "unreadable",
            Self::StrayFile => "stray_file",
        }
    }
}

/// Counters of one client, from its start.
#[derive(Debug, Default)]
pub struct Counters {
    calls: [AtomicU64; Operation::ALL.len()],
    failures: [AtomicU64; Cause::ALL.len()],
    dropped: [AtomicU64; Dropped::ALL.len()],
}

impl Counters {
    /// How many calls left for the help desk. Those that the circuit breaker held back did not.
    #[must_use]
    pub fn calls(&self, operation: Operation) -> u64 {
        load(&self.calls, Operation::ALL.iter().position(|known| *known == operation))
    }

    /// How many calls left in all.
    #[must_use]
    pub fn all_calls(&self) -> u64 {
        self.calls.iter().map(|count| count.load(Ordering::Relaxed)).sum()
    }

    /// How many calls failed so, those that were held back included.
    #[must_use]
    pub fn failures(&self, cause: Cause) -> u64 {
        load(&self.failures, Cause::ALL.iter().position(|known| *known == cause))
    }

    /// How many things were left out.
    #[must_use]
    pub fn dropped(&self, what: Dropped) -> u64 {
        load(&self.dropped, Dropped::ALL.iter().position(|known| *known == what))
    }

    pub(super) fn count_call(&self, operation: Operation) {
        add(&self.calls, Operation::ALL.iter().position(|known| *known == operation), 1);
    }

    pub(super) fn count_failure(&self, cause: Cause) {
        add(&self.failures, Cause::ALL.iter().position(|known| *known == cause), 1);
    }

    pub(super) fn count_dropped(&self, what: Dropped, count: u64) {
        add(&self.dropped, Dropped::ALL.iter().position(|known| *known == what), count);
    }
}

fn load(counts: &[AtomicU64], place: Option<usize>) -> u64 {
    place.and_then(|place| counts.get(place)).map_or(0, |count| count.load(Ordering::Relaxed))
}

fn add(counts: &[AtomicU64], place: Option<usize>, count: u64) {
    if let Some(known) = place.and_then(|place| counts.get(place)) {
        known.fetch_add(count, Ordering::Relaxed);
    }
}
