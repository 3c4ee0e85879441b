//! DreamHost. The key is a parameter: it goes into a form, never into an address.

use super::{
    Look, Outcome,
    outcome::{no_verdict, undocumented},
};
use crate::http::Request;

pub(super) fn verify(look: &Look<'_>) -> Outcome {
    let key = look.values.expose("");
    if !key.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Outcome::unknown("malformed: a DreamHost key has letters and digits only");
    }
    let form = format!("key={key}&cmd=api-list_accessible_cmds&format=json");
    let request = Request::post(format!("{}/", look.settings.address("DH")), "application/x-www-form-urlencoded", form);
    let answer = match look.client.send(&request) {
        Ok(answer) => answer,
        Err(trouble) => return trouble.into(),
    };
    if let Some(outcome) = no_verdict(&answer) {
        return outcome;
    }
    let body = answer.json();
    match (answer.status, body["result"].as_str()) {
        (200, Some("success")) => {
            let commands: Vec<String> = body["data"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|row| row["cmd"].as_str())
                .map(str::to_owned)
                .collect();
            if commands.iter().any(|command| command.starts_with("dns-")) {
                Outcome::valid("lists its commands, DNS among them").scopes(commands)
            } else {
                Outcome::differs("lists its commands, DNS not among them").scopes(commands)
            }
        }
        // Other errors are about the call: `slow_down_bucko` is a rate limit.
        (200, Some("error"))
            if body["data"].as_str().is_some_and(|error| error.contains("key") || error.contains("auth")) =>
        {
            Outcome::stale("the vendor refuses the key")
        }
        _ => undocumented(&answer),
    }
}
