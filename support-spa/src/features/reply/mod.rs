//! Answering in a ticket.

mod form;
mod withdrawn;

pub use form::ReplyForm;
pub use withdrawn::{Withdrawn, use_withdrawn};
