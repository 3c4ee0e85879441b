//! Why a call did not succeed.

use shared::{FieldError, Problem, ProblemCode, Reference, TicketId};

/// Why a call did not succeed, and what to quote to support.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong.
    pub cause: Cause,
    /// What to quote to support; absent when the call never got there.
    pub reference: Option<Reference>,
}

/// What went wrong. The set of codes is the contract's; three more exist only on this side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// There is no connection.
    Offline,
    /// No answer within the time allowed: whether it was carried out is unknown.
    TimedOut,
    /// The customer or the page called it off.
    Cancelled,
    /// The answer does not have the promised form.
    Unusable,
    /// The session has ended.
    SessionEnded,
    /// No such thing, or not theirs.
    NotFound,
    /// Fields were refused.
    Invalid(Vec<FieldError>),
    /// More than the route takes.
    TooLarge,
    /// The file is not accepted.
    FileRejected,
    /// Too many calls: wait so many seconds.
    RateLimited(u32),
    /// The key was used with another body.
    IdempotencyConflict,
    /// The same submission is still running, or it is too late to take it back.
    InProgress,
    /// Kept and on its way, not confirmed yet.
    AcceptedUnconfirmed(Option<TicketId>),
    /// The team's systems cannot be reached.
    DeskUnavailable,
    /// Switched off for maintenance.
    Maintenance,
    /// Anything else that is our fault.
    Internal,
}

impl Failure {
    /// A failure without a reference.
    #[must_use]
    pub const fn new(cause: Cause) -> Self {
        Self { cause, reference: None }
    }

    /// Whether the call may have been carried out although no success was seen. Where something in between says that we cannot be
    /// reached, which has no reference to quote, nobody of ours has said what came of it.
    #[must_use]
    pub const fn outcome_unknown(&self) -> bool {
        matches!(self.cause, Cause::Offline | Cause::TimedOut | Cause::Unusable | Cause::Internal | Cause::InProgress)
            || matches!((&self.cause, &self.reference), (Cause::DeskUnavailable, None))
    }

    /// Reads a problem document; without one, judges by the status alone.
    pub(super) fn from_answer(status: u16, retry_after: Option<u32>, body: &[u8]) -> Self {
        // From a text, as all answers are read: from bytes would be a second decoder.
        match str::from_utf8(body).ok().and_then(|text| serde_json::from_str::<Problem>(text).ok()) {
            Some(problem) => Self {
                cause: cause(problem.code, retry_after, problem.errors.into_vec(), problem.ticket_id),
                reference: Some(problem.reference),
            },
            None => Self::new(match status {
                401 => Cause::SessionEnded,
                404 => Cause::NotFound,
                408 | 504 => Cause::TimedOut,
                409 => Cause::InProgress,
                413 => Cause::TooLarge,
                429 => Cause::RateLimited(retry_after.unwrap_or(30)),
                502 | 503 => Cause::DeskUnavailable,
                200..=299 => Cause::Unusable,
                _ => Cause::Internal,
            }),
        }
    }
}

fn cause(code: ProblemCode, retry_after: Option<u32>, errors: Vec<FieldError>, ticket_id: Option<TicketId>) -> Cause {
    match code {
        ProblemCode::NotFound => Cause::NotFound,
        ProblemCode::Invalid => Cause::Invalid(errors),
        ProblemCode::Unauthenticated | ProblemCode::SessionExpired => Cause::SessionEnded,
        ProblemCode::TooLarge => Cause::TooLarge,
        ProblemCode::UnsupportedMediaType | ProblemCode::FileRejected => Cause::FileRejected,
        ProblemCode::RateLimited => Cause::RateLimited(retry_after.unwrap_or(30)),
        ProblemCode::IdempotencyConflict => Cause::IdempotencyConflict,
        ProblemCode::InProgress => Cause::InProgress,
        ProblemCode::AcceptedUnconfirmed => Cause::AcceptedUnconfirmed(ticket_id),
        ProblemCode::HelpdeskUnavailable => Cause::DeskUnavailable,
        ProblemCode::ContractViolation => Cause::Unusable,
        ProblemCode::Maintenance => Cause::Maintenance,
        ProblemCode::Internal => Cause::Internal,
    }
}
