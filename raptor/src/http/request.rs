//! Reads requests through the contract: path, query and body, strictly.

use std::time::Duration;

use axum::body::Body;
use http::{HeaderMap, Uri, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use shared::{
    Endpoint, FieldError, IdempotencyKey, PathParams, ProblemCode, QueryParams, RequestBody, RequestKind,
    percent_decode, query_pairs,
};

use super::refusal::Refusal;

/// How long a body that is read as a whole may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(20);

/// The parameters of the path. Malformed is not found: an id that cannot exist does not exist.
pub(super) fn path<E: Endpoint>(uri: &Uri) -> Result<E::Path, Refusal> {
    let mut values = Vec::with_capacity(E::Path::NAMES.len());
    for (template, segment) in E::PATH.split('/').zip(uri.path().split('/')) {
        if template.starts_with('{') {
            values.push(percent_decode(segment, false).ok_or_else(Refusal::not_found)?);
        }
    }
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    E::Path::parse(&values).map_err(|_| Refusal::not_found())
}

pub(super) fn query<E: Endpoint>(uri: &Uri) -> Result<E::Query, Refusal> {
    let pairs = query_pairs(uri.query().unwrap_or_default())
        .map_err(|violation| Refusal::invalid(FieldError::new("", &violation)))?;
    E::Query::parse(&pairs).map_err(Refusal::invalid)
}

pub(super) fn idempotency_key<E: Endpoint>(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, Refusal> {
    if !E::IDEMPOTENT_BY_KEY {
        return Ok(None);
    }
    let refuse = |violation| Refusal::invalid(FieldError::new(IdempotencyKey::HEADER, &violation));
    let mut values = headers.get_all(IdempotencyKey::HEADER).iter();
    let (value, more) = (values.next(), values.next());
    if more.is_some() {
        return Err(refuse(shared::FieldCode::Duplicate.into()));
    }
    let text = value.and_then(|value| value.to_str().ok()).unwrap_or_default();
    IdempotencyKey::parse(text).map(Some).map_err(refuse)
}

/// Reads what is left of a body that is not wanted, as far as that is little. A connection that is closed with something unread is
/// reset, and the caller may never see why.
pub(super) async fn drain(body: Body) {
    // A file that is a little too large, and as long as a fair connection takes for it.
    const MOST: usize = 32 * 1024 * 1024;
    const LONGEST: Duration = Duration::from_secs(5);
    let mut body = Limited::new(body, MOST);
    let read = async { while let Some(Ok(_)) = body.frame().await {} };
    // Whoever sends more, or slowly, is cut off.
    let _ = tokio::time::timeout(LONGEST, read).await;
}

/// The body, whole or as a stream. It is left where it is when it is refused before anything of it is read.
pub(super) async fn body<E: Endpoint>(
    headers: &HeaderMap,
    body: &mut Option<Body>,
) -> Result<(E::Request, Option<Body>), Refusal> {
    let stated: Option<u64> = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let max = E::Request::MAX_BYTES;
    match E::Request::KIND {
        RequestKind::Nothing => {
            let bytes = whole(body.take().unwrap_or_default(), 0).await.map_err(|refusal| match refusal.code {
                ProblemCode::TooLarge => Refusal::new(ProblemCode::Invalid),
                _ => refusal,
            })?;
            Ok((E::Request::decode(&bytes)?, None))
        }
        RequestKind::Json => {
            expect_type(headers, "application/json")?;
            if stated.is_some_and(|stated| stated > max as u64) {
                return Err(ProblemCode::TooLarge.into());
            }
            let bytes = whole(body.take().unwrap_or_default(), max).await?;
            Ok((E::Request::decode(&bytes)?, None))
        }
        RequestKind::Upload => {
            expect_type(headers, "application/octet-stream")?;
            if stated.is_some_and(|stated| stated > max as u64) {
                return Err(ProblemCode::TooLarge.into());
            }
            // `Upload` is a stand-in for the stream and the only type of this kind.
            let stand_in: Box<dyn std::any::Any> = Box::new(shared::Upload);
            let stand_in = stand_in.downcast().map_err(|_| Refusal::new(ProblemCode::Internal))?;
            Ok((*stand_in, body.take()))
        }
    }
}

async fn whole(body: Body, max: usize) -> Result<bytes::Bytes, Refusal> {
    let collected = tokio::time::timeout(BODY_TIMEOUT, Limited::new(body, max).collect()).await;
    match collected {
        Err(_) => Err(Refusal::new(ProblemCode::Invalid).because("the body took too long to arrive")),
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(ProblemCode::TooLarge.into()),
        Ok(Err(_)) => Err(Refusal::new(ProblemCode::Invalid).because("the body broke off")),
    }
}

fn expect_type(headers: &HeaderMap, expected: &str) -> Result<(), Refusal> {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let stated = values.next().and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = stated.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case(expected) && values.next().is_none() {
        Ok(())
    } else {
        Err(ProblemCode::UnsupportedMediaType.into())
    }
}
