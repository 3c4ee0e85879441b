//! One call to the help desk: headers, time limits, size limits, and what its answer means.

use std::num::NonZeroU64;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use bytes::{Bytes, BytesMut};
use http::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use http::{Method, StatusCode};
use reqwest::{RequestBuilder, Response, Url};
use secrecy::ExposeSecret as _;
use serde::de::DeserializeOwned;

use super::breaker::{Breaker, Permit};
use super::counters::{Counters, Dropped, Operation};
use super::error::{Cause, ReadError, Refusal, WriteError};
use super::names::Names;
use super::settings::{Secrets, Settings};
use super::wire;

/// Largest answer, in bytes. A conversation of 2,000 long e-mails fits.
const MAX_ANSWER: usize = 32 * 1024 * 1024;

const API_KEY: HeaderName = HeaderName::from_static("x-freescout-api-key");
const ACCESS_ID: HeaderName = HeaderName::from_static("cf-access-client-id");
const ACCESS_SECRET: HeaderName = HeaderName::from_static("cf-access-client-secret");
const RESOURCE_ID: HeaderName = HeaderName::from_static("resource-id");

pub(super) struct Transport {
    pub(super) settings: Settings,
    pub(super) counters: Counters,
    pub(super) names: Names,
    breaker: Breaker,
    client: reqwest::Client,
    secrets: ArcSwap<Secrets>,
}

/// What is asked.
pub(super) struct Call {
    pub(super) operation: Operation,
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) body: Option<Bytes>,
}

/// An answer that can be used.
pub(super) struct Answer {
    /// Id of what was made.
    pub(super) resource_id: Option<NonZeroU64>,
    body: Bytes,
}

/// What went wrong, before it is known whether that was a read or a write.
enum Failure {
    Refused(Refusal),
    /// The help desk's own code certainly did not run.
    NotReached(Cause, Option<Duration>),
    /// It may have run.
    Unknown(Cause),
}

impl Answer {
    /// Reads the body. Anything that is not of the expected shape is [`Cause::Malformed`]; the text of the problem stays here.
    pub(super) fn decode<T: DeserializeOwned>(&self) -> Result<T, Cause> {
        serde_json::from_slice(&self.body).map_err(|_| Cause::Malformed)
    }
}

