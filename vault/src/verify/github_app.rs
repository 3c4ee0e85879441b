//! GitHub Apps: a short-lived token signed with the App's key asks who the App is. No installation token is made.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ring::{rand::SystemRandom, signature};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use serde_json::Value;

use super::{
    Look, Outcome,
    outcome::{no_verdict, undocumented},
};
use crate::http::{Answer, Request, Trouble};

/// Seconds that the App's token lives: half of what GitHub allows at most.
const LIFETIME: i64 = 300;
/// Seconds by which GitHub's clock may be behind.
const SKEW: i64 = 60;

pub(super) fn verify(look: &Look<'_>) -> Outcome {
    let now = jiff::Timestamp::now().as_second();
    let Some(jwt) = sign(look.values.expose("__APP_ID"), look.values.expose("__PRIVATE_KEY_PEM"), now) else {
        return Outcome::unknown("malformed: the private key is not an RSA key in PEM");
    };
    let answer = match ask(look, &jwt, "/app") {
        Ok(answer) => answer,
        Err(trouble) => return trouble.into(),
    };
    if let Some(outcome) = no_verdict(&answer) {
        return outcome;
    }
    match answer.status {
        200 => app(look, &jwt, &answer.json()),
        401 => Outcome::stale("HTTP 401: the key is not the App's"),
        _ => undocumented(&answer),
    }
}

fn app(look: &Look<'_>, jwt: &SecretString, body: &Value) -> Outcome {
    let slug = body["slug"].as_str().unwrap_or_default().to_owned();
    let permissions = permissions(&body["permissions"]);
    let installation = look.values.expose("__INSTALLATION_ID");
    let known = installation.bytes().all(|byte| byte.is_ascii_digit());
    let installed = if known { ask(look, jwt, &format!("/app/installations/{installation}")).ok() } else { None };
    // A bot's folder bears its name.
    let folder = look.token.folder(look.registry).map_or("", |folder| folder.value.trim_matches('/'));
    let expected = folder.rsplit('/').next().unwrap_or_default();
    let outcome = if slug != expected {
        Outcome::differs(format!("HTTP 200, and the App is not {expected}"))
    } else {
        match installed.map(|answer| answer.status) {
            Some(200) if look.scopes_equal(&permissions) => Outcome::valid("HTTP 200 for the App and its installation"),
            Some(200) if look.scopes().iter().any(|scope| scope.contains(':')) => {
                Outcome::differs("HTTP 200, other permissions than registered")
            }
            Some(200) => Outcome::unconfirmed(
                "HTTP 200 for the App and its installation; the registry does not list its permissions",
            ),
            Some(404) => Outcome::differs("HTTP 200 for the App, and it has no such installation"),
            _ => Outcome::unconfirmed("HTTP 200 for the App; the installation was not confirmed"),
        }
    };
    outcome.identity(Some(&slug)).scopes(permissions)
}

fn permissions(map: &Value) -> Vec<String> {
    let entries = map.as_object().into_iter().flatten();
    entries.map(|(name, level)| format!("{name}:{}", level.as_str().unwrap_or("?"))).collect()
}

fn ask(look: &Look<'_>, jwt: &SecretString, path: &str) -> Result<Answer, Trouble> {
    let request = Request::get(format!("{}{path}", look.settings.address("GH")))
        .header("accept", "application/vnd.github+json")
        .bearer(jwt.expose_secret());
    look.client.send(&request)
}

/// A JWT (RFC 7519) signed with RS256. `None` if the key is no RSA key.
fn sign(app: &str, pem: &str, now: i64) -> Option<SecretString> {
    let (der, is_pkcs8) = decode(pem)?;
    let pair = if is_pkcs8 {
        signature::RsaKeyPair::from_pkcs8(der.expose_secret())
    } else {
        signature::RsaKeyPair::from_der(der.expose_secret())
    };
    let pair = pair.ok()?;
    let header = URL_SAFE_NO_PAD.encode(br#"{"alg":"RS256","typ":"JWT"}"#);
    let claims = serde_json::json!({ "iat": now - SKEW, "exp": now + LIFETIME, "iss": app.trim() });
    let message = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let mut signed = vec![0; pair.public().modulus_len()];
    pair.sign(&signature::RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signed).ok()?;
    Some(SecretString::from(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signed))))
}

/// The bytes of a key in PEM, and whether they are PKCS#8.
fn decode(pem: &str) -> Option<(SecretSlice<u8>, bool)> {
    // An environment variable often holds the line breaks as two characters.
    let pem = SecretString::from(pem.replace("\\n", "\n"));
    let is_pkcs8 = pem.expose_secret().contains("BEGIN PRIVATE KEY");
    let body: SecretString = pem
        .expose_secret()
        .lines()
        .skip_while(|line| !line.starts_with("-----BEGIN "))
        .skip(1)
        .take_while(|line| !line.starts_with("-----"))
        .map(str::trim)
        .collect::<String>()
        .into();
    let der = STANDARD.decode(body.expose_secret()).ok()?;
    Some((SecretSlice::from(der), is_pkcs8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_key_gives_no_token() {
        for pem in ["", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----", "not base64 at all!", "QUJD"] {
            assert!(sign("1", pem, 0).is_none(), "{pem}");
        }
    }
}
