//! One request, one answer, over `fetch`.

use js_sys::{Promise, Uint8Array};
use shared::{IdempotencyKey, Method};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, RequestInit, Response};

use super::{Cause, Failure, credentials};
use crate::browser::{self, timer, window};

/// How long an answer may take, in milliseconds. The edge gives up earlier and says so; this is for the road to it.
const TIMEOUT: i32 = 20_000;

/// A request, ready to go.
pub(super) struct Outgoing {
    pub(super) method: Method,
    pub(super) uri: String,
    pub(super) bearer: bool,
    /// The one status that means success.
    pub(super) success: u16,
    /// JSON.
    pub(super) body: Option<Vec<u8>>,
    /// The idempotency key.
    pub(super) key: Option<String>,
}

/// Sends a request and reads the whole body of its success.
pub(super) async fn send(outgoing: Outgoing) -> Result<Vec<u8>, Failure> {
    let success = outgoing.success;
    let token = if outgoing.bearer { credentials::token() } else { None };
    let (response, clock) = begin(outgoing, Some(TIMEOUT)).await?;
    let status = response.status();
    let retry_after = header(&response, "retry-after").and_then(|seconds| seconds.parse().ok());
    let body = read_body(&response).await.map_err(|_| clock.failure())?;
    clock.stop();
    if status == success {
        return Ok(body);
    }
    let failure = Failure::from_answer(status, retry_after, &body);
    if let (Cause::SessionEnded, Some(token)) = (&failure.cause, token) {
        credentials::refused(&token);
    }
    Err(failure)
}

/// Tells a timeout from a lost connection, and stops the clock when the answer is there.
pub(super) struct Clock {
    state: Rc<Cell<ClockState>>,
    controller: Option<AbortController>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ClockState {
    Running,
    Stopped,
    RanOut,
}

impl Clock {
    fn start(millis: Option<i32>) -> Self {
        let clock = Self { state: Rc::new(Cell::new(ClockState::Running)), controller: AbortController::new().ok() };
        if let (Some(millis), Some(controller)) = (millis, clock.controller.clone()) {
            let state = Rc::clone(&clock.state);
            timer::after(millis, move || {
                if state.get() == ClockState::Running {
                    state.set(ClockState::RanOut);
                    controller.abort();
                }
            });
        }
        clock
    }

    pub(super) fn stop(&self) {
        self.state.set(ClockState::Stopped);
    }

    /// Calls the request off.
    pub(super) fn abort(&self) {
        self.stop();
        if let Some(controller) = &self.controller {
            controller.abort();
        }
    }

    fn failure(&self) -> Failure {
        Failure::new(match self.state.get() {
            ClockState::RanOut => Cause::TimedOut,
            ClockState::Stopped => Cause::Cancelled,
            ClockState::Running => Cause::Offline,
        })
    }
}

/// Sends a request and answers as soon as the head of the answer is there.
pub(super) async fn begin(outgoing: Outgoing, timeout: Option<i32>) -> Result<(Response, Clock), Failure> {
    let clock = Clock::start(timeout);
    let offline = || Failure::new(Cause::Offline);
    let window = window().ok_or_else(offline)?;
    let promise = match early(&outgoing) {
        Some(promise) => promise,
        None => {
            let init = request_init(&outgoing, &clock).map_err(|_| Failure::new(Cause::Internal))?;
            window.fetch_with_str_and_init(&outgoing.uri, &init)
        }
    };
    let answer = JsFuture::from(promise).await.map_err(|_| clock.failure())?;
    let response: Response = answer.dyn_into().map_err(|_| offline())?;
    Ok((response, clock))
}

fn request_init(outgoing: &Outgoing, clock: &Clock) -> Result<RequestInit, JsValue> {
    let headers = Headers::new()?;
    headers.set("accept", "application/json, application/problem+json")?;
    if let (true, Some(token)) = (outgoing.bearer, credentials::token()) {
        headers.set("authorization", &["Bearer ", &token].concat())?;
    }
    if let Some(key) = &outgoing.key {
        headers.set(IdempotencyKey::HEADER, key)?;
    }
    let init = RequestInit::new();
    init.set_method(outgoing.method.as_str());
    if let Some(body) = &outgoing.body {
        headers.set("content-type", "application/json")?;
        init.set_body(&Uint8Array::from(body.as_slice()));
    }
    init.set_headers(&headers);
    init.set_signal(clock.controller.as_ref().map(AbortController::signal).as_ref());
    Ok(init)
}

/// The loader asks for the first page of tickets, and for the ticket that the address names, before this module has even been compiled;
/// whoever asks for the same address first takes that answer. It may be taken once, and only with the token that it was asked with.
fn early(outgoing: &Outgoing) -> Option<Promise> {
    if outgoing.method != Method::Get {
        return None;
    }
    let window = window()?;
    let early = browser::property(&window, "raxxEarly")?;
    let token = browser::property(&early, "token").and_then(|token| token.as_string());
    if token != credentials::token() {
        return None;
    }
    let answer = browser::property(&early, &outgoing.uri)?.dyn_into().ok();
    browser::set_property(&early, &outgoing.uri, &JsValue::UNDEFINED);
    answer
}

async fn read_body(response: &Response) -> Result<Vec<u8>, JsValue> {
    let buffer = JsFuture::from(response.array_buffer()?).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

fn header(response: &Response, name: &str) -> Option<String> {
    response.headers().get(name).ok().flatten()
}

/// The failure behind an answer that is not the expected success, with its body read.
pub(super) async fn failure_of(response: &Response) -> Failure {
    let retry_after = header(response, "retry-after").and_then(|seconds| seconds.parse().ok());
    let body = read_body(response).await.unwrap_or_default();
    Failure::from_answer(response.status(), retry_after, &body)
}
