//! The session's JWT: what may be in it, whether it holds, and for how long a verdict may be remembered.
//!
//! jwt-compact verifies the signature and keeps algorithms and keys apart by type. What it leaves open is decided here, on the
//! exact bytes, before any key is touched: the header holds `alg`, `typ` and `kid` and nothing else (so no `crit`, `zip`, `b64`,
//! `cty` and no embedded key), the claims are exactly those of [`shared::session`], and every time is a whole number in range.

mod algorithm;
mod bearer;
mod cache;
mod presented;
#[cfg(test)]
mod tests;
mod verdict;

pub use algorithm::{Algorithm, Algorithms, StrictEd25519};
pub use bearer::bearer;
pub use cache::{FORGED, VerdictCache};
pub use presented::{Expected, Presented};
pub use verdict::{LEEWAY, Standing, Verdict};

/// Why a token does not hold. For the log alone: to the customer every one of them is the same 401.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no `Authorization`.
    Missing,
    /// `Authorization` is not `Bearer` and one token.
    NotBearer,
    /// Longer than [`shared::session::MAX_TOKEN_BYTES`].
    TooLong,
    /// Not three parts of unpadded base64url.
    NotCompact,
    /// The header is not exactly `alg`, `typ` and `kid`.
    Header,
    /// `typ` is not that of a session's token.
    Type,
    /// `alg` is not one of those configured.
    Algorithm,
    /// `kid` is not 1 to 64 letters, digits, dots, hyphens or underscores.
    KeyId,
    /// The claims are not exactly those of a session.
    Claims,
    /// Another `iss`.
    Issuer,
    /// Another `aud`.
    Audience,
    /// Times that contradict one another, or a longer life than a session's token has.
    Lifetime,
    /// Not valid yet.
    Early,
    /// No key of ours has this `kid`.
    UnknownKey,
    /// The key is for another algorithm.
    KeyMismatch,
    /// The signature does not verify.
    Signature,
}

impl Fault {
    /// The stable word for logs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::NotBearer => "not_bearer",
            Self::TooLong => "too_long",
            Self::NotCompact => "not_compact",
            Self::Header => "header",
            Self::Type => "type",
            Self::Algorithm => "algorithm",
            Self::KeyId => "key_id",
            Self::Claims => "claims",
            Self::Issuer => "issuer",
            Self::Audience => "audience",
            Self::Lifetime => "lifetime",
            Self::Early => "early",
            Self::UnknownKey => "unknown_key",
            Self::KeyMismatch => "key_mismatch",
            Self::Signature => "signature",
        }
    }
}
