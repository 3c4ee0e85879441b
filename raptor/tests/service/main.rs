//! The service as a whole: real HTTP, a real database, and a help desk that behaves as badly as the real one.

#![expect(clippy::unwrap_used, reason = "a test that meets something unexpected is to fail there")]

mod canary;
mod contract;
mod database;
mod delivery;
mod faults;
mod files;
mod isolation;
mod live;
mod names;
mod operations;
mod passkeys;
mod sessions;
mod shielding;
mod support;
mod tickets;
