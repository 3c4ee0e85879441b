//! What the double does, seen from outside.

mod client;
mod replay;
mod traps;
mod traps_in_lists;
mod traps_in_writes;
