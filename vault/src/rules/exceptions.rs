//! Exceptions: `[[allow]]` entries, each with a reason, each needed by something.

use super::{Rule, Stage};
use crate::{finding::Finding, registry::Registry};

/// What is left after the exceptions.
#[derive(Debug)]
pub struct Outcome {
    /// Findings that no exception covers, and findings about the exceptions themselves.
    pub findings: Vec<Finding>,
    /// How many findings exceptions cover.
    pub allowed: usize,
}

/// Takes away the findings that an `[[allow]]` entry with a reason covers. Entries for rules of the given stages that cover
/// nothing are reported: the next reader should not have to wonder what they are for.
pub fn apply_exceptions(registry: &Registry, findings: Vec<Finding>, stages: &[Stage]) -> Outcome {
    let mut used = vec![false; registry.allows.len()];
    let before = findings.len();
    let mut findings: Vec<Finding> = findings
        .into_iter()
        .filter(|finding| {
            let code = finding.rule.code();
            let mut covered = false;
            for (index, allow) in registry.allows.iter().enumerate() {
                if allow.rule.value == code && allow.subject.value == finding.subject {
                    used[index] = true;
                    covered |= !allow.reason.trim().is_empty();
                }
            }
            !covered
        })
        .collect();
    let allowed = before - findings.len();
    for (allow, used) in registry.allows.iter().zip(used) {
        let subject = &allow.subject.value;
        if allow.reason.trim().is_empty() {
            let message =
                format!("the exception from {} for `{subject}` has no reason and does not count", allow.rule.value);
            let help = "say why, so that the next reader can judge";
            findings.push(Finding::in_registry(Rule::ALLOW_WITHOUT_REASON, subject, allow.span, message, help));
        } else if !used {
            let message = match Rule::from_code(&allow.rule.value) {
                None => format!("there is no rule `{}`", allow.rule.value),
                Some(rule) if stages.contains(&rule.info().stage) => {
                    format!("nothing breaks {rule} for `{subject}`: the exception is not needed")
                }
                Some(_) => continue, // another command finds out
            };
            findings.push(Finding::in_registry(
                Rule::ALLOW_UNMATCHED,
                subject,
                allow.rule.span,
                message,
                "take the entry away",
            ));
        }
    }
    Outcome { findings, allowed }
}
