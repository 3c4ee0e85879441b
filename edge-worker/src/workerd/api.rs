//! `/api/…`: admitted, judged, passed to Raptor, and judged again.

use std::rc::Rc;

use shared::{
    Auth, CLIENT_ADDRESS, CustomerId, FieldCode, FieldError, IdempotencyKey, Problem, REQUEST_ID, Rate, RequestKind,
    ResponseKind, SERVICE_AUTHORIZATION,
};
use wasm_bindgen::{JsCast as _, JsValue};
use worker::Context;

use super::glue::{self, Exchange};
use super::incoming::Incoming;
use super::key_set::{holds, refused};
use super::reply::{Reply, Trail};
use super::{Edge, lines};
use crate::address::limit_key;
use crate::firewall::answer::{self, Answer, Follows, Head};
use crate::firewall::{disposition, media_type};
use crate::policy::Kind;
use crate::refusal::Refusal;
use crate::routes::{self, Mismatch, Route};
use crate::token::{Fault, bearer};
use crate::trace::Names;

/// How long the body of a request may take to arrive, in milliseconds.
const BODY_TIMEOUT: u32 = 15_000;
/// Largest file whose length Raptor does not announce, in bytes: as much as customers can upload themselves.
const UNANNOUNCED_MAX: usize = shared::Upload::MAX_BYTES;
/// What signing out takes along. Cookies are never set; should one ever be, it goes too.
const CLEAR_SITE_DATA: &str = "\"cache\", \"cookies\", \"storage\"";

pub(super) async fn answer(
    edge: &Rc<Edge>,
    incoming: &Incoming<'_>,
    names: &Names,
    trail: &mut Trail,
    context: &Context,
) -> Result<Reply, Refusal> {
    let (route, parameters) = routes::find(incoming.method, incoming.path).map_err(mismatch)?;
    if route.auth == Auth::Development && !edge.config.demo_enrolment {
        return Err(Refusal::UnknownPath);
    }
    trail.route = Some(route.template().to_owned());
    let token = match route.auth {
        Auth::Bearer => Some(bearer(incoming.authorization).map_err(refused)?),
        Auth::Public | Auth::Development => None,
    };
    admit(edge, incoming, route, token, trail, context).await?;

    let uri = routes::uri(route, &parameters, incoming.query).map_err(mismatch)?;
    let body = body(incoming, route).await?;
    let headers = headers(edge, incoming, route, names, token)?;

    let url = [&edge.config.raptor_origin, uri.as_str()].concat();
    let (max, milliseconds) = match route.response {
        ResponseKind::Download | ResponseKind::Events => (-1.0, 15_000),
        _ if route.request == RequestKind::Upload => (bound(route), 120_000),
        _ if route.rate == Rate::Heavy => (bound(route), 60_000),
        _ => (bound(route), 10_000),
    };
    let sent = glue::now();
    let exchange = fetched(glue::exchange(&url, route.method.as_str(), &headers, &body, max, milliseconds).await);
    trail.upstream_ms = Some(glue::now() - sent);
    let reply = judged(route, &exchange, trail).await;
    if reply.is_err() {
        glue::discard(&exchange);
    }
    reply
}

/// An exchange; the glue never gives anything else.
pub(super) fn fetched(value: JsValue) -> Exchange {
    value.unchecked_into()
}

