//! The client of the private help desk, and the privacy boundary in front of it.
//!
//! The help desk has one key that opens everything, believes whatever customer a request names, ignores filters that it does not
//! understand, leaks internal notes into previews, loses files without a word and stores a repeated request twice. All that ends here:
//!
//! - *Ownership*: every way to a conversation names its customer, and what is not theirs does not come out ([`HelpDesk::get_conversation`]).
//! - *Redaction*: fields are read by an allow-list into types that have no place for what must not leave ([`Conversation`]).
//! - *Exactly once*: outcomes tell "refused", "never reached" and "nobody knows" apart ([`WriteError`]), and what nobody knows can be
//!   looked for ([`HelpDesk::find_reply`], [`HelpDesk::find_conversation`]).
//! - *Errors* carry causes of ours and never a text of the help desk's ([`Cause`]).

mod attachments;
mod breaker;
mod conversations;
mod counters;
mod custom_fields;
mod customers;
mod decode;
mod error;
mod id;
mod lenient;
mod model;
mod names;
mod outgoing;
mod reconcile;
mod settings;
mod submissions;
mod transport;
mod wire;

use std::fmt;
use std::sync::Arc;

pub use attachments::{Download, DownloadError};
pub use conversations::{ListOrder, ListRequest, MAX_PAGE_SIZE};
pub use counters::{Counters, Dropped, Operation};
pub use customers::NewCustomer;
pub use error::{Cause, ReadError, Refusal, WriteError};
pub use id::{AgentId, AttachmentId, ConversationId, CustomFieldId, CustomerId, MailboxId, ThreadId};
pub use model::{
    Attachment, Change, ChangePage, Conversation, ConversationPage, ConversationStatus, ConversationSummary,
    CopyAddress, CustomField, CustomFieldKind, CustomFieldOption, Customer, Email, FilledCustomField, Revision, Thread,
    ThreadAuthor, UntrustedBody,
};
pub use names::Names;
pub use outgoing::{FileOutcome, OutgoingBody, OutgoingFile};
pub use reconcile::{Attempt, Sighting};
pub use settings::{AccessGateToken, BaseUrl, BaseUrlError, BreakerSettings, Clock, Secrets, Settings, Timeouts};
pub use submissions::{Delivered, NewConversation, Opened, REOPENED_SENTENCE, RESOLVED_SENTENCE, WantedStatus};

use transport::Transport;

/// The help desk. Cheap to clone; all clones share connections, counters and the circuit breaker.
#[derive(Clone)]
pub struct HelpDesk {
    transport: Arc<Transport>,
}

/// The client could not be built: the TLS library found nothing to work with.
#[derive(Debug, thiserror::Error)]
#[error("the client of the help desk could not be set up: {0}")]
pub struct SetUpError(#[from] reqwest::Error);

impl HelpDesk {
    /// Sets the client up. Does not call the help desk.
    ///
    /// # Errors
    /// [`SetUpError`].
    pub fn new(settings: Settings, secrets: Secrets) -> Result<Self, SetUpError> {
        Ok(Self { transport: Arc::new(Transport::new(settings, secrets)?) })
    }

    /// Uses other secrets from the next call on, and gives the help desk another chance if it was left alone.
    pub fn replace_secrets(&self, secrets: Secrets) {
        self.transport.replace_secrets(secrets);
    }

    /// Its settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.transport.settings
    }

    /// What customers must not learn of it.
    #[must_use]
    pub fn names(&self) -> &Names {
        &self.transport.names
    }

    /// Its counters.
    #[must_use]
    pub fn counters(&self) -> &Counters {
        &self.transport.counters
    }

    /// It failed so often that it is left alone at present: every call would end with [`Cause::CircuitOpen`].
    #[must_use]
    pub fn is_left_alone(&self) -> bool {
        self.transport.is_open()
    }
}

impl fmt::Debug for HelpDesk {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("HelpDesk(..)")
    }
}
