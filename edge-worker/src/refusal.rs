//! Every way in which the edge says no, and how each looks to the customer and to us.

use shared::{DecodeError, FieldError, Problem, ProblemCode, Reference};

/// How long to wait after a refusal for the rate, in seconds: the period of every limit.
pub const RATE_PERIOD: u32 = 60;
/// How long to wait when something behind the edge is out of reach, in seconds.
pub const RETRY_AFTER: u32 = 5;
/// The challenge of every 401. It is the same whatever was wrong with the token.
pub const CHALLENGE: &str = "Bearer realm=\"support.raxx.app\"";

/// Why the edge did not pass a request on, or withheld the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is nothing at this path.
    UnknownPath,
    /// The path has other methods: the value of `Allow`.
    UnknownMethod(String),
    /// No session's token, or one that does not hold; the word is for the log alone.
    Token(&'static str),
    /// A token of ours whose time is over.
    TokenExpired,
    /// There is no key set to judge by.
    KeysUnavailable,
    /// More requests than allowed; the word names the limit, for the log alone.
    Rate(&'static str),
    /// The body is larger than the route takes.
    TooLarge,
    /// The body's length is not announced.
    LengthRequired,
    /// The body did not arrive in time.
    BodySlow,
    /// The body has another content type or is compressed.
    MediaType,
    /// The request does not decode.
    Undecodable(Box<FieldError>),
    /// Raptor, or the static site, cannot be reached or does not answer in time; the word says which and why.
    Unreachable(&'static str),
    /// Raptor's answer is not what the contract promises; the word says why.
    Withheld(&'static str),
    /// Raptor does not accept the edge's own bearer.
    ServiceBearer,
    /// The worker lacks a part of its configuration.
    Misconfigured,
    /// A fault of the edge itself.
    Internal(&'static str),
}

impl Refusal {
    /// A request that does not decode.
    #[must_use]
    pub fn undecodable(error: DecodeError) -> Self {
        Self::Undecodable(Box::new(error.field))
    }

    /// The stable word for logs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownPath => "unknown_path",
            Self::UnknownMethod(_) => "unknown_method",
            Self::Token(_) => "token_refused",
            Self::TokenExpired => "token_expired",
            Self::KeysUnavailable => "keys_unavailable",
            Self::Rate(_) => "rate_limited",
            Self::TooLarge => "request_too_large",
            Self::LengthRequired => "length_required",
            Self::BodySlow => "request_slow",
            Self::MediaType => "unsupported_media_type",
            Self::Undecodable(_) => "request_undecodable",
            Self::Unreachable(_) => "upstream_unreachable",
            Self::Withheld(_) => "response_withheld",
            Self::ServiceBearer => "service_bearer_refused",
            Self::Misconfigured => "misconfigured",
            Self::Internal(_) => "internal",
        }
    }

    /// What more the log says: never anything that a customer sent.
    #[must_use]
    pub const fn detail(&self) -> Option<&'static str> {
        match self {
            Self::Token(why) | Self::Rate(why) | Self::Unreachable(why) | Self::Withheld(why) | Self::Internal(why) => {
                Some(why)
            }
            _ => None,
        }
    }

    /// The code and the status that the customer gets.
    #[must_use]
    pub const fn problem_code(&self) -> (ProblemCode, u16) {
        let code = match self {
            Self::UnknownPath => ProblemCode::NotFound,
            Self::UnknownMethod(_) => return (ProblemCode::Invalid, 405),
            Self::Token(_) => ProblemCode::Unauthenticated,
            Self::TokenExpired => ProblemCode::SessionExpired,
            Self::KeysUnavailable | Self::ServiceBearer | Self::Misconfigured => return (ProblemCode::Internal, 503),
            Self::Rate(_) => ProblemCode::RateLimited,
            Self::TooLarge => ProblemCode::TooLarge,
            Self::LengthRequired => return (ProblemCode::Invalid, 411),
            Self::BodySlow => return (ProblemCode::Invalid, 408),
            Self::MediaType => ProblemCode::UnsupportedMediaType,
            Self::Undecodable(_) => ProblemCode::Invalid,
            Self::Unreachable(_) => ProblemCode::HelpdeskUnavailable,
            Self::Withheld(_) => ProblemCode::ContractViolation,
            Self::Internal(_) => ProblemCode::Internal,
        };
        (code, code.status())
    }

    /// The problem document.
    #[must_use]
    pub fn problem(&self, reference: Reference) -> Problem {
        let (code, status) = self.problem_code();
        let problem = Problem::new(code, reference).with_status(status);
        match self {
            Self::Undecodable(field) => problem.with_errors(vec![(**field).clone()]),
            _ => problem,
        }
    }

    /// Headers that go with the refusal alone.
    #[must_use]
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::UnknownMethod(allow) => vec![("allow", allow.clone())],
            Self::Token(_) | Self::TokenExpired => vec![("www-authenticate", CHALLENGE.to_owned())],
            Self::Rate(_) => vec![("retry-after", RATE_PERIOD.to_string())],
            Self::KeysUnavailable | Self::Unreachable(_) => vec![("retry-after", RETRY_AFTER.to_string())],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_wrong_with_a_token_looks_the_same() {
        let reference = Reference::from_bits(7);
        let first = Refusal::Token("missing");
        for why in ["malformed", "signature", "unknown_kid"] {
            let other = Refusal::Token(why);
            assert_eq!(other.problem(reference), first.problem(reference));
            assert_eq!(other.headers(), first.headers());
        }
        assert_eq!(first.problem(reference).status, 401);
        assert_eq!(first.headers(), [("www-authenticate", CHALLENGE.to_owned())]);
    }

    #[test]
    fn trouble_with_keys_is_ours_and_not_the_customers() {
        assert_eq!(Refusal::KeysUnavailable.problem_code(), (ProblemCode::Internal, 503));
        assert_eq!(Refusal::ServiceBearer.problem_code().1, 503);
    }
}
