//! What customers should know before they write.

mod list;
mod store;

pub use list::Notices;
pub use store::{NoticeStore, use_notices};
