//! R55 to R59: the shared tokens of service pairs (ADR 0056).

use std::collections::HashMap;

use super::{Context, Rule, about};
use crate::{
    finding::Finding,
    registry::{Kind, Token},
};

/// Random bytes of a service token.
const RANDOM_BYTES: u32 = 32;
/// Characters of a service token that a log may show.
const LOGGED_CHARACTERS: u32 = 8;

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut pairs: HashMap<Vec<&str>, &Token> = HashMap::new();
    for (token, _) in &context.tokens {
        let name = &token.name.value;
        let logged = token.logged_characters.as_ref().map(|logged| logged.value);
        if token.kind.value != Kind::ServiceToken {
            if logged.unwrap_or(0) > 0 {
                let message = format!("uses of `{name}` are logged with a part of it, and it is no service token");
                findings.push(about(Rule::r(58), token, &token.name, message, "log a keyed fingerprint, or nothing"));
            }
            continue;
        }
        let mut report = |rule: u8, message: String, help: &str| {
            findings.push(about(Rule::r(rule), token, &token.name, message, help))
        };
        if token.random_bytes.as_ref().is_none_or(|bytes| bytes.value != RANDOM_BYTES) {
            report(55, format!("`{name}` is not 32 random bytes"), "generate it with 32 bytes, written in base64url");
        }
        if token.verified_by.is_none() {
            report(56, format!("nothing verifies `{name}` on every request"), "name the middleware in `verified_by`");
        }
        if !token.reload.as_ref().is_some_and(|reload| reload.value.iter().any(|way| way.value == "SIGHUP")) {
            report(
                57,
                format!("the holder of `{name}` does not re-read it on SIGHUP"),
                "re-read it, or allow this with the reason",
            );
        }
        if logged != Some(LOGGED_CHARACTERS) {
            report(
                58,
                format!("uses of `{name}` are not logged with its first 8 characters"),
                "set logged_characters = 8, and do so",
            );
        }
        let mut ends: Vec<&str> =
            token.pair.iter().flat_map(|pair| &pair.value).map(|end| end.value.as_str()).collect();
        ends.sort_unstable();
        if ends.len() != 2 {
            report(
                59,
                format!("`{name}` does not name the two ends of its pair"),
                "set pair = [\"caller\", \"service\"]",
            );
        } else if token.previous_of.is_none()
            && let Some(other) = pairs.insert(ends, token)
        {
            report(
                59,
                format!("`{name}` and `{}` serve the same pair", other.name.value),
                "one shared token for each pair",
            );
        }
    }
}
