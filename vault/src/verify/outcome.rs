//! What a verification found out.

use super::Values;
use crate::http::{Answer, Trouble};
use crate::registry::Verdict;

/// Characters of anything that a vendor said, at most.
const QUOTE_LIMIT: usize = 160;

/// What stands behind a PARTIAL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// Everything is as said.
    Confirmed,
    /// Something could not be confirmed.
    Unconfirmed,
    /// Something is known to differ.
    Differs,
}

/// A verdict with its evidence. Holds nothing of the credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// What stands behind it.
    pub certainty: Certainty,
    /// What was asked and answered, such as `HTTP 401`.
    pub evidence: String,
    /// Whom the vendor takes the bearer for.
    pub identity: Option<String>,
    /// The scopes that the vendor reveals.
    pub scopes: Option<Vec<String>>,
}

impl Outcome {
    fn new(verdict: Verdict, certainty: Certainty, evidence: impl Into<String>) -> Self {
        Self { verdict, certainty, evidence: evidence.into(), identity: None, scopes: None }
    }

    /// Alive and as the registry says.
    pub fn valid(evidence: impl Into<String>) -> Self {
        Self::new(Verdict::Valid, Certainty::Confirmed, evidence)
    }

    /// Dead, says the vendor.
    pub fn stale(evidence: impl Into<String>) -> Self {
        Self::new(Verdict::Stale, Certainty::Confirmed, evidence)
    }

    /// Alive, and something differs from the registry.
    pub fn differs(evidence: impl Into<String>) -> Self {
        Self::new(Verdict::Partial, Certainty::Differs, evidence)
    }

    /// Alive, and something cannot be confirmed.
    pub fn unconfirmed(evidence: impl Into<String>) -> Self {
        Self::new(Verdict::Partial, Certainty::Unconfirmed, evidence)
    }

    /// Nothing found out.
    pub fn unknown(evidence: impl Into<String>) -> Self {
        Self::new(Verdict::Unknown, Certainty::Unconfirmed, evidence)
    }

    /// With whom the vendor takes the bearer for.
    #[must_use]
    pub fn identity(mut self, identity: Option<&str>) -> Self {
        self.identity = identity.map(quote);
        self
    }

    /// With the scopes that the vendor reveals.
    #[must_use]
    pub fn scopes(mut self, scopes: Vec<String>) -> Self {
        self.scopes = Some(scopes.iter().map(|scope| quote(scope)).collect());
        self
    }

    /// The same without anything that repeats the credential: vendors echo keys in their errors, and a false vendor might
    /// echo them anywhere.
    #[must_use]
    pub fn scrubbed(mut self, values: &Values) -> Self {
        self.evidence = values.withheld_from(self.evidence);
        self.identity = self.identity.map(|identity| values.withheld_from(identity));
        self.scopes = self.scopes.map(|scopes| scopes.into_iter().map(|scope| values.withheld_from(scope)).collect());
        self
    }
}

impl From<Trouble> for Outcome {
    fn from(trouble: Trouble) -> Self {
        Self::unknown(trouble.to_string())
    }
}

/// What is true of every vendor: these answers say nothing about the credential. To be asked before anything else.
pub(crate) fn no_verdict(answer: &Answer) -> Option<Outcome> {
    if answer.is_browser_check() {
        return Some(Outcome::unknown(format!(
            "HTTP {}, error 1010: a gate in front refused the client, not the credential",
            answer.status
        )));
    }
    match answer.status {
        300..=399 => Some(Outcome::unknown(format!("HTTP {}: a redirect, not followed", answer.status))),
        400 => Some(Outcome::unknown("HTTP 400: malformed, which proves nothing about the credential")),
        408 | 425 | 429 => Some(Outcome::unknown(format!("HTTP {}: rate limited", answer.status))),
        500.. => Some(Outcome::unknown(format!("HTTP {}: the vendor has a problem", answer.status))),
        _ => None,
    }
}

/// For a status that nobody documented.
pub(crate) fn undocumented(answer: &Answer) -> Outcome {
    Outcome::unknown(format!("HTTP {}, which says nothing definite", answer.status))
}

/// Vendor's text made fit for one cell of a table: no control characters, no column separators, not too long.
fn quote(text: &str) -> String {
    let clean: String = text
        .chars()
        .map(|character| if character.is_control() || character == '|' { ' ' } else { character })
        .take(QUOTE_LIMIT)
        .collect();
    clean.trim().to_owned()
}
