//! The customer's tier, believed only when a verified caller says so.

use axum_core::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header, request::Parts};

use crate::{Verified, refusal_response};

/// The header that carries the tier (ADR 0056, Context).
pub const TIER_HEADER: HeaderName = HeaderName::from_static("x-raxx-tier");

/// Characters of a tier at most.
const TIER_LIMIT: usize = 32;

/// The tier that the verified caller vouches for, such as `pro_plus`: 1 to 32 characters of `a-z`, `0-9` and `_`.
///
/// There is no constructor. The only way to one is the extractor, which refuses a request that
/// [`crate::ServiceAuthLayer`] has not verified. Use `Option<Tier>` where the header may be absent.
///
/// ```compile_fail
/// let forged = service_auth::Tier("pro_plus".to_owned());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tier(String);

impl Tier {
    /// The tier's name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn read(parts: &Parts) -> Result<Option<Self>, TierRejection> {
        // First of all: without proof of the caller the header is not even looked at.
        if parts.extensions.get::<Verified>().is_none() {
            return Err(TierRejection::Unverified);
        }
        let mut values = parts.headers.get_all(TIER_HEADER).iter();
        match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some(_), Some(_)) => Err(TierRejection::Malformed),
            (Some(value), None) => match value.to_str() {
                Ok(text) if is_tier(text) => Ok(Some(Self(text.to_owned()))),
                _ => Err(TierRejection::Malformed),
            },
        }
    }
}

fn is_tier(text: &str) -> bool {
    (1..=TIER_LIMIT).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Why there is no [`Tier`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TierRejection {
    /// The request was not verified: the route lacks the layer.
    #[error("the request was not verified, so its tier is not believed: put ServiceAuthLayer on this route")]
    Unverified,
    /// The header is absent.
    #[error("X-Raxx-Tier is missing: the caller must send the customer's tier")]
    Missing,
    /// The header occurs twice or is not a tier.
    #[error("X-Raxx-Tier is malformed: send it once, 1 to 32 characters of a-z, 0-9 and _")]
    Malformed,
}

impl IntoResponse for TierRejection {
    fn into_response(self) -> Response {
        if self == Self::Unverified {
            tracing::error!(target: "service_auth", "{self}");
            return refusal_response();
        }
        const BODY: &str = r#"{"type":"about:blank","title":"Bad Request","status":400,"code":"invalid"}"#;
        let mut response = (StatusCode::BAD_REQUEST, BODY).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}

impl<S: Sync> FromRequestParts<S> for Tier {
    type Rejection = TierRejection;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Self::read(parts)?.ok_or(TierRejection::Missing)
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for Tier {
    type Rejection = TierRejection;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Option<Self>, Self::Rejection> {
        Self::read(parts)
    }
}

impl<S: Sync> FromRequestParts<S> for Verified {
    type Rejection = TierRejection;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        parts.extensions.get::<Verified>().cloned().ok_or(TierRejection::Unverified)
    }
}
