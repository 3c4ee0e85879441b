//! Errors on the wire: RFC 9457 problem documents with a closed set of codes.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::bounded::{Line, List};
use crate::id::{Reference, TicketId};
use crate::words::words;

words! {
    /// What went wrong, as a machine reads it. The set is closed and part of the contract: a code is never reused for another meaning.
    ProblemCode {
        /// There is no such thing, or it is not yours: the two cannot be told apart.
        NotFound = "not_found",
        /// The request does not decode, or a field breaks a bound; `errors` names the fields. Also a method that the route does not
        /// have (status 405).
        Invalid = "invalid",
        /// No credentials, or credentials that are not valid.
        Unauthenticated = "unauthenticated",
        /// The session was valid once and has ended: sign in again.
        SessionExpired = "session_expired",
        /// The body is larger than the route takes.
        TooLarge = "too_large",
        /// The body is not of the content type that the route takes.
        UnsupportedMediaType = "unsupported_media_type",
        /// The file's type, name or content is not accepted; `errors` says which.
        FileRejected = "file_rejected",
        /// Too many requests; `Retry-After` says how many seconds to wait.
        RateLimited = "rate_limited",
        /// The idempotency key was used before with another body.
        IdempotencyConflict = "idempotency_conflict",
        /// The request with this idempotency key is still running.
        InProgress = "in_progress",
        /// Kept and on its way, but not confirmed yet. Nothing is lost and nothing needs to be sent again.
        AcceptedUnconfirmed = "accepted_unconfirmed",
        /// The team's systems cannot be reached right now.
        HelpdeskUnavailable = "helpdesk_unavailable",
        /// An answer did not have the promised shape and was withheld.
        ContractViolation = "contract_violation",
        /// The portal is switched off for maintenance.
        Maintenance = "maintenance",
        /// Anything else that is our fault.
        Internal = "internal",
    }
}

impl ProblemCode {
    /// The HTTP status that goes with the code, unless the problem says otherwise.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::Invalid => 400,
            Self::Unauthenticated | Self::SessionExpired => 401,
            Self::TooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::FileRejected | Self::IdempotencyConflict => 422,
            Self::RateLimited => 429,
            Self::InProgress => 409,
            Self::AcceptedUnconfirmed => 202,
            Self::HelpdeskUnavailable | Self::Maintenance => 503,
            Self::ContractViolation => 502,
            Self::Internal => 500,
        }
    }

    /// One neutral English sentence for people. The portal shows its own words, by code, in the customer's language.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::NotFound => "We could not find that.",
            Self::Invalid => "The request could not be understood.",
            Self::Unauthenticated => "Please sign in.",
            Self::SessionExpired => "Your session has ended. Please sign in again.",
            Self::TooLarge => "That is more than we can take in one go.",
            Self::UnsupportedMediaType => "That kind of content is not accepted here.",
            Self::FileRejected => "This file was not accepted.",
            Self::RateLimited => "That was a lot at once. Please wait a moment.",
            Self::IdempotencyConflict => "This submission was changed after it had been sent.",
            Self::InProgress => "This submission is still being sent.",
            Self::AcceptedUnconfirmed => {
                "We have kept your message and will deliver it. There is no need to send it again."
            }
            Self::HelpdeskUnavailable => "Our support desk cannot be reached right now.",
            Self::ContractViolation => "The answer was not usable and was withheld.",
            Self::Maintenance => "Support is being worked on and will be back soon.",
            Self::Internal => "Something went wrong on our side.",
        }
    }
}

/// An error document, `application/problem+json` (RFC 9457). It carries a neutral sentence and a reference, nothing of the cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Problem {
    /// `urn:raxx:support:problem:` and the code.
    pub r#type: Line<1, 80>,
    /// One neutral sentence.
    pub title: Line<1, 200>,
    /// The HTTP status, once more.
    pub status: u16,
    /// What went wrong, for machines.
    pub code: ProblemCode,
    /// Quote this to support.
    pub reference: Reference,
    /// The fields that were refused, when the request was a form.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub errors: List<FieldError, 50>,
    /// The ticket that was kept, with [`ProblemCode::AcceptedUnconfirmed`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket_id: Option<TicketId>,
}

impl Problem {
    /// The media type of a problem document.
    pub const CONTENT_TYPE: &'static str = "application/problem+json";

