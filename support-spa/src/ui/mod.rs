//! What every feature is built from. Nothing here knows about tickets.

mod announcer;
mod button;
mod confirm;
mod dialog;
mod dynamic;
mod empty;
mod failure;
mod heading;
mod keyed;
mod skeleton;
mod time;
mod toast;

pub use announcer::{Announcer, LiveRegions, use_announcer};
pub use button::{ActionButton, Look};
pub use confirm::Confirm;
pub use dialog::Dialog;
pub use dynamic::dynamic;
pub use empty::EmptyState;
pub use failure::{FailureNotice, because, reason, reference_line, worded};
pub use heading::PageHeading;
pub use keyed::{Row, RowKey, rows};
pub use skeleton::{FormSkeleton, ListSkeleton, PageSkeleton, ThreadSkeleton};
pub use time::{Time, TimeStyle};
pub use toast::{Toast, ToastAction, ToastShelf, Toasts, use_toasts};
