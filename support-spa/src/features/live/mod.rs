//! News as it happens, and the truth about whether that works.

mod badge;
mod connection;

pub use badge::LiveBadge;
pub use connection::{Health, Live, start, use_live};
