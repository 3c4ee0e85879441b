//! One ticket: its head, its messages, and what can be done with it.

mod actions;
mod attachments;
mod changes;
mod copying;
mod delivery;
mod head;
mod height;
mod lightbox;
mod message;
mod messages;
mod page;
mod place;
mod rating;
pub mod rich_text;
mod store;

pub use lightbox::{Lightbox, LightboxView};
pub(crate) use message::letters;
pub use page::TicketPane;
pub use rating::RatingForm;
pub use store::ThreadStore;
