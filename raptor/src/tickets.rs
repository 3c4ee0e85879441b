//! Tickets: a copy of what each customer can see, kept fresh, and the routes that show it.
//!
//! The help desk's lists cannot be shown: their previews come from internal notes and their times move with internal changes. So Raptor
//! reads each conversation that changed, keeps what its customer may see, and serves lists, searches and threads from there. A customer
//! who refreshes all the time costs the help desk one call per interval, and one who comes while it is down sees what was there before.

mod copier;
mod copy;
mod cursor;
mod download;
mod export;
mod flights;
mod list;
mod rating;
mod status;
mod thread;
mod upload;

pub use copier::{Copier, Freshness, RefreshError};
pub(crate) use copy::first_copy;
pub(crate) use list::summary;
pub(crate) use thread::pending_message;
