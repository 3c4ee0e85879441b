//! The customer's tickets.

mod empty;
mod filters;
mod load;
mod pane;
mod row;
mod similar;
mod store;

pub use filters::Search;
pub use load::Load;
pub use pane::TicketListPane;
pub use row::StatusWord;
pub use similar::{open_tickets, similar};
pub use store::{TicketStore, use_tickets};
