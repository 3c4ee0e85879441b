//! What a handler gets and gives.

use std::future::Future;

use http::{HeaderMap, HeaderName, HeaderValue};
use shared::{CustomerId, Endpoint, IdempotencyKey, ProblemCode, Reference, TicketId};

use super::refusal::Refusal;
use crate::sessions::SignedIn;

/// A body that is streamed.
pub type Body = axum::body::Body;

/// A route whose parameters and bodies may travel between threads, as those of every route do.
pub trait Served: Endpoint<Path: Send + Sync, Query: Send + Sync, Request: Send + Sync, Response: Send + Sync> {}

impl<E> Served for E where
    E: Endpoint<Path: Send + Sync, Query: Send + Sync, Request: Send + Sync, Response: Send + Sync>
{
}

/// Serves one route. [`super::router()`] asks for one of these per route of the contract, so a route without a handler does not compile.
pub trait Handler<E: Endpoint>: Send + Sync + 'static {
    /// Answers a call that was decoded, and whose caller was authenticated where the route demands it.
    fn handle(&self, call: Call<E>) -> impl Future<Output = Result<Answer<E::Response>, Refusal>> + Send;
}

/// A decoded call.
pub struct Call<E: Endpoint> {
    /// Parameters of the path.
    pub path: E::Path,
    /// Parameters of the query.
    pub query: E::Query,
    /// The body, when it is read as a whole.
    pub body: E::Request,
    /// The body, when it is streamed: not yet read, and bounded to [`shared::RequestBody::MAX_BYTES`].
    pub stream: Option<Body>,
    /// What the customer can quote, should this fail.
    pub reference: Reference,
    /// The header of that name, on routes that demand it.
    pub idempotency_key: Option<IdempotencyKey>,
    /// The `Last-Event-ID` header, when it is a number.
    pub last_event_id: Option<u64>,
    pub(super) signed_in: Option<SignedIn>,
}

impl<E: Endpoint> Call<E> {
    /// Who is asking.
    ///
    /// # Errors
    /// `unauthenticated` on a route that is open to anybody, so that a handler cannot serve a customer's data there by mistake.
    pub fn signed_in(&self) -> Result<&SignedIn, Refusal> {
        self.signed_in.as_ref().ok_or_else(|| ProblemCode::Unauthenticated.into())
    }

    /// The customer who is asking.
    ///
    /// # Errors
    /// As for [`Call::signed_in`].
    pub fn customer(&self) -> Result<CustomerId, Refusal> {
        self.signed_in().map(|signed_in| signed_in.customer)
    }

    /// The idempotency key.
    ///
    /// # Errors
    /// `invalid` on a route that does not demand one.
    pub fn key(&self) -> Result<&IdempotencyKey, Refusal> {
        self.idempotency_key.as_ref().ok_or_else(|| ProblemCode::Invalid.into())
    }
}

/// A success.
pub struct Answer<T> {
    pub(super) body: AnswerBody<T>,
    pub(super) headers: HeaderMap,
    /// Who acted, where the call itself could not know it.
    pub(super) actor: Option<CustomerId>,
    /// The ticket that it is about, where the path does not say it.
    pub(super) ticket: Option<TicketId>,
}

pub(super) enum AnswerBody<T> {
    Whole(T),
    Streamed(Body),
}

impl<T> Answer<T> {
    /// With this body.
    pub fn new(body: T) -> Self {
        Self { body: AnswerBody::Whole(body), headers: HeaderMap::new(), actor: None, ticket: None }
    }

    /// With a body that is streamed.
    pub fn streamed(body: Body) -> Self {
        Self { body: AnswerBody::Streamed(body), headers: HeaderMap::new(), actor: None, ticket: None }
    }

    /// With a header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: HeaderValue) -> Self {
        self.headers.insert(HeaderName::from_static(name), value);
        self
    }

    /// Says who acted, for the audit.
    #[must_use]
    pub fn by(mut self, actor: CustomerId) -> Self {
        self.actor = Some(actor);
        self
    }

    /// Says which ticket it is about, for the audit.
    #[must_use]
    pub fn about(mut self, ticket: TicketId) -> Self {
        self.ticket = Some(ticket);
        self
    }
}
