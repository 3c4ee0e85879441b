//! Postmark. There are two kinds of token and no scopes. `/server` and `/servers` are not asked: they answer with tokens.

use super::{
    Look, Outcome,
    outcome::{no_verdict, undocumented},
};
use crate::http::{Answer, Request, Trouble};
use crate::registry::Kind;

pub(super) fn verify(look: &Look<'_>) -> Outcome {
    type Ask = fn(&Look<'_>) -> Result<Answer, Trouble>;
    let (own, other): (Ask, Ask) =
        if look.token.kind.value == Kind::PostmarkServer { (server, account) } else { (account, server) };
    let answer = match own(look) {
        Ok(answer) => answer,
        Err(trouble) => return trouble.into(),
    };
    if let Some(outcome) = no_verdict(&answer) {
        return outcome;
    }
    match answer.status {
        200 => Outcome::valid("HTTP 200; the vendor has no scopes"),
        401 => match other(look) {
            Ok(answer) if answer.status == 200 => Outcome::differs("works as the other kind of Postmark token"),
            Ok(answer) if answer.status == 401 => Outcome::stale("HTTP 401 as either kind of token"),
            Ok(answer) => no_verdict(&answer).unwrap_or_else(|| undocumented(&answer)),
            Err(trouble) => trouble.into(),
        },
        _ => undocumented(&answer),
    }
}

fn server(look: &Look<'_>) -> Result<Answer, Trouble> {
    let request = Request::get(format!("{}/deliverystats", look.settings.address("PM")));
    look.client
        .send(&request.header("accept", "application/json").header("x-postmark-server-token", look.values.expose("")))
}

fn account(look: &Look<'_>) -> Result<Answer, Trouble> {
    let request = Request::get(format!("{}/domains?count=1&offset=0", look.settings.address("PM")));
    look.client
        .send(&request.header("accept", "application/json").header("x-postmark-account-token", look.values.expose("")))
}
