//! What Raptor writes into a session's JWT and the edge reads from it.

use serde::{Deserialize, Serialize};

use crate::bounded::Line;
use crate::id::CustomerId;

/// The `typ` of the header (RFC 9068).
pub const TOKEN_TYPE: &str = "at+jwt";
/// How long a token lives after it was issued, in seconds: 4 hours.
pub const TOKEN_LIFETIME: u64 = 4 * 60 * 60;
/// How long a session lives after sign-in, in seconds, however often it is renewed: 12 hours.
pub const SESSION_LIFETIME: u64 = 12 * 60 * 60;
/// Longest token, in bytes.
pub const MAX_TOKEN_BYTES: usize = 4096;
/// The `iss` where nothing else is configured.
pub const DEFAULT_ISSUER: &str = "https://api.raxx.app";
/// The `aud` where nothing else is configured.
pub const DEFAULT_AUDIENCE: &str = "https://support.raxx.app";

/// The claims beside `exp`, `nbf` and `iat` (RFC 7519, section 4.1), which the JWT library keeps itself. Unknown claims are refused: we
/// issue these tokens, and there are none but ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionClaims {
    /// Who issued it.
    pub iss: Line<1, 200>,
    /// Whom it is for: exactly one audience, as a string.
    pub aud: Line<1, 200>,
    /// The customer.
    pub sub: CustomerId,
    /// The customer's verified e-mail address.
    pub customer_email: Line<3, 254>,
    /// Names this token, for revocation: 16 to 64 characters.
    pub jti: Line<16, 64>,
    /// When the customer last proved their passkey, in seconds since the epoch; the session ends [`SESSION_LIFETIME`] later.
    pub auth_time: u64,
}
