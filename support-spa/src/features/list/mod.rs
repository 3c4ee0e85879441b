//! The customer's tickets.

mod empty;
mod filters;
mod pane;
mod row;
mod similar;
mod store;

pub use filters::Search;
pub use pane::TicketListPane;
pub use row::StatusWord;
pub use similar::{open_tickets, similar};
pub use store::{Load, TicketStore, use_tickets};
