//! GitHub tokens.

use super::{
    Look, Outcome,
    outcome::{no_verdict, undocumented},
};
use crate::http::Request;
use crate::registry::Kind;

pub(super) fn verify(look: &Look<'_>) -> Outcome {
    let request = Request::get(format!("{}/user", look.settings.address("GH")))
        .header("accept", "application/vnd.github+json")
        .header("x-github-api-version", "2022-11-28")
        .bearer(look.values.expose(""));
    let answer = match look.client.send(&request) {
        Ok(answer) => answer,
        Err(trouble) => return trouble.into(),
    };
    if let Some(outcome) = no_verdict(&answer) {
        return outcome;
    }
    match answer.status {
        200 => {
            let expiry = answer.header("github-authentication-token-expiration");
            let expiry = expiry.map_or_else(String::new, |expiry| format!(", expires {expiry}"));
            let body = answer.json();
            let login = body["login"].as_str();
            // Only classic tokens have the header.
            match (answer.list("x-oauth-scopes"), look.token.kind.value) {
                (Some(live), Kind::GithubFineGrained) => {
                    Outcome::differs(format!("HTTP 200{expiry}, and it is a classic token"))
                        .identity(login)
                        .scopes(live)
                }
                (Some(live), _) if look.scopes_equal(&live) => {
                    Outcome::valid(format!("HTTP 200{expiry}")).identity(login).scopes(live)
                }
                (Some(live), _) => Outcome::differs(format!("HTTP 200{expiry}, other scopes than registered"))
                    .identity(login)
                    .scopes(live),
                (None, Kind::GithubClassic) => {
                    Outcome::differs(format!("HTTP 200{expiry}, and it is a fine-grained token")).identity(login)
                }
                (None, _) => Outcome::unconfirmed(format!(
                    "HTTP 200{expiry}; a fine-grained token does not reveal its permissions"
                ))
                .identity(login),
            }
        }
        401 => Outcome::stale("HTTP 401"),
        403 => Outcome::unknown("HTTP 403: a rate limit or a policy, not the token"),
        _ => undocumented(&answer),
    }
}
