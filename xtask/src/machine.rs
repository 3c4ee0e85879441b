//! What a machine must have, how to get what it lacks, and what to say when it cannot be had.

pub(crate) mod browser;
pub(crate) mod node;
pub(crate) mod python;
pub(crate) mod rust;
