//! The contract, enforced in both directions.

pub mod answer;
pub mod disposition;
pub mod media_type;
pub mod names;
