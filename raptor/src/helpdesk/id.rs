//! The help desk's numbers. None of them ever leaves Raptor.

use std::fmt;
use std::num::NonZeroU64;

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// Never zero: the help desk reads an empty or zero id as "no filter" and then answers with everybody's data.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(NonZeroU64);

        impl $name {
            /// The id of this number; `None` for zero.
            #[must_use]
            pub const fn new(number: u64) -> Option<Self> {
                match NonZeroU64::new(number) {
                    Some(number) => Some(Self(number)),
                    None => None,
                }
            }

            /// The number, for Raptor's own database.
            #[must_use]
            pub const fn get(self) -> u64 {
                self.0.get()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }
    )*};
}

numbers! {
    /// A customer as the help desk knows them.
    CustomerId;
    /// A conversation, which customers know as a ticket. Not the number that people say.
    ConversationId;
    /// A thread, which customers know as a message.
    ThreadId;
    /// A file of a thread.
    AttachmentId;
    /// A mailbox.
    MailboxId;
    /// An agent's account.
    AgentId;
    /// A custom field of a mailbox.
    CustomFieldId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_no_id() {
        assert_eq!(CustomerId::new(0), None);
        assert_eq!(CustomerId::new(7).map(CustomerId::get), Some(7));
        assert_eq!(ConversationId::new(u64::MAX).map(|id| id.to_string()), Some(u64::MAX.to_string()));
    }
}
