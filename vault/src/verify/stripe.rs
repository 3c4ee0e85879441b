//! Stripe. A 403 means that the key is alive and lacks a permission.

use super::{
    Look, Outcome,
    outcome::{no_verdict, undocumented},
};
use crate::http::Request;

pub(super) fn verify(look: &Look<'_>) -> Outcome {
    let key = look.values.expose("");
    let request = Request::get(format!("{}/v1/invoices?limit=1", look.settings.address("STR"))).bearer(key);
    let answer = match look.client.send(&request) {
        Ok(answer) => answer,
        Err(trouble) => return trouble.into(),
    };
    if let Some(outcome) = no_verdict(&answer) {
        return outcome;
    }
    let identity = identity(key);
    let outcome = match answer.status {
        200 if !key.starts_with("rk_") => Outcome::differs("HTTP 200, and it is not a restricted key"),
        200 if key.starts_with("rk_test_") => Outcome::differs("HTTP 200, and it is a test key"),
        200 => Outcome::unconfirmed("HTTP 200, invoices can be read; write unconfirmed"),
        401 => Outcome::stale("HTTP 401"),
        403 => {
            let lacks = missing_permission(answer.text()).map_or_else(String::new, |name| format!(": {name}"));
            Outcome::differs(format!("HTTP 403: alive, and it lacks a permission{lacks}"))
        }
        _ => undocumented(&answer),
    };
    outcome.identity(identity)
}

/// What the public prefix says.
fn identity(key: &str) -> Option<&'static str> {
    ["rk_live_", "rk_test_", "sk_live_", "sk_test_"]
        .into_iter()
        .zip(["restricted, live", "restricted, test", "unrestricted, live", "unrestricted, test"])
        .find_map(|(prefix, what)| key.starts_with(prefix).then_some(what))
}

/// The name of the permission in Stripe's message, such as `rak_invoice_read`; nothing else of the message, which repeats the
/// end of the key.
fn missing_permission(body: &str) -> Option<String> {
    let start = body.find("rak_")?;
    let name: String = body[start..]
        .chars()
        .take_while(|character| character.is_ascii_lowercase() || *character == '_')
        .take(60)
        .collect();
    Some(name)
}
