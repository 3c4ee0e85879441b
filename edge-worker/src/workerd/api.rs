//! `/api/…`: admitted, judged, passed to Raptor, and judged again.

use std::borrow::Cow;

use shared::{
    Auth, CLIENT_ADDRESS, CustomerId, FieldCode, FieldError, IdempotencyKey, Problem, REQUEST_ID, Rate, RequestKind,
    ResponseKind, SERVICE_AUTHORIZATION,
};

use super::Edge;
use super::events::{self, Bounds};
use super::glue::{self, Exchange, Reads, Sent};
use super::incoming::Incoming;
use super::key_set::{holds, refused};
use super::reply::{Body, Reply, Trail, lines};
use super::task::Outcome;
use crate::address::limit_key;
use crate::firewall::answer::{self, Answer, Follows, Head};
use crate::firewall::{disposition, media_type};
use crate::policy::Kind;
use crate::refusal::Refusal;
use crate::routes::{self, Mismatch, Route};
use crate::token::{Fault, Verdict, bearer};
use crate::trace::Names;

/// How long the body of a request may take to arrive, in milliseconds.
const BODY_TIMEOUT: u32 = 15_000;
/// How long an answer that is read may take after its beginning, in milliseconds.
const READ_TIMEOUT: u32 = 60_000;
/// Largest file whose length Raptor does not announce, in bytes: as much as customers can upload themselves.
const UNANNOUNCED_MAX: usize = shared::Upload::MAX_BYTES;
/// What signing out takes along. Cookies are never set; should one ever be, it goes too.
const CLEAR_SITE_DATA: &str = "\"cache\", \"cookies\", \"storage\"";

pub(super) async fn answer(
    edge: &Edge,
    incoming: &Incoming<'_>,
    names: &Names,
    trail: &mut Trail,
) -> Result<Reply, Refusal> {
    let (route, parameters) = routes::find(incoming.method, incoming.path).map_err(mismatch)?;
    if route.auth == Auth::Development && !edge.config.demo_enrolment {
        return Err(Refusal::UnknownPath);
    }
    trail.route = Some(route.template().into());
    let token = match route.auth {
        Auth::Bearer => Some(bearer(incoming.authorization).map_err(refused)?),
        Auth::Public | Auth::Development => None,
    };
    let verdict = admit(edge, incoming, route, token, trail).await?;

    let uri = routes::uri(route, &parameters, incoming.query).map_err(mismatch)?;
    let sent = body(incoming, route).await?;
    let headers = headers(edge, incoming, route, names, token)?;

    let (body, reads, milliseconds) = match route.response {
        ResponseKind::Download | ResponseKind::Events => (glue::Body::Leave, Reads::Stream, 15_000),
        _ if route.request == RequestKind::Upload => (glue::Body::Read, Reads::Document, 120_000),
        _ if route.rate == Rate::Heavy => (glue::Body::Read, Reads::Document, 60_000),
        _ => (glue::Body::Read, Reads::Document, 10_000),
    };
    let exchange = Exchange {
        url: &[&edge.config.raptor_origin, uri.as_str()].concat(),
        method: route.method.as_str(),
        headers,
        sent,
        reads,
        body,
        max: bound(route),
        milliseconds,
    };
    let began = glue::now();
    let outcome = exchange.run().await;
    trail.upstream_ms = Some(glue::now() - began);
    let reply = judged(route, outcome, events::bounds(verdict.as_ref(), incoming), trail).await;
    if reply.is_err() {
        glue::discard();
    }
    reply
}

/// Bytes that are read of an answer: problems may be larger than a small answer.
fn bound(route: &Route) -> usize {
    route.response_max.max(answer::MAX_PROBLEM_BYTES)
}

fn mismatch(mismatch: Mismatch) -> Refusal {
    match mismatch {
        Mismatch::Path => Refusal::UnknownPath,
        Mismatch::Method(allow) => Refusal::UnknownMethod(allow),
        Mismatch::Query(error) => Refusal::Undecodable(error),
    }
}

/// Rates and the session, in the order: address, token, customer. With a remembered verdict both limits are asked at once.
async fn admit(
    edge: &Edge,
    incoming: &Incoming<'_>,
    route: &Route,
    token: Option<&str>,
    trail: &mut Trail,
) -> Result<Option<Verdict>, Refusal> {
    let address = limit_key(incoming.address);
    let by_address = ["LIMIT_ADDRESS ", &address].concat();
    let Some(token) = token else {
        return within(&[&by_address, "\n", limit(route.rate), " ", &address].concat()).await.map(|()| None);
    };
    let by_customer = |customer: CustomerId| [limit(route.rate), " ", &customer.to_string()].concat();
    let generation = edge.keys.borrow().generation();
    let remembered = edge.verdicts.borrow_mut().get(token, generation);
    trail.cached_verdict = Some(remembered.is_some());
    if let Some((verdict, key_id)) = remembered {
        trail.key_id = Some(key_id);
        // The keys age while verdicts are remembered: they are asked for here too.
        edge.still_trusted(incoming.milliseconds()).await?;
        if edge.keys.borrow().generation() == generation {
            within(&[&by_address, "\n", &by_customer(verdict.customer)].concat()).await?;
            return holds(&verdict, incoming).map(|()| Some(verdict));
        }
    }
    within(&by_address).await?;
    if edge.verdicts.borrow_mut().is_forged(token, generation) {
        return Err(refused(Fault::Signature));
    }
    let verdict = edge.verify(token, incoming, trail).await?;
    holds(&verdict, incoming)?;
    within(&by_customer(verdict.customer)).await.map(|()| Some(verdict))
}

