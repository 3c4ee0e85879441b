//! Infisical's API, as far as names, tags and folders go.

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::{LiveEnvironment, LiveSecret};
use crate::http::{Answer, Client, Request, Trouble};

/// Whom to log in as, and where.
#[derive(Debug)]
pub struct Credentials {
    /// Base address, without a slash at its end.
    pub url: String,
    /// The machine identity's client id (universal auth).
    pub client_id: SecretString,
    /// Its client secret.
    pub client_secret: SecretString,
    /// The project.
    pub project: String,
    /// Client id and secret for an Access gate in front.
    pub gate: Option<(SecretString, SecretString)>,
}

/// A login that worked.
pub struct Session<'a> {
    credentials: &'a Credentials,
    token: SecretString,
}

/// One environment, and whether values came with it.
pub struct Fetched {
    /// The environment.
    pub environment: LiveEnvironment,
    /// Whether the vault sent a value in spite of being asked not to.
    pub values_sent: bool,
}

/// Why nothing could be found out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LiveError {
    /// The identity was refused.
    #[error(
        "the vault refused the login (HTTP {0}); not tried again, because three refusals lock the identity out: check its client id and secret"
    )]
    LoginRefused(u16),
    /// Something in front of the vault refused this program.
    #[error(
        "a gate in front of the vault refused the client (error 1010 or an Access login), which says nothing about the identity: set CF_ACCESS_CLIENT_ID and CF_ACCESS_CLIENT_SECRET"
    )]
    Gate,
    /// No answer.
    #[error("the vault: {0}")]
    Trouble(#[from] Trouble),
    /// An answer that is none.
    #[error("the vault answered HTTP {0}, which says nothing definite: try again later")]
    Undocumented(u16),
    /// 404: Infisical says so for a wrong folder and for a wrong environment.
    #[error("the vault knows no such environment: correct [vault.environments] in the registry")]
    NoSuchEnvironment,
    /// The identity may not list the environment.
    #[error("the identity may not describe secrets here: give it describeSecret, without readValue")]
    Forbidden,
}

/// Logs in, once.
pub(super) fn login<'a>(credentials: &'a Credentials, client: &Client) -> Result<Session<'a>, LiveError> {
    let body = SecretString::from(
        serde_json::json!({
            "clientId": credentials.client_id.expose_secret(),
            "clientSecret": credentials.client_secret.expose_secret(),
        })
        .to_string(),
    );
    let url = format!("{}/api/v1/auth/universal-auth/login", credentials.url);
    let answer = client.send(&gated(Request::post(url, "application/json", body).once(), credentials))?;
    match answer.status {
        _ if is_gate(&answer) => Err(LiveError::Gate),
        200 => match answer.json()["accessToken"].as_str() {
            Some(token) => Ok(Session { credentials, token: SecretString::from(token) }),
            None => Err(LiveError::Undocumented(200)),
        },
        status @ (401 | 403) => Err(LiveError::LoginRefused(status)),
        status => Err(LiveError::Undocumented(status)),
    }
}

/// Lists one environment: one request for its secrets, one for its folders.
///
/// # Errors
/// [`LiveError`].
pub fn fetch(session: &Session<'_>, client: &Client, name: &str, slug: &str) -> Result<Fetched, LiveError> {
    let project = &session.credentials.project;
    let secrets = ask(
        session,
        client,
        &format!(
            "/api/v4/secrets?projectId={project}&environment={slug}&secretPath=/&recursive=true&viewSecretValue=false\
             &expandSecretReferences=false&include_imports=false"
        ),
    )?;
    let folders =
        ask(session, client, &format!("/api/v2/folders?projectId={project}&environment={slug}&path=/&recursive=true"))?;
    let list = |body: &Value, key: &str| body[key].as_array().cloned();
    let secrets = list(&secrets, "secrets").ok_or(LiveError::Undocumented(200))?;
    let folders = list(&folders, "folders").ok_or(LiveError::Undocumented(200))?;
    let values_sent = secrets.iter().any(|secret| {
        secret["secretValueHidden"].as_bool() != Some(true)
            && secret["secretValue"].as_str().is_some_and(|value| !value.is_empty())
    });
    Ok(Fetched {
        environment: LiveEnvironment {
            name: name.to_owned(),
            folders: folders.iter().filter_map(folder).collect(),
            secrets: secrets.iter().filter_map(secret).collect(),
        },
        values_sent,
    })
}

fn ask(session: &Session<'_>, client: &Client, path: &str) -> Result<Value, LiveError> {
    let request =
        Request::get(format!("{}{path}", session.credentials.url)).bearer(session.token.expose_secret()).list();
    let answer = client.send(&gated(request, session.credentials))?;
    match answer.status {
        _ if is_gate(&answer) => Err(LiveError::Gate),
        200 => Ok(answer.json()),
        401 | 403 => Err(LiveError::Forbidden),
        404 => Err(LiveError::NoSuchEnvironment),
        status => Err(LiveError::Undocumented(status)),
    }
}

fn gated(request: Request, credentials: &Credentials) -> Request {
    match &credentials.gate {
        Some((id, secret)) => request
            .header("cf-access-client-id", id.expose_secret())
            .header("cf-access-client-secret", secret.expose_secret()),
        None => request,
    }
}

fn is_gate(answer: &Answer) -> bool {
    answer.is_browser_check() || (300..400).contains(&answer.status)
}

/// Only what describes a secret; a value, should there be one, is dropped with the answer.
fn secret(value: &Value) -> Option<LiveSecret> {
    let text = |key: &str| value[key].as_str();
    let tags = value["tags"].as_array().into_iter().flatten();
    let metadata = value["secretMetadata"].as_array().into_iter().flatten();
    Some(LiveSecret {
        key: text("secretKey")?.to_owned(),
        folder: with_slashes(text("secretPath").unwrap_or("/")),
        tags: tags.filter_map(|tag| tag["slug"].as_str()).map(str::to_owned).collect(),
        metadata: metadata
            .filter_map(|entry| Some((entry["key"].as_str()?.to_owned(), entry["value"].as_str()?.to_owned())))
            .collect(),
        updated: text("updatedAt")
            .and_then(|time| time.parse::<jiff::Timestamp>().ok())
            .map(|time| time.to_zoned(jiff::tz::TimeZone::UTC).date()),
    })
}

fn folder(value: &Value) -> Option<String> {
    value["relativePath"].as_str().or_else(|| value["path"].as_str()).map(with_slashes)
}

fn with_slashes(path: &str) -> String {
    let inner = path.trim_matches('/');
    if inner.is_empty() { "/".to_owned() } else { format!("/{inner}/") }
}
