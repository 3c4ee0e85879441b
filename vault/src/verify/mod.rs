//! `verify`: is a credential alive, and is it what the registry says? One read-only call per vendor, two where one cannot tell.
//!
//! A wrong "dead" is worse than no answer: whatever does not come from the vendor itself, or says nothing about the credential
//! (a rate limit, an outage, a gate in front, a status that nobody documented), is [`Verdict::Unknown`]. Vendors' answers are
//! read for the few fields that a verdict needs and dropped.

mod alpaca;
mod anthropic;
mod aws;
mod cloudflare;
mod dreamhost;
mod github;
mod github_app;
mod heroku;

mod infisical;
mod outcome;
mod postmark;
mod signature_v4;
mod slack;
mod stripe;
mod table;
mod values;

use std::{
    collections::{BTreeMap, HashMap},
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use ::hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

pub use crate::http::{Client, Trouble};
pub use outcome::{Certainty, Outcome};
pub use table::{json, markdown};
pub use values::Values;

use crate::registry::{Kind, Registry, Token, Verdict};

/// How vendors are reached.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Addresses that replace the vendors' own, by the key that [`Settings::address`] lists.
    pub addresses: BTreeMap<String, String>,
    /// The Cloudflare account, which account-owned tokens are verified with.
    pub cloudflare_account: Option<String>,
    /// The Infisical project.
    pub infisical_project: Option<String>,
    /// How long one call may take.
    pub timeout: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            addresses: BTreeMap::new(),
            cloudflare_account: None,
            infisical_project: None,
            timeout: Duration::from_secs(10),
        }
    }
}

/// The vendors' addresses by key.
pub const ADDRESSES: [(&str, &str); 13] = [
    ("CF", "https://api.cloudflare.com"),
    ("HK", "https://api.heroku.com"),
    ("PM", "https://api.postmarkapp.com"),
    ("AWS", "https://sts.amazonaws.com"),
    ("ANT", "https://api.anthropic.com"),
    ("GH", "https://api.github.com"),
    ("STR", "https://api.stripe.com"),
    ("ALP_PAPER", "https://paper-api.alpaca.markets"),
    ("ALP_LIVE", "https://api.alpaca.markets"),
    ("INF", "https://vault.raxx.app"),
    ("SL", "https://slack.com"),
    ("DH", "https://api.dreamhost.com"),
    ("CF_ACCESS", ""), // the protected application itself
];

impl Settings {
    /// The address for a key, without a slash at its end.
    pub fn address(&self, key: &str) -> String {
        let own = || ADDRESSES.iter().find(|(known, _)| *known == key).map_or("", |(_, address)| address);
        self.addresses.get(key).map_or_else(own, String::as_str).trim_end_matches('/').to_owned()
    }
}

/// One credential to verify.
pub struct Task<'a> {
    /// Its row.
    pub token: &'a Token,
    /// Its values.
    pub values: Values,
}

/// What came of one task.
#[derive(Debug)]
pub struct Verified<'a> {
    /// The row.
    pub token: &'a Token,
    /// The outcome.
    pub outcome: Outcome,
}

