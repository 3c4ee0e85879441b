//! Slack answers 200 whatever it thinks: the body decides.

use super::{
    Look, Outcome,
    outcome::{no_verdict, undocumented},
};
use crate::http::Request;

pub(super) fn verify(look: &Look<'_>) -> Outcome {
    let request = Request::post(
        format!("{}/api/auth.test", look.settings.address("SL")),
        "application/x-www-form-urlencoded",
        "",
    )
    .bearer(look.values.expose(""));
    let answer = match look.client.send(&request) {
        Ok(answer) => answer,
        Err(trouble) => return trouble.into(),
    };
    if let Some(outcome) = no_verdict(&answer) {
        return outcome;
    }
    let body = answer.json();
    match (answer.status, body["ok"].as_bool(), body["error"].as_str()) {
        (200, Some(true), _) => {
            let identity =
                format!("{} in {}", body["user"].as_str().unwrap_or("?"), body["team"].as_str().unwrap_or("?"));
            let outcome = match answer.list("x-oauth-scopes") {
                Some(live) if look.scopes_equal(&live) => Outcome::valid("ok, with the registered scopes").scopes(live),
                Some(live) => Outcome::differs("ok, with other scopes than registered").scopes(live),
                None => Outcome::unconfirmed("ok; the scopes were not revealed"),
            };
            outcome.identity(Some(&identity))
        }
        (200, Some(false), Some(error @ ("invalid_auth" | "token_revoked" | "token_expired" | "account_inactive"))) => {
            Outcome::stale(format!("HTTP 200, not ok: {error}"))
        }
        (200, Some(false), _) => Outcome::unknown("HTTP 200, not ok, for another reason than the token"),
        _ => undocumented(&answer),
    }
}
