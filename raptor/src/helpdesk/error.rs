//! What can become of a call. No text of the help desk's travels in any of it.

use std::fmt;

/// Why the help desk could not be asked, or why its answer could not be used. For logs and metrics, never for customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// It failed so often that it is left alone for a while.
    CircuitOpen,
    /// No connection came about.
    Connect,
    /// No answer came in time.
    Timeout,
    /// The connection broke before the answer was complete.
    Interrupted,
    /// It answered with a status of 500 or more.
    ServerError,
    /// It does not accept the key.
    Unauthorized,
    /// The access gate in front of it answered in its place.
    AccessGate,
    /// It, or the web server in front of it, wants fewer calls.
    RateLimited,
    /// The answer is larger than any that we can use.
    TooLarge,
    /// The answer cannot be read.
    Malformed,
    /// The answer is none that this call can have.
    Unexpected,
    /// Something that the call needs is missing from the configuration.
    NotConfigured,
}

impl Cause {
    /// All causes, for counters.
    pub const ALL: [Self; 12] = [
        Self::CircuitOpen,
        Self::Connect,
        Self::Timeout,
        Self::Interrupted,
        Self::ServerError,
        Self::Unauthorized,
        Self::AccessGate,
        Self::RateLimited,
        Self::TooLarge,
        Self::Malformed,
        Self::Unexpected,
        Self::NotConfigured,
    ];

    /// Stable code for log lines and metrics.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::CircuitOpen => "circuit_open",
            Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::Interrupted => "interrupted",
            Self::ServerError => "server_error",
            Self::Unauthorized => "unauthorized",
            Self::AccessGate => "access_gate",
            Self::RateLimited => "rate_limited",
            Self::TooLarge => "too_large",
            Self::Malformed => "malformed",
            Self::Unexpected => "unexpected",
            Self::NotConfigured => "not_configured",
        }
    }

    /// What an operator should know and do.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::CircuitOpen => "it failed repeatedly and is left alone for a while; see the earlier causes",
            Self::Connect => "no connection came about; check the address, DNS, TLS and the network",
            Self::Timeout => "no answer came in time; check its load",
            Self::Interrupted => {
                "the connection broke before the answer was complete; check the servers in front of it"
            }
            Self::ServerError => "it failed inside; check its own log",
            Self::Unauthorized => "it does not accept the key; replace the key and reload",
            Self::AccessGate => "the access gate did not let the call through; check the gate's service token",
            Self::RateLimited => "it wants fewer calls; they are slowed down by themselves",
            Self::TooLarge => "the answer exceeds the size that can be used",
            Self::Malformed => "the answer cannot be read; check the address and the version of its interface",
            Self::Unexpected => {
                "the answer is none that this call can have; check the address and the version of its interface"
            }
            Self::NotConfigured => "the configuration lacks what this call needs",
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code(), self.advice())
    }
}

/// Why nothing could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It does not exist, or it is not the customer's, or it is not for customers' eyes. The three are never told apart.
    #[error("there is no such thing for this customer")]
    NotFound,
    /// The help desk refused to answer. A fault of ours: nothing that a customer sends reaches a read unchecked.
    #[error("the read was refused: {0}")]
    Refused(Refusal),
    /// It could not be asked. Try later.
    #[error("the help desk could not be read: {0}")]
    Unavailable(Cause),
}

/// What became of something that was to be written, when it is not certain to be done.
///
/// The three are what exactly-once delivery hangs on: the first must not be tried again, the second may be, and the third may only be
/// after somebody has looked whether it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// It was refused. It is not there, and trying again will not help.
    #[error("the write was refused: {0}")]
    Refused(Refusal),
    /// It never reached the help desk. It is certainly not there; try again later.
    #[error("the write did not reach the help desk: {0}")]
    NotReached(Cause),
    /// Nobody knows. It may be there. Look before trying again.
    #[error("the write may or may not have happened: {0}")]
    Unknown(Cause),
}

impl WriteError {
    /// It is certain that nothing was written.
    #[must_use]
    pub const fn is_certainly_absent(self) -> bool {
        !matches!(self, Self::Unknown(_))
    }
}

impl From<ReadError> for WriteError {
    /// For reads that come before a write: whatever happened to them, nothing was written.
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::NotFound => Self::Refused(Refusal::NotFound),
            ReadError::Refused(refusal) => Self::Refused(refusal),
            ReadError::Unavailable(cause) => Self::NotReached(cause),
        }
    }
}

/// Why the help desk refuses, as far as we can act on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    /// What it is about does not exist, or not for this customer.
    #[error("not found")]
    NotFound,
    /// The whole is too large for the web server in front of it.
    #[error("too large")]
    TooLarge,
    /// A customer with this e-mail address exists already.
    #[error("the e-mail address is taken")]
    EmailTaken,
    /// It does not take this e-mail address.
    #[error("the e-mail address is not accepted")]
    EmailInvalid,
    /// It does not like something else.
    #[error("not accepted")]
    Invalid,
}
