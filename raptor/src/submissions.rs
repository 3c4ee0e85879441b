//! What customers write: accepted once, delivered once.
//!
//! The help desk has no idempotency: a request that is repeated is stored twice, and one whose answer is lost may or may not have been
//! stored. So a submission is written to the outbox before anything is sent, each attempt is noted before it is made, and after an
//! attempt with an unknown outcome the help desk is searched for the message's mark before anything is sent again.

mod accept;
mod backoff;
mod deliver;
mod outbox;
mod payload;
mod routes;

pub use outbox::Outbox;
pub(crate) use payload::Payload;
