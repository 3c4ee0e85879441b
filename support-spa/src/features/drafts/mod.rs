//! Drafts: nothing that a customer wrote is lost, and nothing is sent twice.
//!
//! A draft belongs to an account and a place: the new ticket, or the reply to one ticket. It is saved within a second of the last
//! keystroke with its files, survives reloads, crashes and expired sessions, and goes when it was sent, when the customer signs out, or
//! after 30 days. Its idempotency key is made with it and lives as long as it does, so that however often it is sent, it arrives once.

mod editor;
mod record;

pub use editor::{Draft, Saved};
pub use record::{Fields, KeptFile, Place, Record, count, expire_old, load, load_all, new_key, remove, save, wipe};
