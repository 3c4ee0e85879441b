//! Drafts: nothing that a customer wrote is lost, and nothing is sent twice.
//!
//! A draft belongs to an account and a place: the new ticket, or the reply to one ticket. It is saved within a second of the last
//! keystroke with its files, survives reloads, crashes and expired sessions, and goes when it was sent, when the customer signs out, or
//! after 30 days. Its idempotency key is made with it and lives as long as it does, so that however often it is sent, it arrives once.
//!
//! Several tabs may have the same draft open. Each saves only over what it knows ([`kept::keep`]), takes over what others saved while
//! nothing was written in it ([`follow`]), and otherwise keeps both ([`merge`]).

mod editor;
mod follow;
mod kept;
mod merge;
mod place;
mod record;
mod saving;

pub use editor::{Draft, Saved};
pub use kept::{begin_attempt, count, expire_old, load, load_all, remember_sent, remove_sent, save, take_sent, wipe};
pub use place::Place;
pub use record::{Fields, KeptFile, Record, Version};
pub use saving::put_beside;
