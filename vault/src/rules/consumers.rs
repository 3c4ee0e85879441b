//! R34, R35, R53, R60 and R61 as far as the registry alone answers them.

use super::{Context, Rule, about};
use crate::{finding::Finding, glob::matches, registry::Verdict};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let registry = context.registry;
    for (token, _) in &context.tokens {
        if token.consumers.value.is_empty() {
            let message = format!("nobody uses `{}`", token.name.value);
            findings.push(about(Rule::r(34), token, &token.name, message, "name its consumer, or revoke it"));
        }
        for reference in &token.references {
            let path = &reference.value;
            if registry.policy.client_side.iter().any(|place| path == place || path.starts_with(&format!("{place}/"))) {
                let message = format!("`{}` is used in {path}, which a client can read", token.name.value);
                findings.push(about(Rule::r(53), token, reference, message, "keep it on the server"));
                continue;
            }
            let files = registry.consumer_files.iter();
            let mut own =
                files.filter(|files| token.consumers.value.iter().any(|consumer| consumer.value == files.consumer));
            if !own.any(|files| files.files.iter().any(|glob| matches(glob, path))) {
                let message = format!("{path} is not where a consumer of `{}` names its secrets", token.name.value);
                findings.push(about(
                    Rule::r(35),
                    token,
                    reference,
                    message,
                    "name the file that the consumer's table lists",
                ));
            }
        }
    }
    for (span, looks_like) in &registry.values {
        let message = format!("this looks like {looks_like} (masked here)");
        let help = "take the value out, and revoke it: it is in the history of this file";
        findings.push(Finding::in_registry(Rule::r(60), "registry", *span, message, help));
    }
    for past in &registry.verdicts {
        let known = past.verdict.value.parse::<Verdict>().is_ok();
        if !known || past.evidence.value.trim().is_empty() {
            let message =
                format!("the verdict on `{}` is not one of the four, or has no evidence", past.credential.value);
            let help = "VALID, STALE, PARTIAL or UNKNOWN, with what was answered";
            findings.push(Finding::in_registry(Rule::r(61), &past.credential.value, past.verdict.span, message, help));
        }
    }
}
