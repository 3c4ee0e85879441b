//! Raptor's public keys (RFC 7517): read with suspicion, kept for a while, asked for anew with restraint.

mod set;
mod store;
#[cfg(test)]
mod tests;

pub use set::{Key, KeyMaterial, KeySet, KeySetError};
pub use store::{COLD_RETRY, HARD_AGE, KeyStore, Plan, REFRESH_RETRY, SOFT_AGE, UNKNOWN_KEY_INTERVAL};

/// Largest key set, in bytes.
pub const MAX_BYTES: usize = 32 * 1024;
/// How long a fetch of the key set may take, in milliseconds.
pub const TIMEOUT: u32 = 2_500;