/// Bytes that are read of an answer: problems may be larger than a small answer.
fn bound(route: &Route) -> f64 {
    route.response_max.max(answer::MAX_PROBLEM_BYTES) as f64
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
    edge: &Rc<Edge>,
    incoming: &Incoming<'_>,
    route: &Route,
    token: Option<&str>,
    trail: &mut Trail,
    context: &Context,
) -> Result<(), Refusal> {
    let address = limit_key(incoming.address);
    let by_address = ["LIMIT_ADDRESS ", &address].concat();
    let Some(token) = token else {
        return within(&[by_address, [limit(route.rate), " ", &address].concat()].join("\n")).await;
    };
    let by_customer = |customer: CustomerId| [limit(route.rate), " ", &customer.to_string()].concat();
    let generation = edge.keys.borrow().generation();
    let remembered = edge.verdicts.borrow_mut().get(token, generation);
    trail.cached_verdict = Some(remembered.is_some());
    if let Some((verdict, key_id)) = remembered {
        trail.key_id = Some(key_id);
        // The keys age while verdicts are remembered: they are asked for here too.
        edge.still_trusted(incoming.milliseconds(), context).await?;
        if edge.keys.borrow().generation() == generation {
            within(&[by_address, by_customer(verdict.customer)].join("\n")).await?;
            return holds(&verdict, incoming);
        }
    }
    within(&by_address).await?;
    if edge.verdicts.borrow_mut().is_forged(token, generation) {
        return Err(refused(Fault::Signature));
    }
    let verdict = edge.verify(token, incoming, trail, context).await?;
    holds(&verdict, incoming)?;
    within(&by_customer(verdict.customer)).await
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
    match glue::admit(limits).await.as_f64() {
        Some(-1.0) => Ok(()),
        Some(0.0) => Err(Refusal::Rate("first")),
        Some(place) if place > 0.0 => Err(Refusal::Rate("second")),
        // Raptor counts for itself. Customers are not locked out because a counter is.
        _ => {
            glue::log("{\"level\":\"warn\",\"outcome\":\"limit_unavailable\"}");
            Ok(())
        }
    }
}