/// The binding that counts a rate; its period is [`crate::refusal::RATE_PERIOD`].
const fn limit(rate: Rate) -> &'static str {
    match rate {
        Rate::SignIn => "LIMIT_SIGN_IN",
        Rate::Read => "LIMIT_READ",
        Rate::Write => "LIMIT_WRITE",
        Rate::Files => "LIMIT_FILES",
        Rate::Heavy => "LIMIT_HEAVY",
    }
}

pub(super) async fn within(limits: &str) -> Result<(), Refusal> {
    match glue::admit(limits).await.text.as_str() {
        "-1" => Ok(()),
        "0" => Err(Refusal::Rate("first")),
        "1" => Err(Refusal::Rate("second")),
        // Raptor counts for itself. Customers are not locked out because a counter is.
        _ => {
            glue::log("{\"level\":\"warn\",\"outcome\":\"limit_unavailable\"}");
            Ok(())
        }
    }
}

/// What is sent as the body: nothing, JSON written anew, or the client's own stream.
async fn body(incoming: &Incoming<'_>, route: &Route) -> Result<Sent, Refusal> {
    let announced: Option<usize> = incoming.content_length.parse().ok();
    if route.request == RequestKind::Nothing {
        // A body that is not announced is neither read nor passed on.
        return match announced {
            Some(length) if length > 0 => Err(Refusal::Undecodable(Box::new(FieldError::new(
                "",
                &FieldCode::Unknown.because("this request has no body"),
            )))),
            _ => Ok(Sent::Nothing),
        };
    }
    if !matches!(incoming.content_encoding, "" | "identity") {
        return Err(Refusal::MediaType);
    }
    if announced.is_some_and(|length| length > route.request_max) {
        return Err(Refusal::TooLarge);
    }
    match route.request {
        RequestKind::Upload if !media_type::is_octets(incoming.content_type) => Err(Refusal::MediaType),
        // HTTP's own framing holds the stream to the announced length, so it need not be counted here.
        RequestKind::Upload if announced.is_none() => Err(Refusal::LengthRequired),
        RequestKind::Upload => Ok(Sent::Clients),
        _ if !media_type::is_json(incoming.content_type) => Err(Refusal::MediaType),
        _ => {
            let read = glue::read_body(route.request_max, BODY_TIMEOUT).await;
            let bytes = read.bytes.ok_or(match read.text.as_str() {
                "large" => Refusal::TooLarge,
                _ => Refusal::BodySlow,
            })?;
            (route.canonical_request)(&bytes).map(Sent::Bytes).map_err(Refusal::undecodable)
        }
    }
}

/// Everything that Raptor is told. What is not named here does not leave the edge, whatever a client sent.
fn headers(
    edge: &Edge,
    incoming: &Incoming<'_>,
    route: &Route,
    names: &Names,
    token: Option<&str>,
) -> Result<String, Refusal> {
    let mut headers: Vec<(&'static str, Cow<'_, str>)> = vec![
        (SERVICE_AUTHORIZATION, ["Bearer ", &edge.config.service_token].concat().into()),
        (REQUEST_ID, (&names.request_id).into()),
        ("traceparent", (&names.traceparent).into()),
    ];
    if let Some(token) = token {
        headers.push(("authorization", ["Bearer ", token].concat().into()));
    }
    if let Some(address) = incoming.address {
        headers.push((CLIENT_ADDRESS, address.to_string().into()));
    }
    if route.idempotent_by_key {
        let key = IdempotencyKey::parse(incoming.idempotency_key)
            .map_err(|violation| Refusal::Undecodable(Box::new(FieldError::new(IdempotencyKey::HEADER, &violation))))?;
        headers.push((IdempotencyKey::HEADER, key.as_str().to_owned().into()));
    }
    match route.request {
        RequestKind::Nothing => {}
        RequestKind::Json => headers.push(("content-type", "application/json".into())),
        RequestKind::Upload => {
            headers.push(("content-type", "application/octet-stream".into()));
            headers.push(("content-length", incoming.content_length.into()));
        }
    }
    let accept = match route.response {
        ResponseKind::Events => "text/event-stream, application/problem+json",
        ResponseKind::Download => "*/*",
        ResponseKind::Json | ResponseKind::Nothing => "application/json, application/problem+json",
    };
    headers.push(("accept", accept.into()));
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':');
    if route.response == ResponseKind::Events
        && (1..=100).contains(&incoming.last_event_id.len())
        && incoming.last_event_id.bytes().all(plain)
    {
        headers.push(("last-event-id", incoming.last_event_id.into()));
    }
    Ok(lines(&headers))
}