    /// A problem with the code's own status and sentence.
    #[must_use]
    pub fn new(code: ProblemCode, reference: Reference) -> Self {
        let fitted = |text: &str| Line::fitted(text).unwrap_or_default();
        let mut kind = String::from("urn:raxx:support:problem:");
        kind.push_str(code.as_str());
        Self {
            r#type: Line::fitted(&kind).unwrap_or_default(),
            title: fitted(code.title()),
            status: code.status(),
            code,
            reference,
            errors: List::default(),
            ticket_id: None,
        }
    }

    /// The same problem under another HTTP status, as 405 for [`ProblemCode::Invalid`].
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The same problem with refused fields.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<FieldError>) -> Self {
        self.errors = List::fitted(errors);
        self
    }
}

/// One refused field of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FieldError {
    /// Path of the field in the request, such as `subject` or `fields[2].value`; empty for the body as a whole.
    pub field: Line<0, 120>,
    /// Why it was refused, for machines.
    pub code: FieldCode,
    /// Why it was refused, as one English sentence.
    pub message: Line<1, 200>,
}

impl FieldError {
    /// The field and why it was refused.
    #[must_use]
    pub fn new(field: &str, violation: &Violation) -> Self {
        Self {
            field: Line::fitted(field).unwrap_or_default(),
            code: violation.code,
            message: Line::fitted(&violation.message()).unwrap_or_default(),
        }
    }
}

words! {
    /// Why a field was refused. Closed, like [`ProblemCode`].
    FieldCode {
        /// It must be there and must not be empty.
        Required = "required",
        /// Too few characters.
        TooShort = "too_short",
        /// Too many characters.
        TooLong = "too_long",
        /// Too many items.
        TooMany = "too_many",
        /// Not of the form that the field has.
        Malformed = "malformed",
        /// The contract has no such field or parameter.
        Unknown = "unknown",
        /// The same field or parameter twice.
        Duplicate = "duplicate",
        /// Of the right form, but not among the values that are accepted.
        NotAllowed = "not_allowed",
    }
}

impl FieldCode {
    const fn sentence(self) -> &'static str {
        match self {
            Self::Required => "this is required",
            Self::TooShort => "this is too short",
            Self::TooLong => "this is too long",
            Self::TooMany => "these are too many",
            Self::Malformed => "this does not have the expected form",
            Self::Unknown => "this is not part of the request",
            Self::Duplicate => "this is there twice",
            Self::NotAllowed => "this is not among the accepted values",
        }
    }

    /// The violation, with the largest length or count that would have been accepted.
    #[must_use]
    pub const fn at_most(self, bound: usize) -> Violation {
        Violation { code: self, bound: Some(bound), detail: None }
    }

    /// The violation, with the smallest length or count that would have been accepted.
    #[must_use]
    pub const fn at_least(self, bound: usize) -> Violation {
        Violation { code: self, bound: Some(bound), detail: None }
    }

    /// The violation, with a sentence of its own.
    #[must_use]
    pub const fn because(self, detail: &'static str) -> Violation {
        Violation { code: self, bound: None, detail: Some(detail) }
    }
}

impl From<FieldCode> for Violation {
    fn from(code: FieldCode) -> Self {
        Self { code, bound: None, detail: None }
    }
}

/// A value that breaks its type's bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which rule.
    pub code: FieldCode,
    bound: Option<usize>,
    detail: Option<&'static str>,
}

impl Violation {
    /// One English sentence, without the offending value.
    #[must_use]
    pub fn message(&self) -> String {
        let mut message = String::from(self.detail.unwrap_or(self.code.sentence()));
        if let Some(bound) = self.bound {
            let word = if self.code == FieldCode::TooShort { " (at least " } else { " (at most " };
            message.push_str(word);
            message.push_str(&bound.to_string());
            message.push(')');
        }
        message
    }

    /// Splits what [`fmt::Display`] wrote into a code and a sentence; `None` for any other text. serde's errors carry text only, so
    /// this is how the code comes through a decoder.
    pub(crate) fn split(display: &str) -> Option<(FieldCode, &str)> {
        let (code, message) = display.split_once(": ")?;
        FieldCode::ALL.iter().find(|known| known.as_str() == code).map(|code| (*code, message))
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code.as_str())?;
        formatter.write_str(": ")?;
        formatter.write_str(&self.message())
    }
}

impl std::error::Error for Violation {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_violation_survives_as_text() {
        let violation = FieldCode::TooLong.at_most(200);
        let text = violation.to_string();
        assert_eq!(Violation::split(&text), Some((FieldCode::TooLong, "this is too long (at most 200)")));
        assert_eq!(Violation::split("missing field `subject`"), None);
    }
}
