//! The one way of every call: switch, session, path, rate, query, body, handler, audit, answer.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::Request;
use futures_util::FutureExt as _;
use http::{HeaderValue, Response, StatusCode, header};
use shared::{
    Auth, CLIENT_ADDRESS, Endpoint, PathParams as _, ProblemCode, REQUEST_ID, Reference, ResponseBody as _,
    ResponseKind, TicketId,
};
use tracing::Instrument as _;

use super::call::{Answer, AnswerBody, Call, Handler, Served};
use super::refusal::Refusal;
use super::request;
use crate::app::App;
use crate::audit::Entry;
use crate::random;
use crate::sessions::SignedIn;

/// What is known of a call while it is served, for the log and the audit.
#[derive(Default)]
struct Trail {
    actor: Option<shared::CustomerId>,
    ticket: Option<TicketId>,
}

/// Serves a call to a route of the contract.
pub(super) async fn dispatch<E: Served>(app: Arc<App>, request: Request) -> Response<Body>
where
    App: Handler<E>,
{
    let reference = random::reference();
    let trace = trace_id(&request);
    let span = tracing::info_span!("call", route = E::ID, %reference, trace);
    serve_and_record::<E>(app, request, reference).instrument(span).await
}

async fn serve_and_record<E: Served>(app: Arc<App>, request: Request, reference: Reference) -> Response<Body>
where
    App: Handler<E>,
{
    let started = Instant::now();
    let mut trail = Trail::default();
    let (parts, body) = request.into_parts();
    let mut body = Some(body);
    let served = AssertUnwindSafe(serve::<E>(&app, &parts, &mut body, reference, &mut trail)).catch_unwind().await;
    let result = served.unwrap_or_else(|_| Err(Refusal::new(ProblemCode::Internal).because("a handler panicked")));
    if let Some(unread) = body {
        request::drain(unread).await;
    }
    let (status, outcome, cause) = match &result {
        Ok(answer) => {
            trail.actor = trail.actor.or(answer.actor);
            trail.ticket = trail.ticket.or(answer.ticket);
            (E::STATUS, "ok", None)
        }
        Err(refusal) => {
            trail.ticket = trail.ticket.or(refusal.ticket());
            (refusal.status(), refusal.code().as_str(), refusal.cause())
        }
    };
    let elapsed = started.elapsed();
    app.metrics.count_call(E::ID, status, elapsed);
    let milliseconds = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    if status >= 500 {
        tracing::error!(status, outcome, cause, milliseconds, "served");
    } else {
        tracing::info!(status, outcome, cause, milliseconds, "served");
    }
    if let (Some(actor), true) = (trail.actor, audited::<E>()) {
        let ticket = trail.ticket;
        app.audit.record(Entry { at: app.now(), actor, action: E::ID, ticket, outcome, reference }).await;
    }
    let mut response = match result {
        Ok(answer) => success::<E>(answer),
        Err(refusal) => refusal.into_response(reference),
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// What customers do is audited; that their portal keeps a list fresh by itself is not something that they do.
fn audited<E: Endpoint>() -> bool {
    !matches!(E::ID, "listTickets" | "listTopics" | "listNotices" | "passkeyOptions" | "enrolmentOptions")
}

async fn serve<E: Served>(
    app: &Arc<App>,
    parts: &http::request::Parts,
    body: &mut Option<Body>,
    reference: Reference,
    trail: &mut Trail,
) -> Result<Answer<E::Response>, Refusal>
where
    App: Handler<E>,
{
    if !app.portal_enabled() {
        return Err(Refusal::new(ProblemCode::Maintenance).retry_after(120));
    }
    if E::AUTH == Auth::Development && app.development.is_none() {
        return Err(Refusal::not_found());
    }
    let signed_in: Option<SignedIn> = match E::AUTH {
        Auth::Bearer => {
            let signed_in = app.authenticator.authenticate(&app.store, &parts.headers, app.now()).await?;
            trail.actor = Some(signed_in.customer);
            Some(signed_in)
        }
        Auth::Public | Auth::Development => None,
    };
    let caller = match &signed_in {
        Some(signed_in) => signed_in.customer.to_string(),
        None => caller_address(parts),
    };
    app.rates.check(E::RATE, &caller).map_err(|seconds| Refusal::new(ProblemCode::RateLimited).retry_after(seconds))?;
    let path = match request::path::<E>(&parts.uri) {
        Ok(path) => path,
        Err(refusal) => {
            // A malformed id costs the same look-up as one that is well formed and not there.
            if let Some(signed_in) = &signed_in {
                app.store.ticket(signed_in.customer, TicketId::from_bits(0)).await?;
            }
            return Err(refusal);
        }
    };
    trail.ticket = ticket_of::<E>(&path);
    let query = request::query::<E>(&parts.uri)?;
    let idempotency_key = request::idempotency_key::<E>(&parts.headers)?;
    let (body, stream) = request::body::<E>(&parts.headers, body).await?;
    let last_event_id = parts.headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    app.handle(Call::<E> { path, query, body, stream, reference, idempotency_key, last_event_id, signed_in }).await
}

fn ticket_of<E: Endpoint>(path: &E::Path) -> Option<TicketId> {
    let place = E::Path::NAMES.iter().position(|name| *name == "ticket_id")?;
    TicketId::parse(path.segments().get(place)?).ok()
}

fn success<E: Endpoint>(answer: Answer<E::Response>) -> Response<Body> {
    let body = match answer.body {
        AnswerBody::Whole(value) => Body::from(value.encode()),
        AnswerBody::Streamed(body) => body,
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(E::STATUS).unwrap_or(StatusCode::OK);
    let headers = response.headers_mut();
    let content_type = match E::Response::KIND {
        ResponseKind::Json => Some("application/json"),
        ResponseKind::Events => Some("text/event-stream"),
        // The handler says what the file is.
        ResponseKind::Download | ResponseKind::Nothing => None,
    };
    if let Some(content_type) = content_type {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    headers.extend(answer.headers);
    response
}

/// The address that the edge vouches for: this is reached by the edge's verified requests alone.
fn caller_address(parts: &http::request::Parts) -> String {
    let stated = parts.headers.get(CLIENT_ADDRESS).and_then(|value| value.to_str().ok());
    stated.filter(|text| text.len() <= 64).unwrap_or("unknown").to_owned()
}

/// The edge's name for this request, or one of our own when it is missing or could write into the log.
fn trace_id(request: &Request) -> String {
    let stated = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let plain = stated.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    if plain && (1..=64).contains(&stated.len()) { stated.to_owned() } else { format!("{:032x}", random::bits()) }
}

/// A path or a method that the contract does not have.
pub(super) fn refuse_unknown(app: &App, refusal: Refusal) -> Response<Body> {
    let reference = random::reference();
    app.metrics.count_call("none", refusal.status(), std::time::Duration::ZERO);
    tracing::info!(%reference, status = refusal.status(), "refused");
    let mut response = refusal.into_response(reference);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
