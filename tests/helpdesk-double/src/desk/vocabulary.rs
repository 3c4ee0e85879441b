//! The vendor's closed sets of words, spelt as on the wire.

use serde::{Deserialize, Serialize};

macro_rules! vendor_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_meta])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// The value with exactly this spelling on the wire, if there is one.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text {
                    $($text => Some(Self::$variant),)+
                    _ => None,
                }
            }

            /// The spelling on the wire.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }
    };
}

vendor_enum! {
    /// State of the work on a conversation.
    Status {
        /// The team moves next.
        Active = "active",
        /// The customer moves next.
        Pending = "pending",
        /// Done.
        Closed = "closed",
        /// Taken for spam.
        Spam = "spam",
        /// Only on threads: this thread left the conversation's status alone.
        NoChange = "nochange",
    }
}

vendor_enum! {
    /// How a conversation came in.
    ConversationType {
        /// E-mail, also for what the API creates.
        Email = "email",
        /// A telephone note.
        Phone = "phone",
        /// A chat.
        Chat = "chat",
        /// Of a module.
        Custom = "custom",
    }
}

vendor_enum! {
    /// Whether a conversation is visible to agents.
    ConversationState {
        /// Being written by an agent.
        Draft = "draft",
        /// Normal.
        Published = "published",
        /// In the bin, and still returned by lists without a state filter.
        Deleted = "deleted",
    }
}

vendor_enum! {
    /// What one entry of a conversation is.
    ThreadType {
        /// Written by the customer.
        Customer = "customer",
        /// An agent's answer to the customer.
        Message = "message",
        /// An agent's internal note. Customers must never see it.
        Note = "note",
        /// A log line such as "Ada Agent marked as Closed". Customers must never see it.
        Lineitem = "lineitem",
        /// A chat line.
        Chat = "chat",
    }
}

vendor_enum! {
    /// Whether a thread was sent.
    ThreadState {
        /// Being written.
        Draft = "draft",
        /// Sent.
        Published = "published",
        /// Hidden by an agent.
        Hidden = "hidden",
        /// Waits for a review.
        Review = "review",
    }
}

vendor_enum! {
    /// Which side something came from.
    Via {
        /// The customer.
        Customer = "customer",
        /// An agent.
        User = "user",
    }
}

vendor_enum! {
    /// Which channel something came through.
    SourceType {
        /// E-mail.
        Email = "email",
        /// The agents' web pages.
        Web = "web",
        /// The API.
        Api = "api",
    }
}
