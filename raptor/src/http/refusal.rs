//! Everything that is not a success, as one type.

use axum::body::Body;
use http::{HeaderValue, Response, StatusCode, header};
use shared::{DecodeError, FieldError, Problem, ProblemCode, Reference, TicketId};

use crate::store::StoreError;

/// Why a call was not served. Becomes a problem document (RFC 9457); the cause stays in our log.
#[derive(Debug)]
pub struct Refusal {
    pub(super) code: ProblemCode,
    /// Boxed, because every `Result` of every handler would be as large as this otherwise.
    details: Box<Details>,
}

#[derive(Debug, Default)]
struct Details {
    status: Option<u16>,
    errors: Vec<FieldError>,
    ticket: Option<TicketId>,
    retry_after: Option<u32>,
    allow: Option<String>,
    cause: Option<String>,
}

impl Refusal {
    /// With the code's own status.
    #[must_use]
    pub fn new(code: ProblemCode) -> Self {
        Self { code, details: Box::default() }
    }

    /// Nothing there, or nothing there for you.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(ProblemCode::NotFound)
    }

    /// A field was refused.
    #[must_use]
    pub fn invalid(error: FieldError) -> Self {
        let mut refusal = Self::new(ProblemCode::Invalid);
        refusal.details.errors.push(error);
        refusal
    }

    /// The submission is kept and will be delivered.
    #[must_use]
    pub fn accepted_unconfirmed(ticket: TicketId) -> Self {
        let mut refusal = Self::new(ProblemCode::AcceptedUnconfirmed);
        refusal.details.ticket = Some(ticket);
        refusal
    }

    /// Adds a refused field.
    #[must_use]
    pub fn with_error(mut self, error: FieldError) -> Self {
        self.details.errors.push(error);
        self
    }

    /// Says when to try again, in seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.details.retry_after = Some(seconds);
        self
    }

    /// Adds the cause, for the log alone. It must hold nothing that a customer wrote, and no secret.
    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        self.details.cause = Some(cause.into());
        self
    }

    /// A method that the path does not have.
    #[must_use]
    pub(super) fn method_not_allowed(allow: String) -> Self {
        let mut refusal = Self::new(ProblemCode::Invalid);
        refusal.details.status = Some(405);
        refusal.details.allow = Some(allow);
        refusal
    }

    /// The problem's code.
    #[must_use]
    pub fn code(&self) -> ProblemCode {
        self.code
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.details.status.unwrap_or(self.code.status())
    }

    pub(super) fn cause(&self) -> Option<&str> {
        self.details.cause.as_deref()
    }

    pub(super) fn ticket(&self) -> Option<TicketId> {
        self.details.ticket
    }

    /// The problem document.
    pub(super) fn into_response(self, reference: Reference) -> Response<Body> {
        let mut problem =
            Problem::new(self.code, reference).with_status(self.status()).with_errors(self.details.errors);
        problem.ticket_id = self.details.ticket;
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(Problem::CONTENT_TYPE));
        if problem.status == 401 {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.details.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(allow) = self.details.allow.and_then(|allow| HeaderValue::from_str(&allow).ok()) {
            headers.insert(header::ALLOW, allow);
        }
        response
    }
}

impl From<ProblemCode> for Refusal {
    fn from(code: ProblemCode) -> Self {
        Self::new(code)
    }
}

impl From<DecodeError> for Refusal {
    fn from(error: DecodeError) -> Self {
        Self::invalid(error.field)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::new(ProblemCode::Internal).because(error.to_string())
    }
}
