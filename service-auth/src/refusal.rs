//! What a caller without a valid token gets: always the same answer.

use http::{HeaderValue, Response, StatusCode, header};

/// Why a request was refused. For logs and counters; the caller never learns it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// No token was presented.
    Missing,
    /// The header occurs twice, has another scheme, or its value has not the shape of a token.
    Malformed,
    /// Shaped like a token, and not ours.
    Unknown,
    /// The previous token, after its overlap window: a client has not been switched.
    Ended,
}

impl Refusal {
    /// The stable word for logs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Malformed => "malformed",
            Self::Unknown => "unknown",
            Self::Ended => "ended",
        }
    }
}

/// The body of every refusal (RFC 9457), the same for each cause.
pub const PROBLEM_BODY: &str = r#"{"type":"about:blank","title":"Unauthorized","status":401,"code":"unauthenticated"}"#;

/// `401` with a challenge (RFC 9110, section 11.6.1) and [`PROBLEM_BODY`]. The realm `service` tells it from a refused
/// customer session.
pub fn refusal_response<B: From<&'static str>>() -> Response<B> {
    let mut response = Response::new(B::from(PROBLEM_BODY));
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    let headers = response.headers_mut();
    headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"service\""));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
