//! Heroku. Never lists authorizations: that answer contains tokens.

use super::{
    Look, Outcome,
    outcome::{no_verdict, undocumented},
};
use crate::http::Request;

pub(super) fn verify(look: &Look<'_>) -> Outcome {
    let request = Request::get(format!("{}/account", look.settings.address("HK")))
        .header("accept", "application/vnd.heroku+json; version=3")
        .bearer(look.values.expose(""));
    let answer = match look.client.send(&request) {
        Ok(answer) => answer,
        Err(trouble) => return trouble.into(),
    };
    if let Some(outcome) = no_verdict(&answer) {
        return outcome;
    }
    match answer.status {
        200 => Outcome::valid("HTTP 200, account returned").identity(answer.json()["email"].as_str()),
        401 => Outcome::stale("HTTP 401"),
        _ => undocumented(&answer),
    }
}
