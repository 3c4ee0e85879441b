//! Infisical machine identities, and access tokens of one. Three refused logins lock an identity out: one attempt, no retry.

use secrecy::{ExposeSecret, SecretString};

use super::{
    Look, Outcome,
    outcome::{no_verdict, undocumented},
};
use crate::http::{Answer, Request, Trouble};

pub(super) fn verify(look: &Look<'_>) -> Outcome {
    let access = if look.token.has_companion("__CLIENT_ID") {
        match login(look) {
            Ok(token) => token,
            Err(outcome) => return outcome,
        }
    } else {
        SecretString::from(look.values.expose(""))
    };
    let answer = match ask(look, &access, "/api/v1/identities/details") {
        Ok(answer) => answer,
        Err(trouble) => return trouble.into(),
    };
    if let Some(outcome) = no_verdict(&answer) {
        return outcome;
    }
    match answer.status {
        200 => {
            let body = answer.json();
            let name = body["identityDetails"]["name"].as_str().or_else(|| body["name"].as_str());
            reach(look, &access).identity(name)
        }
        status @ (401 | 403) => Outcome::stale(format!("HTTP {status}")),
        _ => undocumented(&answer),
    }
}

fn login(look: &Look<'_>) -> Result<SecretString, Outcome> {
    let body =
        serde_json::json!({ "clientId": look.values.expose("__CLIENT_ID"), "clientSecret": look.values.expose("") });
    let url = format!("{}/api/v1/auth/universal-auth/login", look.settings.address("INF"));
    let answer = look.client.send(&Request::post(url, "application/json", body.to_string()).once())?;
    if let Some(outcome) = no_verdict(&answer) {
        return Err(outcome);
    }
    match (answer.status, answer.json()["accessToken"].as_str()) {
        (200, Some(token)) => Ok(SecretString::from(token)),
        (401, _) => Err(Outcome::stale("HTTP 401 at login; not tried again, three refusals lock the identity out")),
        _ => Err(undocumented(&answer)),
    }
}

/// Whether it can read the first folder that it is for.
fn reach(look: &Look<'_>, access: &SecretString) -> Outcome {
    let Some(project) = &look.settings.infisical_project else {
        return Outcome::unconfirmed("authenticated; give --infisical-project to ask what it may read");
    };
    let pattern = look.token.target.trim_end_matches('/');
    let folder = look
        .registry
        .folders
        .iter()
        .map(|folder| folder.value.trim_end_matches('/'))
        .find(|folder| crate::glob::matches(pattern, folder));
    let Some(folder) = folder else {
        return Outcome::unconfirmed("authenticated; the registry names no folder that it may read");
    };
    let path = format!("/api/v2/folders?projectId={project}&environment=prod&path={folder}");
    match ask(look, access, &path) {
        Ok(answer) if answer.status == 200 => Outcome::valid(format!("authenticated, and {folder} can be read")),
        Ok(answer) if answer.status == 403 && !answer.is_browser_check() => {
            Outcome::differs(format!("authenticated, and {folder} cannot be read"))
        }
        Ok(_) => Outcome::unconfirmed(format!("authenticated; {folder} was not confirmed")),
        Err(trouble) => Outcome::unconfirmed(format!("authenticated; {folder} was not confirmed: {trouble}")),
    }
}

fn ask(look: &Look<'_>, access: &SecretString, path: &str) -> Result<Answer, Trouble> {
    let request = Request::get(format!("{}{path}", look.settings.address("INF")));
    look.client.send(&request.bearer(access.expose_secret()))
}
