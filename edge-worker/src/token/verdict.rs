//! What is known about a token once it has been verified.

use shared::CustomerId;

/// How far clocks may be apart, in seconds.
pub const LEEWAY: u64 = 30;

/// A token that verified, reduced to what later requests need. Whether it holds *now* is asked every time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The customer.
    pub customer: CustomerId,
    /// When it begins to hold, in seconds since the epoch.
    pub not_before: u64,
    /// When it stops, in seconds since the epoch.
    pub expires_at: u64,
}

/// Whether a verified token holds at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not yet.
    Early,
    /// Yes.
    Holds,
    /// No longer.
    Expired,
}

impl Verdict {
    /// Whether the token holds `now`, in seconds since the epoch.
    #[must_use]
    pub const fn standing(&self, now: u64) -> Standing {
        if now + LEEWAY < self.not_before {
            Standing::Early
        } else if now >= self.expires_at + LEEWAY {
            Standing::Expired
        } else {
            Standing::Holds
        }
    }
}
