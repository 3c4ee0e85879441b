//! R11 to R18: companions and scopes.

use super::{Context, Rule, about};
use crate::{
    finding::Finding,
    registry::{Kind, Text, Token},
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for token in context.ruled() {
        if token.name.value.contains("__") {
            continue; // R17 says what that is
        }
        required(context, token, findings);
        suffixes(context, token, findings);
        expiry(token, findings);
        scopes(token, findings);
    }
}

fn missing(rule: Rule, token: &Token, suffix: &str, findings: &mut Vec<Finding>) {
    let message = format!("`{}` lacks {}", token.name.value, token.companion_name(suffix));
    let help = format!("store it in the vault and add \"{suffix}\" to `companions`");
    findings.push(Finding::in_registry(rule, &token.name.value, token.companions.span, message, help));
}

/// R11 to R16.
fn required(context: &Context<'_>, token: &Token, findings: &mut Vec<Finding>) {
    let rules = &context.registry.companions;
    for suffix in &rules.always {
        if !token.has_companion(suffix) {
            missing(Rule::r(if suffix == "__EXPIRES_AT" { 11 } else { 12 }), token, suffix, findings);
        }
    }
    let rule = match token.kind.value {
        Kind::Aws => 14,
        Kind::Alpaca => 15,
        _ => 13,
    };
    for (_, suffixes) in rules.by_kind.iter().filter(|(kind, _)| *kind == token.kind.value) {
        for suffix in suffixes.iter().filter(|suffix| !token.has_companion(suffix)) {
            missing(Rule::r(rule), token, suffix, findings);
        }
    }
    if token.kind.value == Kind::GithubApp {
        for file in rules.bot_files.iter().filter(|file| !token.has_companion(file)) {
            missing(Rule::r(16), token, file, findings);
        }
    }
}

/// R17.
fn suffixes(context: &Context<'_>, token: &Token, findings: &mut Vec<Finding>) {
    let rules = &context.registry.companions;
    for companion in &token.companions.value {
        let suffix = &companion.value;
        let allowed = rules.always.contains(suffix)
            || rules.extra.iter().any(|(extra, _)| extra == suffix)
            || rules.by_kind.iter().any(|(kind, list)| *kind == token.kind.value && list.contains(suffix))
            || (token.kind.value == Kind::GithubApp && rules.bot_files.contains(suffix));
        if !allowed {
            let message = format!("`{suffix}` is not a companion of a {}", token.kind.value);
            let help = "use a listed suffix, or add it to companions.extra with the reason";
            findings.push(about(Rule::r(17), token, companion, message, help));
        }
    }
}

/// R11: the recorded expiry.
fn expiry(token: &Token, findings: &mut Vec<Finding>) {
    let Some(expires_at) = &token.expires_at else { return };
    if !is_expiry(&expires_at.value) {
        let message = format!("`{}` is neither an ISO-8601 UTC time nor `non-expiring`", expires_at.value);
        findings.push(about(Rule::r(11), token, expires_at, message, "write it as 2027-02-01T00:00:00Z"));
    }
}

/// Whether a text is what `__EXPIRES_AT` may hold.
pub(crate) fn is_expiry(text: &str) -> bool {
    text == "non-expiring" || (text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok())
}

/// R12 and R18.
fn scopes(token: &Token, findings: &mut Vec<Finding>) {
    if token.scopes.is_empty() {
        let message = format!("`{}` does not say which vendor scopes it needs", token.name.value);
        findings.push(about(
            Rule::r(12),
            token,
            &token.name,
            message,
            "list them in `scopes`, as the vendor spells them",
        ));
        return;
    }
    if let Some(recorded) = &token.recorded_scopes {
        let texts = |list: &[Text]| {
            let mut texts: Vec<String> = list.iter().map(|scope| scope.value.clone()).collect();
            texts.sort_unstable();
            texts
        };
        if texts(&recorded.value) != texts(&token.scopes) {
            let message = format!("{}__SCOPES held other scopes than the required ones", token.name.value);
            let help = "make the vendor's scopes, __SCOPES and `scopes` agree";
            findings.push(Finding::in_registry(Rule::r(18), &token.name.value, recorded.span, message, help));
        }
    }
}