/// Verifies all tasks: vendors side by side, the tasks of one vendor one after another. `progress` is called with the number
/// done and the name of the next one.
pub fn run<'a>(
    registry: &'a Registry,
    tasks: Vec<Task<'a>>,
    settings: &Settings,
    progress: &(dyn Fn(usize, &str) + Sync),
) -> Vec<Verified<'a>> {
    let client = Client::new(settings.timeout);
    let key = run_key();
    let done = AtomicUsize::new(0);
    let tokens: Vec<&'a Token> = tasks.iter().map(|task| task.token).collect();
    let mut by_vendor: BTreeMap<String, Vec<(usize, Task<'a>)>> = BTreeMap::new();
    for (index, task) in tasks.into_iter().enumerate() {
        by_vendor.entry(task.token.kind.value.to_string()).or_default().push((index, task));
    }
    let outcomes: BTreeMap<usize, Outcome> = std::thread::scope(|scope| {
        let (client, key, done) = (&client, &key, &done);
        let workers: Vec<_> = by_vendor
            .into_values()
            .map(|tasks| {
                scope.spawn(move || {
                    // One value under several names is asked about once.
                    let mut known: HashMap<[u8; 32], Outcome> = HashMap::new();
                    let mut outcomes = Vec::new();
                    for (index, Task { token, values }) in tasks {
                        progress(done.load(Ordering::Relaxed), &token.name.value);
                        let fingerprint = values.fingerprint(token.kind.value, &token.target, key);
                        let outcome = known
                            .entry(fingerprint)
                            .or_insert_with(|| one(registry, token, &values, client, settings).scrubbed(&values));
                        outcomes.push((index, outcome.clone()));
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                    outcomes
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    });
    // A worker that failed must not make its credentials disappear from the report.
    let lost = || Outcome::unknown("not asked: this program failed");
    let outcome = |index| outcomes.get(&index).cloned().unwrap_or_else(lost);
    tokens.into_iter().enumerate().map(|(index, token)| Verified { token, outcome: outcome(index) }).collect()
}

/// A key for fingerprints that lives as long as the run: nothing can be looked up with a fingerprint afterwards.
fn run_key() -> [u8; 32] {
    let mut key = [0; 32];
    // Without randomness the fingerprints are still never shown; they only lose their key.
    let _ = getrandom::fill(&mut key);
    key
}

pub(crate) fn keyed(key: &[u8], message: &[u8]) -> [u8; 32] {
    match Hmac::<Sha256>::new_from_slice(key) {
        Ok(mut mac) => {
            mac.update(message);
            mac.finalize().into_bytes().into()
        }
        Err(_) => [0; 32], // cannot happen: HMAC takes keys of any length
    }
}

/// Verifies one credential.
pub fn one(registry: &Registry, token: &Token, values: &Values, client: &Client, settings: &Settings) -> Outcome {
    let missing = values.missing(token);
    if !missing.is_empty() && token.kind.value != Kind::Dyn {
        return Outcome::unknown(format!("not given: set {} in the environment", missing.join(" and ")));
    }
    let look = Look { registry, token, values, client, settings };
    match token.kind.value {
        Kind::Cloudflare | Kind::CloudflareGlobal => cloudflare::token(&look),
        Kind::CloudflareAccess => cloudflare::access(&look),
        Kind::Heroku => heroku::verify(&look),
        Kind::PostmarkServer | Kind::PostmarkAccount => postmark::verify(&look),
        Kind::Aws => aws::verify(&look),
        Kind::Anthropic => anthropic::verify(&look),
        Kind::GithubFineGrained | Kind::GithubClassic => github::verify(&look),
        Kind::GithubApp => github_app::verify(&look),
        Kind::StripeRestricted | Kind::StripeSecret => stripe::verify(&look),
        Kind::Alpaca => alpaca::verify(&look),
        Kind::Infisical => infisical::verify(&look),
        Kind::Slack => slack::verify(&look),
        Kind::Dreamhost => dreamhost::verify(&look),
        Kind::Dyn => Outcome::unknown("its API needs a login, which changes state: evaluate it by hand, or migrate"),
        Kind::ServiceToken
        | Kind::SigningKeys
        | Kind::HelpdeskToken
        | Kind::SharedSecret
        | Kind::Other
        | Kind::ConfigValue => Outcome::unknown("no vendor of the taxonomy can be asked about it"),
    }
}

/// Everything that a vendor's check needs.
pub(crate) struct Look<'a> {
    pub(crate) registry: &'a Registry,
    pub(crate) token: &'a Token,
    pub(crate) values: &'a Values,
    pub(crate) client: &'a Client,
    pub(crate) settings: &'a Settings,
}

impl Look<'_> {
    /// The required scopes, as texts.
    pub(crate) fn scopes(&self) -> Vec<&str> {
        self.token.scopes.iter().map(|scope| scope.value.as_str()).collect()
    }

    /// Compares live scopes with the required ones, whatever their order.
    pub(crate) fn scopes_equal(&self, live: &[String]) -> bool {
        let mut wanted = self.scopes();
        let mut live: Vec<&str> = live.iter().map(String::as_str).collect();
        wanted.sort_unstable();
        live.sort_unstable();
        wanted == live
    }
}

/// Whether anything is wrong, and whether anything is not known.
pub fn summary(verified: &[Verified<'_>]) -> (bool, bool) {
    let wrong = verified.iter().any(|one| {
        one.outcome.verdict == Verdict::Stale
            || (one.outcome.verdict == Verdict::Partial && one.outcome.certainty == Certainty::Differs)
    });
    (wrong, verified.iter().any(|one| one.outcome.verdict != Verdict::Valid))
}
