//! One decision per request: is this our caller?

use std::sync::Arc;

use http::{HeaderMap, HeaderName, header};

use crate::{KeyAge, KeyMatch, KeyRing, Metrics, Refusal, log_label, token::has_token_shape};

/// Checks the callers of one service pair.
#[derive(Debug)]
pub struct Verifier {
    caller: Arc<str>,
    header: HeaderName,
    ring: Arc<KeyRing>,
}

impl Verifier {
    /// A verifier for requests of `caller` (a name for logs), which presents its token in `Authorization`.
    pub fn new(caller: &str, ring: Arc<KeyRing>) -> Self {
        Self { caller: caller.into(), header: header::AUTHORIZATION, ring }
    }

    /// Expects the token in another header, still as `Bearer <token>`: needed where `Authorization` carries the customer's
    /// own token through this hop.
    #[must_use]
    pub fn with_header(mut self, header: HeaderName) -> Self {
        self.header = header;
        self
    }

    /// The header that is read.
    pub fn header(&self) -> &HeaderName {
        &self.header
    }

    /// The counters.
    pub fn metrics(&self) -> &Metrics {
        self.ring.metrics()
    }

    /// Verifies, counts and logs one use.
    ///
    /// # Errors
    /// [`Refusal`]. It must not reach the caller: answer with [`crate::refusal_response`].
    pub fn verify(&self, headers: &HeaderMap) -> Result<Verified, Refusal> {
        match self.decide(headers) {
            (Ok(age), token) => {
                self.metrics().count_accepted(age);
                let key = if age == KeyAge::Current { "current" } else { "previous" };
                tracing::info!(target: "service_auth", caller = &*self.caller, tok = log_label(token), key, "service token accepted");
                Ok(Verified { caller: self.caller.clone(), age })
            }
            (Err(refusal), token) => {
                self.metrics().count_refused(refusal);
                let tok = if refusal == Refusal::Missing { "<missing>" } else { log_label(token) };
                tracing::warn!(target: "service_auth", caller = &*self.caller, tok, cause = refusal.code(), "service token refused");
                Err(refusal)
            }
        }
    }

    fn decide<'h>(&self, headers: &'h HeaderMap) -> (Result<KeyAge, Refusal>, &'h [u8]) {
        let mut values = headers.get_all(&self.header).iter();
        let value = match (values.next(), values.next()) {
            (None, _) => return (Err(Refusal::Missing), b""),
            // Two values: which one a proxy in between looked at is anybody's guess.
            (Some(_), Some(_)) => return (Err(Refusal::Malformed), b""),
            (Some(value), None) => value.as_bytes(),
        };
        let Some(token) = bearer(value).filter(|token| has_token_shape(token)) else {
            return (Err(Refusal::Malformed), b"");
        };
        let decision = match self.ring.check(token) {
            KeyMatch::Valid(age) => Ok(age),
            KeyMatch::Ended => Err(Refusal::Ended),
            KeyMatch::Unknown => Err(Refusal::Unknown),
        };
        (decision, token)
    }
}

/// The value after `Bearer` and one or more spaces; the scheme is case-insensitive (RFC 9110, section 11.1).
fn bearer(value: &[u8]) -> Option<&[u8]> {
    let (scheme, rest) = value.split_at_checked(6)?;
    let token = rest.trim_ascii_start();
    (scheme.eq_ignore_ascii_case(b"bearer") && token.len() < rest.len()).then_some(token)
}

/// Proof that a request carried a valid token. Only this crate can make one:
///
/// ```compile_fail
/// let forged = service_auth::Verified { caller: "raptor".into(), age: service_auth::KeyAge::Current };
/// ```
#[derive(Debug, Clone)]
pub struct Verified {
    caller: Arc<str>,
    age: KeyAge,
}

impl Verified {
    /// The caller's name, as given to [`Verifier::new`].
    pub fn caller(&self) -> &str {
        &self.caller
    }

    /// Which key it used.
    pub fn age(&self) -> KeyAge {
        self.age
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_is_case_insensitive_and_needs_a_space() {
        assert_eq!(bearer(b"Bearer abc"), Some(&b"abc"[..]));
        assert_eq!(bearer(b"bEARER   abc"), Some(&b"abc"[..]));
        for wrong in [&b"Bearerabc"[..], b"Bearer", b"Basic abc", b"", b"abc"] {
            assert_eq!(bearer(wrong), None, "{wrong:?}");
        }
    }
}
