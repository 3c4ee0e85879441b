//! Verdicts from recorded responses: the six of the credential report, and every trap of every vendor.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails, in its own functions too")]

mod vendor_double;

use std::path::Path;

use raxx_vault::{
    registry::{Registry, Source, Verdict},
    verify::{self, Certainty, Client, Outcome, Settings, Values},
};
use vendor_double::{Asked, Recorded, VendorDouble, answer};

fn registry() -> Registry {
    Source::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("registry.toml")).unwrap().registry
}

/// Verifies a registered token against one stand-in for every vendor.
fn verdict_with(
    registry: &Registry,
    name: &str,
    values: Values,
    account: bool,
    respond: impl Fn(&Asked) -> Recorded + Send + Sync + 'static,
) -> (Outcome, Vec<Asked>) {
    let double = VendorDouble::start(respond);
    let settings = Settings {
        addresses: verify::ADDRESSES.iter().map(|(key, _)| ((*key).to_owned(), double.url())).collect(),
        cloudflare_account: account.then(|| "account-1".to_owned()),
        infisical_project: Some("project-1".to_owned()),
        ..Settings::default()
    };
    let token = registry.token(name).unwrap_or_else(|| panic!("{name} is not registered"));
    let outcome = verify::one(registry, token, &values, &Client::new(settings.timeout), &settings);
    (outcome, double.asked())
}

fn verdict(name: &str, respond: impl Fn(&Asked) -> Recorded + Send + Sync + 'static) -> Outcome {
    verdict_with(&registry(), name, value("live-value-of-a-token"), true, respond).0
}

fn value(text: &str) -> Values {
    Values::default().with("", text.to_owned())
}

/// The page that Cloudflare's Browser Integrity Check shows instead of the site.
const GATE_1010: &str = "<!DOCTYPE html><title>Access denied</title><h1>Error 1010</h1><p>The owner of this website has banned your access based on your browser's signature.</p>";

const CF_INVALID: &str =
    r#"{"success":false,"errors":[{"code":1000,"message":"Invalid API Token"}],"messages":[],"result":null}"#;
const CF_ACTIVE: &str =
    r#"{"success":true,"errors":[],"result":{"id":"f0e1","status":"active","expires_on":"2027-01-01T00:00:00Z"}}"#;
const CF_ZONE: &str = r#"{"success":true,"result":[{"id":"z1","name":"raxx.app"}]}"#;

/// What an account-owned token gets: 401 as a user's, active as the account's, and its zone.
fn account_owned(asked: &Asked) -> Recorded {
    match asked.path.as_str() {
        "/client/v4/user/tokens/verify" => answer(401, CF_INVALID),
        "/client/v4/accounts/account-1/tokens/verify" => answer(200, CF_ACTIVE),
        path if path.starts_with("/client/v4/zones") => answer(200, CF_ZONE),
        other => panic!("unexpected {other}"),
    }
}

// ---- the six credentials of the batch report of 2026-05-06

/// A registry in which the report's credentials are what the report found.
fn report_registry() -> Registry {
    let mut text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("registry.toml")).unwrap();
    text.push_str(
        r#"
[[token]]
name = "heroku auth"
class = "outside"
kind = "heroku_key"
consumers = ["operator"]
store = "session"

[[token]]
name = "aws sts"
class = "outside"
kind = "aws"
consumers = ["operator"]
store = "session"
principal = "aws-developer-alpha"

[[token]]
name = "gh auth"
class = "outside"
kind = "github_classic"
consumers = ["operator"]
scopes = ["admin:public_key", "repo", "read:org"]
store = "session"

[[token]]
name = "CLOUDFLARE_RAXX_AUTOMATION_API_TOKEN"
class = "outside"
kind = "cloudflare_token"
consumers = ["ci"]
scopes = ["Account > Cloudflare Pages > Edit"]
target = "account-wide"
store = "infisical"

[[token]]
name = "CLOUDFLAREROLLED"
class = "outside"
kind = "cloudflare_token"
consumers = ["operator"]
scopes = ["Zone > DNS > Edit"]
store = "infisical"
"#,
    );
    Source::parse("report.toml".as_ref(), &text).unwrap().registry
}