impl Transport {
    /// # Errors
    /// What the TLS library says when it finds no usable set of root certificates or ciphers.
    pub(super) fn new(settings: Settings, secrets: Secrets) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .connect_timeout(settings.timeouts.connect)
            // A redirect would carry the key to wherever it leads.
            .redirect(reqwest::redirect::Policy::none())
            // A proxy from the environment would see the key; the help desk is reached directly or not at all.
            .no_proxy()
            // Whether something is tried again is decided by those who know whether that is safe.
            .retry(reqwest::retry::never())
            .http1_only()
            .pool_idle_timeout(Duration::from_secs(20))
            .user_agent("raptor")
            .referer(false)
            .build()?;
        Ok(Self {
            breaker: Breaker::new(settings.breaker),
            names: Names::new(settings.base.host()),
            settings,
            counters: Counters::default(),
            client,
            secrets: ArcSwap::from_pointee(secrets),
        })
    }

    pub(super) fn replace_secrets(&self, secrets: Secrets) {
        self.secrets.store(secrets.into());
        self.breaker.reset();
    }

    pub(super) fn is_open(&self) -> bool {
        self.breaker.is_open(Instant::now())
    }

    pub(super) async fn read(&self, operation: Operation, url: Url) -> Result<Answer, ReadError> {
        let call = Call { operation, method: Method::GET, url, body: None };
        self.call(call, self.settings.timeouts.read).await.map_err(|failure| match failure {
            Failure::Refused(Refusal::NotFound) => ReadError::NotFound,
            Failure::Refused(refusal) => ReadError::Refused(refusal),
            Failure::NotReached(cause, _) | Failure::Unknown(cause) => ReadError::Unavailable(cause),
        })
    }

    pub(super) async fn write(&self, call: Call) -> Result<Answer, WriteError> {
        self.call(call, self.settings.timeouts.write).await.map_err(|failure| match failure {
            Failure::Refused(refusal) => WriteError::Refused(refusal),
            Failure::NotReached(cause, _) => WriteError::NotReached(cause),
            Failure::Unknown(cause) => WriteError::Unknown(cause),
        })
    }

    /// Opens a download. The key is not sent: the address opens the file by itself.
    pub(super) async fn download(&self, url: Url) -> Result<Response, ReadError> {
        let permit = self.enter()?;
        let request = self.with_gate_headers(self.client.get(url)).map_err(ReadError::Unavailable)?;
        self.counters.count_call(Operation::Download);
        let answer = tokio::time::timeout(self.settings.timeouts.read, request.send()).await;
        let failure = match answer {
            Err(_) => Failure::Unknown(Cause::Timeout),
            Ok(Err(error)) => failure_of(&error),
            Ok(Ok(response)) => match response.status() {
                StatusCode::OK => {
                    permit.succeeded();
                    return Ok(response);
                }
                // A file that has gone or whose address has expired. The host itself is well.
                StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::FORBIDDEN => {
                    permit.succeeded();
                    return Err(ReadError::NotFound);
                }
                status => failure_of_status(status, &response),
            },
        };
        Err(match self.note(Operation::Download, permit, failure) {
            Failure::Refused(_) => ReadError::NotFound,
            Failure::NotReached(cause, _) | Failure::Unknown(cause) => ReadError::Unavailable(cause),
        })
    }

    pub(super) fn drop_and_warn(&self, operation: Operation, what: Dropped, count: u64) {
        if count > 0 {
            self.counters.count_dropped(what, count);
            tracing::error!(operation = operation.name(), what = what.name(), count, "left something out of an answer");
        }
    }

    fn enter(&self) -> Result<Permit<'_>, ReadError> {
        self.breaker.enter(Instant::now()).map_err(|_| {
            self.counters.count_failure(Cause::CircuitOpen);
            ReadError::Unavailable(Cause::CircuitOpen)
        })
    }

    async fn call(&self, call: Call, limit: Duration) -> Result<Answer, Failure> {
        let permit = self.enter().map_err(|_| Failure::NotReached(Cause::CircuitOpen, None))?;
        let operation = call.operation;
        let request = self.request(call).map_err(|cause| Failure::NotReached(cause, None))?;
        self.counters.count_call(operation);
        let answer = match tokio::time::timeout(limit, exchange(request)).await {
            Ok(answer) => answer,
            Err(_) => Err(Failure::Unknown(Cause::Timeout)),
        };
        match answer {
            Ok(answer) => {
                permit.succeeded();
                Ok(answer)
            }
            Err(failure) => Err(self.note(operation, permit, failure)),
        }
    }

    fn note(&self, operation: Operation, permit: Permit<'_>, failure: Failure) -> Failure {
        let (cause, wish) = match failure {
            Failure::Refused(refusal) => {
                permit.succeeded();
                tracing::debug!(operation = operation.name(), %refusal, "the help desk refused");
                return failure;
            }
            Failure::NotReached(cause, wish) => (cause, wish),
            Failure::Unknown(cause) => (cause, None),
        };
        permit.failed(Instant::now(), wish);
        self.counters.count_failure(cause);
        tracing::warn!(operation = operation.name(), cause = cause.code(), advice = cause.advice(), "a call failed");
        failure
    }

    fn request(&self, call: Call) -> Result<RequestBuilder, Cause> {
        let key = header(self.secrets.load().api_key.expose_secret())?;
        // Without `Accept`, errors come as pages that name the vendor.
        let request =
            self.client.request(call.method, call.url).header(API_KEY, key).header(ACCEPT, "application/json");
        let request = self.with_gate_headers(request)?;
        Ok(match call.body {
            Some(body) => request.header(CONTENT_TYPE, "application/json").body(body),
            None => request,
        })
    }

    fn with_gate_headers(&self, request: RequestBuilder) -> Result<RequestBuilder, Cause> {
        let secrets = self.secrets.load();
        let Some(gate) = &secrets.access_gate else { return Ok(request) };
        let (id, secret) = (header(gate.client_id.expose_secret())?, header(gate.client_secret.expose_secret())?);
        Ok(request.header(ACCESS_ID, id).header(ACCESS_SECRET, secret))
    }
}

fn header(secret: &str) -> Result<HeaderValue, Cause> {
    let mut value = HeaderValue::from_str(secret.trim()).map_err(|_| Cause::NotConfigured)?;
    value.set_sensitive(true);
    Ok(value)
}

