//! Anthropic. Lists models: free of charge, and no message is sent.

use super::{
    Look, Outcome,
    outcome::{no_verdict, undocumented},
};
use crate::http::Request;

pub(super) fn verify(look: &Look<'_>) -> Outcome {
    let request = Request::get(format!("{}/v1/models", look.settings.address("ANT")))
        .header("x-api-key", look.values.expose(""))
        .header("anthropic-version", "2023-06-01");
    let answer = match look.client.send(&request) {
        Ok(answer) => answer,
        Err(trouble) => return trouble.into(),
    };
    if let Some(outcome) = no_verdict(&answer) {
        return outcome;
    }
    match answer.status {
        200 => Outcome::valid("HTTP 200, models listed; the vendor has no scopes"),
        401 => Outcome::stale("HTTP 401"),
        // Only the API itself answers so; a page of something in between is no verdict.
        404 if answer.json()["type"] == "error" => Outcome::stale("HTTP 404 from the API"),
        _ => undocumented(&answer),
    }
}