#[test]
fn the_six_verdicts_of_the_report_from_recorded_responses() {
    let registry = report_registry();
    let (heroku, asked) = verdict_with(&registry, "heroku auth", value("HRKU"), true, |_| {
        answer(200, r#"{"email":"operator@raxx.app","id":"1"}"#)
    });
    assert_eq!((heroku.verdict, heroku.identity.as_deref()), (Verdict::Valid, Some("operator@raxx.app")));
    assert_eq!(asked[0].header("accept"), Some("application/vnd.heroku+json; version=3"));

    let pair = || {
        Values::default().with("__ACCESS_KEY_ID", "AKIDEXAMPLE".to_owned()).with("__SECRET_ACCESS_KEY", "s".to_owned())
    };
    let (aws, asked) = verdict_with(&registry, "aws sts", pair(), true, |_| {
        answer(
            200,
            "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::1:user/aws-developer-alpha</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>",
        )
    });
    assert_eq!(aws.verdict, Verdict::Valid);
    assert!(asked[0].header("authorization").unwrap().starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"));

    let (github, _) = verdict_with(&registry, "gh auth", value("gh"), true, |_| {
        answer(200, r#"{"login":"operator"}"#).header("x-oauth-scopes", "admin:public_key, read:org, repo")
    });
    assert_eq!((github.verdict, github.identity.as_deref()), (Verdict::Valid, Some("operator")));

    // The report said STALE; what it had seen was the gate in front, which says nothing about the token (X24).
    let (infisical, _) = verdict_with(&registry, "INFISICAL_TOKEN", value("st"), true, |_| answer(403, GATE_1010));
    assert_eq!(infisical.verdict, Verdict::Unknown);
    assert!(infisical.evidence.contains("1010"), "{}", infisical.evidence);

    let (automation, asked) =
        verdict_with(&registry, "CLOUDFLARE_RAXX_AUTOMATION_API_TOKEN", value("cf"), true, |_| answer(401, CF_INVALID));
    assert_eq!(automation.verdict, Verdict::Stale);
    assert_eq!(asked.len(), 2, "the user's and the account's check");

    // PARTIAL, as the report said, and for its reason: a write cannot be confirmed by reading.
    let (rolled, _) = verdict_with(&registry, "CLOUDFLAREROLLED", value("cf"), true, account_owned);
    assert_eq!((rolled.verdict, rolled.certainty), (Verdict::Partial, Certainty::Unconfirmed));
    assert!(rolled.evidence.contains("write unconfirmed"), "{}", rolled.evidence);
}

#[test]
fn an_account_owned_cloudflare_token_is_never_called_stale() {
    let registry = registry();
    let outcome = |account| verdict_with(&registry, "CF_DNS_EDIT_RAXX_APP", value("cf"), account, account_owned);
    assert_eq!(outcome(true).0.verdict, Verdict::Partial);
    // Without the account's id the zone read shows that it lives.
    let (without, _) = outcome(false);
    assert_eq!(without.verdict, Verdict::Partial);
    assert!(without.evidence.contains("verify 401"), "{}", without.evidence);
    // Without either, nobody knows.
    let (nothing, _) = verdict_with(&registry, "CF_DNS_EDIT_RAXX_APP", value("cf"), false, |_| answer(401, CF_INVALID));
    assert_eq!(nothing.verdict, Verdict::Unknown);
    // The prefix says it at once: the user's check is not even asked.
    let (_, asked) = verdict_with(&registry, "CF_DNS_EDIT_RAXX_APP", value("cfat_x"), true, account_owned);
    assert!(asked.iter().all(|asked| !asked.path.contains("/user/")));
}

#[test]
fn cloudflare_tokens_by_status_zone_and_malformation() {
    let status = |status: &str| CF_ACTIVE.replace("active", status);
    for dead in ["disabled", "expired"] {
        let body = status(dead);
        assert_eq!(verdict("CF_DNS_EDIT_RAXX_APP", move |_| answer(200, &body)).verdict, Verdict::Stale);
    }
    let outcome = verdict("CF_DNS_EDIT_RAXX_APP", |asked| {
        if asked.path.contains("zones") { answer(200, r#"{"result":[]}"#) } else { answer(200, CF_ACTIVE) }
    });
    assert_eq!((outcome.verdict, outcome.certainty), (Verdict::Partial, Certainty::Differs));
    let malformed = r#"{"success":false,"errors":[{"code":6003,"message":"Invalid request headers"}]}"#;
    assert_eq!(verdict("CF_DNS_EDIT_RAXX_APP", move |_| answer(400, malformed)).verdict, Verdict::Unknown);
}

#[test]
fn slack_says_no_with_200() {
    let say = |body: &'static str| verdict("SL_BOT_NOTIFY", move |_| answer(200, body));
    for error in ["invalid_auth", "token_revoked", "account_inactive"] {
        let body = format!(r#"{{"ok":false,"error":"{error}"}}"#);
        let outcome = verdict("SL_BOT_NOTIFY", move |_| answer(200, &body));
        assert_eq!(outcome.verdict, Verdict::Stale, "{error}");
    }
    assert_eq!(say(r#"{"ok":false,"error":"ratelimited"}"#).verdict, Verdict::Unknown);
    assert_eq!(say("<html>").verdict, Verdict::Unknown);
    let scoped = |scopes: &'static str| {
        verdict("SL_BOT_NOTIFY", move |_| {
            answer(200, r#"{"ok":true,"team":"Raxx","user":"bot"}"#).header("x-oauth-scopes", scopes)
        })
    };
    assert_eq!(scoped("im:write,chat:write").verdict, Verdict::Valid);
    assert_eq!(scoped("im:write,chat:write,users:read").certainty, Certainty::Differs);
    assert_eq!(say(r#"{"ok":true,"team":"Raxx","user":"bot"}"#).certainty, Certainty::Unconfirmed);
}

#[test]
fn a_403_is_life_at_stripe_and_death_at_alpaca() {
    let registry = registry();
    let stripe = |status: u16, body: &'static str| {
        verdict_with(&registry, "STR_BILLING_WRITE", value("rk_live_x"), true, move |_| answer(status, body)).0
    };
    let body = r#"{"error":{"message":"The provided key 'rk_live_***x' does not have the required permissions: rak_invoice_read"}}"#;
    let alive = stripe(403, body);
    assert_eq!(alive.verdict, Verdict::Partial);
    assert!(alive.evidence.contains("rak_invoice_read") && !alive.evidence.contains("rk_live_"), "{}", alive.evidence);
    assert_eq!(stripe(401, "{}").verdict, Verdict::Stale);
    assert_eq!(stripe(200, "{}").certainty, Certainty::Unconfirmed);
    let (unrestricted, _) =
        verdict_with(&registry, "STR_BILLING_WRITE", value("sk_live_x"), true, |_| answer(200, "{}"));
    assert_eq!(unrestricted.certainty, Certainty::Differs);

    let pair = || Values::default().with("__KEY_ID", "k".to_owned()).with("__SECRET_KEY", "s".to_owned());
    let alpaca = |status: u16, body: &'static str| {
        verdict_with(&registry, "ALP_LIVE_TRADING", pair(), true, move |_| answer(status, body)).0
    };
    assert_eq!(alpaca(403, r#"{"message":"forbidden."}"#).verdict, Verdict::Stale);
    assert_eq!(alpaca(401, "{}").verdict, Verdict::Stale);
    assert_eq!(alpaca(200, r#"{"trading_blocked":false,"cash":"1000000"}"#).verdict, Verdict::Valid);
    assert_eq!(alpaca(200, r#"{"trading_blocked":true}"#).certainty, Certainty::Differs);
    // The same status from a gate in front is no verdict.
    assert_eq!(alpaca(403, GATE_1010).verdict, Verdict::Unknown);
}

/// Values for whatever a kind needs.
fn complete(name: &str) -> Values {
    let parts = ["", "__CLIENT_ID", "__ACCESS_KEY_ID", "__SECRET_ACCESS_KEY", "__KEY_ID", "__SECRET_KEY"];
    let values = parts.iter().fold(Values::default(), |values, part| values.with(part, "abc".to_owned()));
    if name.starts_with("GH_APP") { values } else { values.with("__APP_ID", "1".to_owned()) }
}

/// One token of every kind that is asked about over HTTP.
const ASKED_ABOUT: [&str; 13] = [
    "CF_DNS_EDIT_RAXX_APP",
    "CF_ACCESS_SVC_VAULT",
    "HK_PLATFORM_FULL",
    "PM_SERVER_MAIL",
    "PM_ACCOUNT_MGMT",
    "AWS_INFISICAL_BOOTSTRAP",
    "ANT_CLAUDE_SDK",
    "GH_READONLY",
    "STR_BILLING_WRITE",
    "ALP_PAPER_TRADING",
    "INF_SVC_DISPATCHER",
    "SL_BOT_NOTIFY",
    "DH_DNS_MGMT",
];

#[test]
fn no_vendors_rate_limit_outage_gate_redirect_or_nonsense_is_ever_stale() {
    let registry = registry();
    let gates: [(u16, &'static str); 9] = [
        (429, "{}"),
        (500, "{}"),
        (502, "<html>"),
        (503, "down"),
        (403, GATE_1010),
        (400, "{}"),
        (418, "{}"),
        (302, ""),
        (307, ""),
    ];
    for name in ASKED_ABOUT {
        for (status, body) in gates {
            let respond = move |_: &Asked| answer(status, body).header("location", "https://example.com/elsewhere");
            let (outcome, asked) = verdict_with(&registry, name, complete(name), true, respond);
            assert_eq!(outcome.verdict, Verdict::Unknown, "{name}, HTTP {status}: {}", outcome.evidence);
            assert!(!asked.is_empty(), "{name}");
            assert!(asked.iter().all(|asked| asked.header("user-agent").unwrap().starts_with("raxx-vault/")), "{name}");
        }
    }
}

#[test]
fn every_vendor_that_says_401_is_believed() {
    let registry = registry();
    for name in ASKED_ABOUT {
        let (outcome, _) = verdict_with(&registry, name, complete(name), true, |_| answer(401, "{}"));
        // STS says 403 with a code; Slack and DreamHost answer 200; an Access gate redirects.
        let silent = ["AWS_INFISICAL_BOOTSTRAP", "SL_BOT_NOTIFY", "DH_DNS_MGMT", "CF_ACCESS_SVC_VAULT"].contains(&name);
        assert_eq!(
            outcome.verdict,
            if silent { Verdict::Unknown } else { Verdict::Stale },
            "{name}: {}",
            outcome.evidence
        );
    }
}

#[test]
fn a_refused_login_is_tried_once_only() {
    let registry = registry();
    let (outcome, asked) = verdict_with(&registry, "INF_SVC_DISPATCHER", complete("INF"), true, |_| answer(401, "{}"));
    assert_eq!((outcome.verdict, asked.len()), (Verdict::Stale, 1));
    let (outcome, asked) =
        verdict_with(&registry, "INF_SVC_DISPATCHER", complete("INF"), true, |asked| match asked.path.as_str() {
            "/api/v1/auth/universal-auth/login" => answer(200, r#"{"accessToken":"t","expiresIn":1}"#),
            "/api/v1/identities/details" => answer(200, r#"{"identityDetails":{"name":"dispatcher"}}"#),
            path if path
                .starts_with("/api/v2/folders?projectId=project-1&environment=prod&path=/MooseQuest/raxx-dev-bot") =>
            {
                answer(403, "{}")
            }
            other => panic!("unexpected {other}"),
        });
    assert_eq!((outcome.certainty, outcome.identity.as_deref()), (Certainty::Differs, Some("dispatcher")));
    assert_eq!(asked.len(), 3);
}

#[test]
fn the_remaining_vendors_by_their_own_signs() {
    let registry = registry();
    // Postmark: the other kind of token is told from a dead one.
    let wrong_kind =
        verdict("PM_SERVER_MAIL", |asked| answer(if asked.path == "/deliverystats" { 401 } else { 200 }, "{}"));
    assert_eq!(wrong_kind.certainty, Certainty::Differs);
    // AWS: only the documented code is death.
    let code = |code: &'static str| {
        verdict_with(&registry, "AWS_INFISICAL_BOOTSTRAP", complete("AWS"), true, move |_| {
            answer(403, &format!("<Error><Code>{code}</Code></Error>"))
        })
        .0
    };
    assert_eq!(code("InvalidClientTokenId").verdict, Verdict::Stale);
    assert_eq!(code("SignatureDoesNotMatch").verdict, Verdict::Unknown);
    assert_eq!(code("AccessDenied").verdict, Verdict::Unknown);
    let (other, _) = verdict_with(&registry, "AWS_INFISICAL_BOOTSTRAP", complete("AWS"), true, |_| {
        answer(200, "<Arn>arn:aws:iam::1:user/someone</Arn>")
    });
    assert_eq!(other.certainty, Certainty::Differs);
    // An Access gate: its cookie is life, its login page is death, another redirect is nothing.
    let access = |respond: fn() -> Recorded| {
        verdict_with(&registry, "CF_ACCESS_SVC_VAULT", complete("CF"), true, move |_| respond()).0.verdict
    };
    assert_eq!(
        access(|| answer(302, "").header("set-cookie", "CF_Authorization=x; Secure").header("location", "/")),
        Verdict::Valid
    );
    assert_eq!(
        access(|| answer(302, "").header("location", "https://raxx.cloudflareaccess.com/cdn-cgi/access/login/x")),
        Verdict::Stale
    );
    assert_eq!(access(|| answer(200, "hello")), Verdict::Valid);
    // DreamHost: the list of commands is the scope; a rate limit is an error of another kind.
    let dreamhost = |body: &'static str| verdict("DH_DNS_MGMT", move |_| answer(200, body));
    let (_, asked) = verdict_with(&registry, "DH_DNS_MGMT", value("ABC123"), true, |_| answer(200, "{}"));
    assert!(!asked[0].path.contains("ABC123") && asked[0].body.starts_with("key=ABC123&"));
    assert_eq!(dreamhost("{}").verdict, Verdict::Unknown, "a value with hyphens is not sent as a key");
    let dreamhost = |body: &'static str| {
        verdict_with(&registry, "DH_DNS_MGMT", value("ABC123"), true, move |_| answer(200, body)).0
    };
    assert_eq!(dreamhost(r#"{"result":"success","data":[{"cmd":"dns-add_record"}]}"#).verdict, Verdict::Valid);
    assert_eq!(dreamhost(r#"{"result":"success","data":[{"cmd":"user-list"}]}"#).certainty, Certainty::Differs);
    assert_eq!(dreamhost(r#"{"result":"error","data":"invalid_api_key"}"#).verdict, Verdict::Stale);
    assert_eq!(dreamhost(r#"{"result":"error","data":"slow_down_bucko"}"#).verdict, Verdict::Unknown);
    // GitHub: 403 is a rate limit; a fine-grained token reveals no scopes; a classic one where a fine-grained is registered differs.
    assert_eq!(
        verdict("GH_READONLY", |_| answer(403, r#"{"message":"API rate limit exceeded"}"#)).verdict,
        Verdict::Unknown
    );
    assert_eq!(verdict("GH_READONLY", |_| answer(200, r#"{"login":"x"}"#)).certainty, Certainty::Unconfirmed);
    assert_eq!(
        verdict("GH_READONLY", |_| answer(200, "{}").header("x-oauth-scopes", "repo")).certainty,
        Certainty::Differs
    );
    // Anthropic: 404 counts only from the API itself.
    assert_eq!(verdict("ANT_CLAUDE_SDK", |_| answer(404, r#"{"type":"error"}"#)).verdict, Verdict::Stale);
    assert_eq!(verdict("ANT_CLAUDE_SDK", |_| answer(404, "<html>")).verdict, Verdict::Unknown);
    assert_eq!(verdict("ANT_CLAUDE_SDK", |_| answer(200, "{}")).verdict, Verdict::Valid);
    // Oracle Dyn cannot be asked without changing something.
    let (dyn_, asked) = verdict_with(&registry, "DYN_DNS_UPDATE", value("x"), true, |_| answer(200, "{}"));
    assert_eq!((dyn_.verdict, asked.len()), (Verdict::Unknown, 0));
}

#[test]
fn a_missing_part_is_named_and_nobody_is_asked() {
    let (outcome, asked) =
        verdict_with(&registry(), "AWS_INFISICAL_BOOTSTRAP", Values::default(), true, |_| answer(200, "{}"));
    assert!(asked.is_empty());
    assert_eq!(outcome.verdict, Verdict::Unknown);
    assert!(
        outcome
            .evidence
            .contains("AWS_INFISICAL_BOOTSTRAP__ACCESS_KEY_ID and AWS_INFISICAL_BOOTSTRAP__SECRET_ACCESS_KEY")
    );
}
