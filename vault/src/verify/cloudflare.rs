//! Cloudflare API tokens and Access service tokens.
//!
//! A token belongs to a user or to an account, and each kind has its own check. The user's check answers 401 for an
//! account's token although it works: stopping there calls a live credential dead.

use super::{
    Look, Outcome,
    outcome::{no_verdict, undocumented},
};
use crate::http::{Answer, Request};

/// What one check says.
enum Check {
    Alive { id: Option<String>, expires: Option<String> },
    Dead(String),
    Refused(u16),
    Nothing(Outcome),
}

pub(super) fn token(look: &Look<'_>) -> Outcome {
    let account = look.settings.cloudflare_account.as_deref();
    // The prefix says whose token it is, where it has one.
    let of_account = look.values.expose("").starts_with("cfat_");
    let user = if of_account { Check::Refused(401) } else { check(look, "/client/v4/user/tokens/verify") };
    let refused = match user {
        Check::Alive { id, expires } => return alive(look, "user token active", id.as_deref(), expires.as_deref()),
        Check::Dead(evidence) => return Outcome::stale(evidence),
        Check::Nothing(outcome) => return outcome,
        Check::Refused(status) => status,
    };
    if let Some(account) = account {
        match check(look, &format!("/client/v4/accounts/{account}/tokens/verify")) {
            Check::Alive { id, expires } => {
                return alive(look, "account token active", id.as_deref(), expires.as_deref());
            }
            Check::Dead(evidence) => return Outcome::stale(evidence),
            Check::Nothing(outcome) => return outcome,
            // A token of the account that may not verify itself could still be alive; what it can read decides.
            Check::Refused(_) => {}
        }
    }
    match zone(look) {
        Zone::Visible(zone) => Outcome::unconfirmed(format!(
            "verify {refused}, and {zone} can be read: alive, probably owned by an account; write unconfirmed"
        )),
        Zone::Nothing(outcome) => outcome,
        Zone::Hidden | Zone::NotAsked if account.is_none() => Outcome::unknown(format!(
            "HTTP {refused} as a user's token; give --cloudflare-account to ask as an account's"
        )),
        Zone::Hidden | Zone::NotAsked => {
            Outcome::stale(format!("HTTP {refused} as a user's and as the account's token"))
        }
    }
}

fn check(look: &Look<'_>, path: &str) -> Check {
    let request = Request::get(format!("{}{path}", look.settings.address("CF"))).bearer(look.values.expose(""));
    let answer = match look.client.send(&request) {
        Ok(answer) => answer,
        Err(trouble) => return Check::Nothing(trouble.into()),
    };
    if let Some(outcome) = no_verdict(&answer) {
        return Check::Nothing(outcome);
    }
    match answer.status {
        200 => {
            let body = answer.json();
            let text = |key: &str| body["result"][key].as_str().map(str::to_owned);
            match text("status").as_deref() {
                Some("active") => Check::Alive { id: text("id"), expires: text("expires_on") },
                Some(status @ ("disabled" | "expired")) => Check::Dead(format!("the vendor says {status}")),
                _ => Check::Nothing(undocumented(&answer)),
            }
        }
        status @ (401 | 403) => Check::Refused(status),
        _ => Check::Nothing(undocumented(&answer)),
    }
}

fn alive(look: &Look<'_>, what: &str, id: Option<&str>, expires: Option<&str>) -> Outcome {
    let expiry = expires.map_or_else(String::new, |expires| format!(", expires {expires}"));
    let identity = id.map(|id| format!("token {id}"));
    let outcome = match zone(look) {
        Zone::Hidden => Outcome::differs(format!(
            "{what}{expiry}; the zone {} is not visible to it",
            zone_name(look).unwrap_or_default()
        )),
        Zone::Nothing(outcome) => {
            Outcome::unconfirmed(format!("{what}{expiry}; zone not confirmed: {}", outcome.evidence))
        }
        Zone::Visible(_) | Zone::NotAsked => {
            let unproved: Vec<&str> = look.scopes().into_iter().filter(|scope| !scope.ends_with("> Read")).collect();
            if unproved.is_empty() {
                Outcome::valid(format!("{what}{expiry}"))
            } else {
                // Only writing would prove it.
                Outcome::unconfirmed(format!("{what}{expiry}; write unconfirmed ({})", unproved.join(", ")))
            }
        }
    };
    outcome.identity(identity.as_deref())
}

enum Zone {
    Visible(String),
    Hidden,
    NotAsked,
    Nothing(Outcome),
}

/// The zone that the registry says the token is for.
fn zone_name<'a>(look: &'a Look<'_>) -> Option<&'a str> {
    look.token.target.strip_suffix(" zone")
}

fn zone(look: &Look<'_>) -> Zone {
    // A token that no row explains has no target: any zone will do.
    let query = match (zone_name(look), look.token.target.is_empty()) {
        (Some(zone), _) => format!("?name={zone}"),
        (None, true) => "?per_page=5".to_owned(),
        (None, false) => return Zone::NotAsked,
    };
    let request =
        Request::get(format!("{}/client/v4/zones{query}", look.settings.address("CF"))).bearer(look.values.expose(""));
    match look.client.send(&request) {
        Err(trouble) => Zone::Nothing(trouble.into()),
        Ok(answer) => match no_verdict(&answer) {
            Some(outcome) => Zone::Nothing(outcome),
            None => seen(&answer, zone_name(look)),
        },
    }
}

fn seen(answer: &Answer, zone: Option<&str>) -> Zone {
    let body = answer.json();
    match (answer.status, body["result"].as_array()) {
        (200, Some(zones)) => {
            let found = zones
                .iter()
                .filter_map(|found| found["name"].as_str())
                .find(|name| zone.is_none_or(|zone| zone == *name));
            found.map_or(Zone::Hidden, |name| Zone::Visible(format!("zone {name}")))
        }
        (401 | 403, _) => Zone::Hidden,
        _ => Zone::Nothing(undocumented(answer)),
    }
}

/// An Access service token is shown to the application that it opens.
pub(super) fn access(look: &Look<'_>) -> Outcome {
    let own = look.settings.address("CF_ACCESS");
    let base = if own.is_empty() { format!("https://{}", look.token.target) } else { own };
    let request = Request::get(format!("{base}/"))
        .header("cf-access-client-id", look.values.expose("__CLIENT_ID"))
        .header("cf-access-client-secret", look.values.expose(""));
    let answer = match look.client.send(&request) {
        Ok(answer) => answer,
        Err(trouble) => return trouble.into(),
    };
    if answer.header("set-cookie").is_some_and(|cookie| cookie.starts_with("CF_Authorization=")) {
        return Outcome::valid(format!("HTTP {}, the gate set its cookie", answer.status))
            .identity(Some(&look.token.target));
    }
    let to_login = answer
        .header("location")
        .is_some_and(|place| place.contains(".cloudflareaccess.com/") || place.contains("/cdn-cgi/access/login"));
    if (300..400).contains(&answer.status) && to_login {
        return Outcome::stale(format!("HTTP {}: the gate asks to log in", answer.status));
    }
    if let Some(outcome) = no_verdict(&answer) {
        return outcome;
    }
    match answer.status {
        200..=299 | 404 | 405 => {
            Outcome::valid(format!("HTTP {} from behind the gate", answer.status)).identity(Some(&look.token.target))
        }
        _ => undocumented(&answer),
    }
}