/// What is sent as the body: nothing, JSON written anew, or the client's own stream.
async fn body(incoming: &Incoming<'_>, route: &Route) -> Result<JsValue, Refusal> {
    let announced: Option<usize> = incoming.content_length.parse().ok();
    if route.request == RequestKind::Nothing {
        // A body that is not announced is neither read nor passed on.
        return match announced {
            Some(length) if length > 0 => Err(Refusal::Undecodable(Box::new(FieldError::new(
                "",
                &FieldCode::Unknown.because("this request has no body"),
            )))),
            _ => Ok(JsValue::NULL),
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
        RequestKind::Upload => Ok(incoming.raw.body().map_or(JsValue::NULL, JsValue::from)),
        _ if !media_type::is_json(incoming.content_type) => Err(Refusal::MediaType),
        _ => {
            let max = u32::try_from(route.request_max).unwrap_or(u32::MAX);
            let read = glue::read_body(incoming.raw, max, BODY_TIMEOUT).await;
            let bytes = glue::bytes_of(&read).ok_or_else(|| match read.as_string().as_deref() {
                Some("large") => Refusal::TooLarge,
                _ => Refusal::BodySlow,
            })?;
            let canonical = (route.canonical_request)(&bytes).map_err(Refusal::undecodable)?;
            Ok(js_sys::Uint8Array::from(canonical.as_slice()).into())
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
    let mut headers: Vec<(&'static str, String)> = vec![
        (SERVICE_AUTHORIZATION, ["Bearer ", &edge.config.service_token].concat()),
        (REQUEST_ID, names.request_id.clone()),
        ("traceparent", names.traceparent.clone()),
    ];
    if let Some(token) = token {
        headers.push(("authorization", ["Bearer ", token].concat()));
    }
    if let Some(address) = incoming.address {
        headers.push((CLIENT_ADDRESS, address.to_string()));
    }
    if route.idempotent_by_key {
        let key = IdempotencyKey::parse(incoming.idempotency_key)
            .map_err(|violation| Refusal::Undecodable(Box::new(FieldError::new(IdempotencyKey::HEADER, &violation))))?;
        headers.push((IdempotencyKey::HEADER, key.as_str().to_owned()));
    }
    match route.request {
        RequestKind::Nothing => {}
        RequestKind::Json => headers.push(("content-type", String::from("application/json"))),
        RequestKind::Upload => {
            headers.push(("content-type", String::from("application/octet-stream")));
            headers.push(("content-length", incoming.content_length.to_owned()));
        }
    }
    let accept = match route.response {
        ResponseKind::Events => "text/event-stream, application/problem+json",
        ResponseKind::Download => "*/*",
        ResponseKind::Json | ResponseKind::Nothing => "application/json, application/problem+json",
    };
    headers.push(("accept", accept.to_owned()));
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':');
    if route.response == ResponseKind::Events
        && (1..=100).contains(&incoming.last_event_id.len())
        && incoming.last_event_id.bytes().all(plain)
    {
        headers.push(("last-event-id", incoming.last_event_id.to_owned()));
    }
    Ok(lines(&headers))
}

/// Raptor's answer, or why it is withheld.
async fn judged(route: &Route, exchange: &Exchange, trail: &mut Trail) -> Result<Reply, Refusal> {
    let text = exchange.head();
    let mut values = text.split('\n');
    let status = match values.next() {
        Some("0 slow") => return Err(Refusal::Unreachable("raptor_slow")),
        Some(status) => status.parse().unwrap_or(0),
        None => 0,
    };
    if status == 0 {
        return Err(Refusal::Unreachable("raptor_down"));
    }
    trail.upstream_status = Some(status);
    // In the order in which the glue reads them; the time is not used here.
    let mut value = |skip: usize| values.nth(skip).unwrap_or_default();
    let (content_type, content_length, content_disposition) = (value(1), value(0), value(0));
    let (retry_after, challenge) = (value(1), value(0));
    let head = Head { status, content_type, challenge, retry_after };

    match answer::expect(route, &head)? {
        Follows::Nothing => {
            let reply = Reply::empty(Kind::Api, status, "served");
            let signs_out = route.id == <shared::endpoints::auth::EndSession as shared::Endpoint>::ID;
            Ok(if signs_out { reply.with("clear-site-data", CLEAR_SITE_DATA) } else { reply })
        }
        Follows::Document(max) => {
            let mut raw = exchange.bytes();
            if raw.is_null() && route_streams(route) {
                raw = glue::read_exchange(exchange, max as f64).await;
            }
            let bytes =
                if raw.is_null() { Vec::new() } else { glue::bytes_of(&raw).ok_or(Refusal::Withheld("too_large"))? };
            if bytes.len() > max {
                return Err(Refusal::Withheld("too_large"));
            }
            document(answer::judge(route, &head, &bytes)?, status, raw, trail)
        }
        Follows::Stream => streamed(route, exchange, &head, content_length, content_disposition).await,
    }
}

const fn route_streams(route: &Route) -> bool {
    matches!(route.response, ResponseKind::Download | ResponseKind::Events)
}

fn document(answer: Answer, status: u16, as_sent: JsValue, trail: &mut Trail) -> Result<Reply, Refusal> {
    let json = |body: JsValue| {
        let mut reply = Reply::empty(Kind::Api, status, "served").with("content-type", "application/json");
        reply.body = body;
        reply
    };
    Ok(match answer {
        Answer::Empty => Reply::empty(Kind::Api, status, "served"),
        Answer::AsSent => json(as_sent),
        Answer::Trimmed(bytes) => json(js_sys::Uint8Array::from(bytes.as_slice()).into()),
        Answer::Problem(status, bytes, headers) => {
            trail.reference = serde_json::from_slice(&bytes).ok().map(|problem: Problem| problem.reference);
            let mut reply = Reply::empty(Kind::Api, status, "raptor_problem");
            reply.headers = headers;
            reply.body = js_sys::Uint8Array::from(bytes.as_slice()).into();
            reply.with("content-type", Problem::CONTENT_TYPE)
        }
    })
}

async fn streamed(
    route: &Route,
    exchange: &Exchange,
    head: &Head<'_>,
    content_length: &str,
    content_disposition: &str,
) -> Result<Reply, Refusal> {
    if route.response == ResponseKind::Events {
        let mut reply = Reply::empty(Kind::Events, head.status, "served").with("content-type", "text/event-stream");
        reply.body = glue::stream(exchange);
        return Ok(reply);
    }
    let announced: Option<usize> = content_length.parse().ok();
    if announced.is_some_and(|length| length > route.response_max) {
        return Err(Refusal::Withheld("too_large"));
    }
    let media_type = media_type::sound(head.content_type).unwrap_or("application/octet-stream");
    let mut reply = Reply::empty(Kind::Download, head.status, "served")
        .with("content-type", media_type)
        .with("content-disposition", disposition::attachment(content_disposition));
    // workerd ends a stream that breaks off as if it were complete. Only an announced length tells the customer that a file was
    // cut short, so a file without one is read first; it is not copied into WebAssembly.
    reply.body = match announced {
        Some(_) => glue::stream(exchange),
        None => glue::read_exchange(exchange, UNANNOUNCED_MAX as f64).await,
    };
    if reply.body.is_undefined() { Err(Refusal::Withheld("file_incomplete")) } else { Ok(reply) }
}
