//! Files on their way to us, in the new-ticket form and in a reply.

mod choose;
mod item;
mod queue;

pub use choose::{AttachButton, DropZone, FileList, take_from_paste};
pub use item::{Item, ItemState};
pub use queue::Attachments;
