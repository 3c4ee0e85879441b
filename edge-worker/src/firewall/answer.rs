//! What Raptor answered, judged against the route's type.

use shared::{Problem, ProblemCode, ResponseKind};

use super::{media_type, names};
use crate::refusal::{CHALLENGE, Refusal};
use crate::routes::{Checked, Route};

/// Largest problem document that is read, in bytes.
pub const MAX_PROBLEM_BYTES: usize = 16 * 1024;

/// What Raptor's answer begins with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Head<'a> {
    /// The status.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: &'a str,
    /// `WWW-Authenticate`.
    pub challenge: &'a str,
    /// `Retry-After`.
    pub retry_after: &'a str,
}

/// What is expected to follow a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follows {
    /// No body.
    Nothing,
    /// A body to be read as a whole, of at most this many bytes, and judged by [`judge`].
    Document(usize),
    /// A body to be passed on as it flows.
    Stream,
}

/// An answer that may be sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// No body.
    Empty,
    /// The bytes that Raptor sent, as they are.
    AsSent,
    /// What the type knows of them.
    Trimmed(Vec<u8>),
    /// A problem: the status, the document written anew, and the headers that go with it.
    Problem(u16, Vec<u8>, Vec<(&'static str, String)>),
}

/// Decides by the head alone whether and how the body is read.
///
/// # Errors
/// [`Refusal::Withheld`] for what the contract does not know; [`Refusal::ServiceBearer`]; [`Refusal::Unreachable`] when something in
/// front of Raptor says that it is down.
pub fn expect(route: &Route, head: &Head<'_>) -> Result<Follows, Refusal> {
    if head.status == 401 && is_about_the_edge(head.challenge) {
        return Err(Refusal::ServiceBearer);
    }
    if media_type::is_problem(head.content_type) {
        return Ok(Follows::Document(MAX_PROBLEM_BYTES));
    }
    if head.status == route.status {
        return match route.response {
            ResponseKind::Nothing => Ok(Follows::Nothing),
            ResponseKind::Json if media_type::is_json(head.content_type) => Ok(Follows::Document(route.response_max)),
            ResponseKind::Events if media_type::is_event_stream(head.content_type) => Ok(Follows::Stream),
            ResponseKind::Download if media_type::sound(head.content_type).is_some() => Ok(Follows::Stream),
            _ => Err(Refusal::Withheld("content_type")),
        };
    }
    match head.status {
        502..=504 => Err(Refusal::Unreachable("raptor_gateway")),
        300..=399 => Err(Refusal::Withheld("redirect")),
        _ => Err(Refusal::Withheld("status")),
    }
}

/// Whether a challenge asks for the edge's own bearer: its realm tells it from the customer's (`service_auth::refusal_response`). A 401
/// about us must never reach customers, whom it would sign out.
fn is_about_the_edge(challenge: &str) -> bool {
    challenge.to_ascii_lowercase().replace([' ', '"'], "").contains("realm=service")
}

/// Judges a whole body.
///
/// # Errors
/// [`Refusal::Withheld`].
pub fn judge(route: &Route, head: &Head<'_>, body: &[u8]) -> Result<Answer, Refusal> {
    if media_type::is_problem(head.content_type) {
        return problem(head, body);
    }
    match (route.check_response)(body) {
        Err(_) => Err(Refusal::Withheld("undecodable")),
        Ok(Checked::Exact) if names::discloses(body) => Err(Refusal::Withheld("name")),
        Ok(Checked::Exact) => Ok(Answer::AsSent),
        Ok(Checked::Trimmed(trimmed)) if names::discloses(&trimmed) => Err(Refusal::Withheld("name")),
        Ok(Checked::Trimmed(trimmed)) => Ok(Answer::Trimmed(trimmed)),
    }
}

fn problem(head: &Head<'_>, body: &[u8]) -> Result<Answer, Refusal> {
    if shared::check_shape(body).is_err() {
        return Err(Refusal::Withheld("problem_undecodable"));
    }
    let problem: Problem = serde_json::from_slice(body).map_err(|_| Refusal::Withheld("problem_undecodable"))?;
    let expected = problem.status == head.status
        && (head.status >= 400 || (head.status == 202 && problem.code == ProblemCode::AcceptedUnconfirmed));
    if !expected || head.status > 599 {
        return Err(Refusal::Withheld("problem_status"));
    }
    let document = serde_json::to_vec(&problem).map_err(|_| Refusal::Withheld("problem_undecodable"))?;
    if names::mentions(&document) {
        return Err(Refusal::Withheld("name"));
    }
    let mut headers = Vec::new();
    if head.status == 401 {
        headers.push(("www-authenticate", CHALLENGE.to_owned()));
    }
    // Seconds only, a day at most: a date would tell Raptor's clock, and nothing here waits longer.
    if let Some(seconds) = head.retry_after.parse::<u32>().ok().filter(|seconds| *seconds <= 86_400) {
        headers.push(("retry-after", seconds.to_string()));
    }
    Ok(Answer::Problem(head.status, document, headers))
}

#[cfg(test)]
mod tests;