async fn exchange(request: RequestBuilder) -> Result<Answer, Failure> {
    let response = request.send().await.map_err(|error| failure_of(&error))?;
    let status = response.status();
    if status.is_success() {
        let resource_id = resource_id(&response);
        let is_page =
            response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        return match body(response).await {
            // A page in the place of an answer, such as a gate's sign-in. An empty one is how the help desk says "done".
            Ok(body) if is_page && !body.is_empty() && resource_id.is_none() => {
                Err(Failure::Unknown(Cause::AccessGate))
            }
            Ok(body) => Ok(Answer { resource_id, body }),
            // The header alone says that it was made, and which it is.
            Err(_) if resource_id.is_some() => Ok(Answer { resource_id, body: Bytes::new() }),
            Err(cause) => Err(Failure::Unknown(cause)),
        };
    }
    let failure = failure_of_status(status, &response);
    match failure {
        Failure::Refused(refusal) => refused(refusal, response).await,
        other => Err(other),
    }
}

/// Tells apart what the help desk itself refused from what something in front of it made up.
async fn refused(refusal: Refusal, response: Response) -> Result<Answer, Failure> {
    let problem: Option<wire::Problem> = match body(response).await {
        Ok(body) => serde_json::from_slice(&body).ok(),
        Err(_) => None,
    };
    Err(match (refusal, problem) {
        // An unknown path has an empty message: the address or the version is wrong, not the id.
        (Refusal::NotFound, problem) if problem.as_ref().is_none_or(|problem| problem.message.is_empty()) => {
            Failure::NotReached(Cause::Unexpected, None)
        }
        (Refusal::Invalid, Some(problem)) => Failure::Refused(known_refusal(&problem)),
        (refusal, _) => Failure::Refused(refusal),
    })
}

fn known_refusal(problem: &wire::Problem) -> Refusal {
    let items = problem.embedded.errors.iter();
    let messages: Vec<String> =
        items.map(|item| serde_json::from_str::<wire::ProblemItem>(item.get()).unwrap_or_default().message).collect();
    let says = |words: &str| messages.iter().any(|message| message.to_ascii_lowercase().contains(words));
    if says("already exist") {
        Refusal::EmailTaken
    } else if says("invalid email") {
        Refusal::EmailInvalid
    } else {
        Refusal::Invalid
    }
}

fn failure_of(error: &reqwest::Error) -> Failure {
    if error.is_connect() {
        Failure::NotReached(Cause::Connect, None)
    } else if error.is_builder() {
        Failure::NotReached(Cause::NotConfigured, None)
    } else if error.is_timeout() {
        Failure::Unknown(Cause::Timeout)
    } else {
        Failure::Unknown(Cause::Interrupted)
    }
}

fn failure_of_status(status: StatusCode, response: &Response) -> Failure {
    match status {
        StatusCode::UNAUTHORIZED => Failure::NotReached(Cause::Unauthorized, None),
        StatusCode::FORBIDDEN => Failure::NotReached(Cause::AccessGate, None),
        StatusCode::TOO_MANY_REQUESTS => Failure::NotReached(Cause::RateLimited, retry_after(response)),
        // The web server gave up before it had the whole request.
        StatusCode::REQUEST_TIMEOUT => Failure::NotReached(Cause::Timeout, None),
        StatusCode::NOT_FOUND => Failure::Refused(Refusal::NotFound),
        StatusCode::PAYLOAD_TOO_LARGE => Failure::Refused(Refusal::TooLarge),
        StatusCode::METHOD_NOT_ALLOWED => Failure::NotReached(Cause::Unexpected, None),
        status if status.is_redirection() => Failure::NotReached(Cause::AccessGate, None),
        status if status.is_client_error() => Failure::Refused(Refusal::Invalid),
        _ => Failure::Unknown(Cause::ServerError),
    }
}

fn retry_after(response: &Response) -> Option<Duration> {
    response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

fn resource_id(response: &Response) -> Option<NonZeroU64> {
    response.headers().get(RESOURCE_ID)?.to_str().ok()?.trim().parse().ok()
}

async fn body(mut response: Response) -> Result<Bytes, Cause> {
    let stated = response.content_length().unwrap_or(0);
    if stated > MAX_ANSWER as u64 {
        return Err(Cause::TooLarge);
    }
    let mut whole = BytesMut::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if whole.len() + chunk.len() > MAX_ANSWER => return Err(Cause::TooLarge),
            Ok(Some(chunk)) => whole.extend_from_slice(&chunk),
            Ok(None) => return Ok(whole.freeze()),
            Err(_) => return Err(Cause::Interrupted),
        }
    }
}
