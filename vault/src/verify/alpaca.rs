//! Alpaca. A 403 is what an unauthenticated call gets: the opposite of Stripe. Live keys go to the live host only.

use super::{
    Look, Outcome,
    outcome::{no_verdict, undocumented},
};
use crate::http::Request;

pub(super) fn verify(look: &Look<'_>) -> Outcome {
    let host = match look.token.tag_or_unknown("function") {
        "trading-live" => "ALP_LIVE",
        "trading-paper" => "ALP_PAPER",
        _ => return Outcome::unknown("not asked: the registry does not say whether it is for paper or live trading"),
    };
    let request = Request::get(format!("{}/v2/account", look.settings.address(host)))
        .header("apca-api-key-id", look.values.expose("__KEY_ID"))
        .header("apca-api-secret-key", look.values.expose("__SECRET_KEY"));
    let answer = match look.client.send(&request) {
        Ok(answer) => answer,
        Err(trouble) => return trouble.into(),
    };
    if let Some(outcome) = no_verdict(&answer) {
        return outcome;
    }
    match answer.status {
        200 if answer.json()["trading_blocked"] == true => Outcome::differs("HTTP 200, and trading is blocked"),
        200 if answer.json()["trading_blocked"] == false => Outcome::valid("HTTP 200, trading is open"),
        200 => Outcome::unconfirmed("HTTP 200, and the answer is not an account"),
        status @ (401 | 403) => Outcome::stale(format!("HTTP {status}")),
        _ => undocumented(&answer),
    }
}
