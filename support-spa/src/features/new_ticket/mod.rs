//! Opening a ticket.

mod duplicate;
mod fields;
mod form;

pub use form::NewTicketPane;
