//! AWS: `GetCallerIdentity`, which needs no permission and cannot be denied.

use super::{
    Look, Outcome,
    outcome::{no_verdict, undocumented},
    signature_v4,
};
use crate::http::Request;

const BODY: &str = "Action=GetCallerIdentity&Version=2011-06-15";
const CONTENT_TYPE: &str = "application/x-www-form-urlencoded; charset=utf-8";

pub(super) fn verify(look: &Look<'_>) -> Outcome {
    let address = look.settings.address("AWS");
    let host = address.split("://").nth(1).unwrap_or_default();
    let signed = signature_v4::sign(&signature_v4::Call {
        key_id: look.values.expose("__ACCESS_KEY_ID"),
        secret: look.values.expose("__SECRET_ACCESS_KEY"),
        region: "us-east-1",
        service: "sts",
        host,
        content_type: CONTENT_TYPE,
        body: BODY,
        time: jiff::Timestamp::now(),
    });
    let request = Request::post(format!("{address}/"), CONTENT_TYPE, BODY)
        .header("x-amz-date", signed.date)
        .header("authorization", signed.authorization);
    let answer = match look.client.send(&request) {
        Ok(answer) => answer,
        Err(trouble) => return trouble.into(),
    };
    if answer.status != 403
        && let Some(outcome) = no_verdict(&answer)
    {
        return outcome;
    }
    let element = |name: &str| element(answer.text(), name);
    match (answer.status, element("Code").as_deref()) {
        (200, _) => match element("Arn") {
            Some(arn) => {
                let user = arn.rsplit('/').next().unwrap_or_default().to_owned();
                let principal = look.token.principal.as_ref().map(|principal| principal.value.as_str());
                let outcome = match principal {
                    Some(wanted) if wanted == user => Outcome::valid(format!("HTTP 200, user {user}")),
                    Some(wanted) => Outcome::differs(format!("HTTP 200, and the user is not {wanted}")),
                    None => Outcome::unconfirmed("HTTP 200; the registry names no user"),
                };
                outcome.identity(Some(&arn))
            }
            None => undocumented(&answer),
        },
        (403, Some("InvalidClientTokenId")) => Outcome::stale("HTTP 403, InvalidClientTokenId"),
        (403, Some("SignatureDoesNotMatch")) => {
            Outcome::unknown("HTTP 403, SignatureDoesNotMatch: another secret's key id, or asked twice within seconds")
        }
        _ => no_verdict(&answer).unwrap_or_else(|| undocumented(&answer)),
    }
}

/// The text of the first element with this name: enough for an answer of six lines.
fn element(xml: &str, name: &str) -> Option<String> {
    let start = xml.find(&format!("<{name}>"))? + name.len() + 2;
    let end = start + xml[start..].find(&format!("</{name}>"))?;
    Some(xml[start..end].trim().to_owned())
}
