//! The id in a path.

use super::php;
use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};
use std::convert::Infallible;

/// The first parameter of a path, read as the database reads it; 0, which no row has, for what is no number or no text.
pub(crate) struct ResourceId(pub(crate) u64);

impl<S: Send + Sync> FromRequestParts<S> for ResourceId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let parameters = RawPathParams::from_request_parts(parts, state).await;
        let id = parameters.ok().and_then(|all| all.iter().next().map(|(_, text)| php::id(text)));
        Ok(Self(id.unwrap_or(0)))
    }
}
