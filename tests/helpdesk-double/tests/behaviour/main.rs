//! What the double does, seen from outside.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

mod auto_agent;
mod canary;
mod client;
mod concurrency;
mod demo;
mod faults;
mod front;
mod lists;
mod operator;
mod persistence;
mod replay;
mod traps;
mod traps_in_lists;
mod traps_in_writes;
mod webhooks;