/// Raptor's answer, or why it is withheld.
async fn judged(route: &Route, outcome: Outcome, events: Bounds, trail: &mut Trail) -> Result<Reply, Refusal> {
    let mut values = outcome.text.split('\n');
    let status = match values.next() {
        Some("slow") => return Err(Refusal::Unreachable("raptor_slow")),
        Some(status) => status.parse().unwrap_or(0),
        None => 0,
    };
    if status == 0 {
        return Err(Refusal::Unreachable("raptor_down"));
    }
    trail.upstream_status = Some(status);
    // What the reading of the body came to, and the headers in the order of `Reads::LISTS`.
    let mut value = || values.next().unwrap_or_default();
    let (read, content_type, challenge, retry_after) = (value(), value(), value(), value());
    let (content_length, content_disposition) = (value(), value());
    let head = Head { status, content_type, challenge, retry_after };

    match answer::expect(route, &head)? {
        Follows::Nothing => {
            let reply = Reply::empty(Kind::Api, status, "served");
            let signs_out = route.id == <shared::endpoints::auth::EndSession as shared::Endpoint>::ID;
            Ok(if signs_out { reply.with("clear-site-data", CLEAR_SITE_DATA) } else { reply })
        }
        // In place of a stream, a problem.
        Follows::Document(max) if read.is_empty() => {
            let Outcome { text, bytes } = glue::read_exchange(max, true, READ_TIMEOUT).await;
            document(route, &head, &text, bytes, max, trail)
        }
        Follows::Document(max) => document(route, &head, read, outcome.bytes, max, trail),
        Follows::Stream if route.response == ResponseKind::Events => {
            let mut reply = Reply::empty(Kind::Events, status, "served").with("content-type", "text/event-stream");
            reply.body = Body::Events(events);
            Ok(reply)
        }
        Follows::Stream => download(route, &head, content_length, content_disposition).await,
    }
}

fn document(
    route: &Route,
    head: &Head<'_>,
    read: &str,
    bytes: Option<Vec<u8>>,
    max: usize,
    trail: &mut Trail,
) -> Result<Reply, Refusal> {
    let length: Option<usize> = read.parse().ok();
    let bytes = bytes.unwrap_or_default();
    if length.is_none_or(|length| length > max || length != bytes.len()) {
        return Err(Refusal::Withheld("too_large"));
    }
    let json = |body: Body| {
        let mut reply = Reply::empty(Kind::Api, head.status, "served").with("content-type", "application/json");
        reply.body = body;
        reply
    };
    Ok(match answer::judge(route, head, &bytes)? {
        Answer::Empty => Reply::empty(Kind::Api, head.status, "served"),
        Answer::AsSent => json(Body::AsReceived),
        Answer::Trimmed(bytes) => json(Body::Given(bytes)),
        Answer::Problem(status, bytes, headers) => {
            trail.reference = serde_json::from_slice(&bytes).ok().map(|problem: Problem| problem.reference);
            let mut reply = Reply::empty(Kind::Api, status, "raptor_problem");
            reply.headers = headers.into_iter().map(|(name, value)| (name, value.into())).collect();
            reply.body = Body::Given(bytes);
            reply.with("content-type", Problem::CONTENT_TYPE)
        }
    })
}

async fn download(
    route: &Route,
    head: &Head<'_>,
    content_length: &str,
    content_disposition: &str,
) -> Result<Reply, Refusal> {
    let announced: Option<usize> = content_length.parse().ok();
    if announced.is_some_and(|length| length > route.response_max) {
        return Err(Refusal::Withheld("too_large"));
    }
    let media_type = media_type::sound(head.content_type).unwrap_or("application/octet-stream");
    let mut reply = Reply::empty(Kind::Download, head.status, "served")
        .with("content-type", media_type.to_owned())
        .with("content-disposition", disposition::attachment(content_disposition));
    reply.body = Body::Stream;
    // workerd ends a stream that breaks off as if it were complete. Only an announced length tells the customer that a file was
    // cut short, so a file without one is read first; it is not copied into WebAssembly.
    if announced.is_none() {
        let read = glue::read_exchange(UNANNOUNCED_MAX, false, READ_TIMEOUT).await.text;
        if read.parse::<usize>().is_err() {
            return Err(Refusal::Withheld("file_incomplete"));
        }
        reply.body = Body::AsReceived;
    }
    Ok(reply)
}
