//! Random numbers from the operating system.

/// Fills `bytes`.
///
/// A machine that has no randomness must not hand out ids, challenges or keys. There is nothing sensible to answer then, so the
/// process ends.
pub fn fill(bytes: &mut [u8]) {
    if let Err(error) = getrandom::fill(bytes) {
        tracing::error!(%error, "the operating system gives no random numbers; stopping");
        std::process::abort();
    }
}

/// 128 random bits, for an id.
#[must_use]
pub fn bits() -> u128 {
    let mut bytes = [0; 16];
    fill(&mut bytes);
    u128::from_le_bytes(bytes)
}

/// 50 random bits for a [`shared::Reference`].
#[must_use]
pub fn reference() -> shared::Reference {
    let mut bytes = [0; 8];
    fill(&mut bytes);
    shared::Reference::from_bits(u64::from_le_bytes(bytes))
}
