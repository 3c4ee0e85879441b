//! Working without a connection: what was last seen, what waits to be sent, and saying so.

mod banner;
pub mod outbox;
pub mod seen;

pub use banner::{OfflineBanner, follow, use_online};
