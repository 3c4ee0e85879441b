//! Opening a ticket.

mod duplicate;
mod fields;
mod form;
mod problems;
pub mod request;

pub use form::NewTicketPane;
