//! `check live` against a stand-in for the vault.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails, in its own functions too")]

mod vendor_double;

use std::{path::Path, time::Duration};

use jiff::civil::date;
use raxx_vault::{
    finding::Finding,
    live::{self, Credentials, LiveError, LiveReport},
    registry::{Cell, Class, Kind, Registry, Source, Status, Store, Token},
    verify::Client,
};
use serde_json::{Value, json};
use vendor_double::{Asked, Recorded, VendorDouble, answer};

fn registry() -> Registry {
    Source::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("registry.toml")).unwrap().registry
}

/// One secret as the vault lists it.
#[derive(Clone)]
struct Row {
    environment: &'static str,
    folder: String,
    key: String,
    tags: Vec<String>,
    updated: &'static str,
}

impl Row {
    fn json(&self) -> Value {
        let tags: Vec<Value> = self.tags.iter().map(|slug| json!({ "id": "t", "slug": slug })).collect();
        json!({
            "secretKey": self.key, "secretPath": self.folder.trim_end_matches('/'), "tags": tags, "secretMetadata": [],
            "version": 1, "updatedAt": self.updated, "secretValueHidden": true, "secretValue": "<hidden-by-infisical>",
        })
    }
}

/// Everything that the registry says is in the vault, exactly so.
fn exact(registry: &Registry) -> Vec<Row> {
    let mut rows = Vec::new();
    let kept = |token: &&Token| {
        token.class != Class::Outside && token.store.value == Store::Infisical && token.status == Status::Active
    };
    for token in registry.tokens.iter().filter(kept) {
        let folder = token.folder(registry).unwrap().value.clone();
        let base = token.key.clone().unwrap_or_else(|| token.name.value.clone());
        let tags: Vec<String> = ["function", "sensitivity", "consumer", "rotation"]
            .iter()
            .map(|dimension| format!("{dimension}-{}", token.tag_or_unknown(dimension)))
            .collect();
        for environment in ["prod", "staging", "dev"] {
            if !token.cell(environment).is_some_and(Cell::is_held) {
                continue;
            }
            let mut keys: Vec<String> = token
                .companions
                .value
                .iter()
                .map(|companion| {
                    if companion.value.starts_with("__") {
                        format!("{base}{}", companion.value)
                    } else {
                        companion.value.clone()
                    }
                })
                .collect();
            if !matches!(token.kind.value, Kind::Aws | Kind::Alpaca | Kind::GithubApp) {
                keys.push(base.clone());
            }
            for key in keys {
                rows.push(Row {
                    environment,
                    folder: folder.clone(),
                    key,
                    tags: tags.clone(),
                    updated: "2026-11-20T00:00:00Z",
                });
            }
        }
    }
    rows
}

/// A vault that holds these rows, and the folders that they are in.
fn vault(rows: Vec<Row>) -> VendorDouble {
    VendorDouble::start(move |asked| {
        if asked.path == "/api/v1/auth/universal-auth/login" {
            assert!(asked.body.contains("client-1"));
            return answer(200, r#"{"accessToken":"session","expiresIn":7200,"tokenType":"Bearer"}"#);
        }
        assert_eq!(asked.header("authorization"), Some("Bearer session"));
        let of_environment =
            rows.iter().filter(|row| asked.path.contains(&format!("environment={}&", row.environment)));
        if asked.path.starts_with("/api/v2/folders?") {
            let mut folders: Vec<&str> = of_environment.map(|row| row.folder.trim_end_matches('/')).collect();
            folders.dedup();
            let folders: Vec<Value> = folders.iter().map(|path| json!({ "name": "f", "relativePath": path })).collect();
            return answer(200, &json!({ "folders": folders }).to_string());
        }
        assert!(
            asked.path.starts_with("/api/v4/secrets?") && asked.path.contains("viewSecretValue=false"),
            "{}",
            asked.path
        );
        assert!(asked.path.contains("recursive=true") && asked.path.contains("projectId=project-1"));
        answer(200, &json!({ "secrets": of_environment.map(Row::json).collect::<Vec<_>>() }).to_string())
    })
}

fn check(double: &VendorDouble) -> Result<LiveReport, LiveError> {
    let credentials = Credentials {
        url: double.url(),
        client_id: "client-1".to_owned().into(),
        client_secret: "client-secret".to_owned().into(),
        project: "project-1".to_owned(),
        gate: Some(("gate-id".to_owned().into(), "gate-secret".to_owned().into())),
    };
    live::check(&registry(), &credentials, &Client::new(Duration::from_secs(5)), date(2026, 11, 22), &|_| ())
}

fn found(findings: &[Finding]) -> Vec<String> {
    let mut found: Vec<String> =
        findings.iter().map(|finding| format!("{} {}", finding.rule, finding.subject)).collect();
    found.sort_unstable();
    found
}

#[test]
fn a_vault_that_is_as_the_registry_says_has_no_differences() {
    let double = vault(exact(&registry()));
    let report = check(&double).unwrap();
    assert_eq!(found(&report.findings), Vec::<String>::new());
    assert!(!report.unknown);
    let asked = double.asked();
    // One login, and two lists for each of three environments.
    assert_eq!(asked.len(), 7);
    assert!(asked.iter().all(|asked| asked.header("cf-access-client-id") == Some("gate-id")));
}

#[test]
fn every_difference_is_a_finding() {
    let registry = registry();
    let mut rows = exact(&registry);
    let is = |row: &Row, key: &str| row.key == key && row.environment == "prod";
    rows.retain(|row| !is(row, "CF_PAGES_DEPLOY"));
    rows.retain(|row| !row.key.starts_with("CF_PAGES_DEPLOY__"));
    rows.retain(|row| !is(row, "GH_READONLY__EXPIRES_AT"));
    rows.retain(|row| !is(row, "CF_ACCESS_SVC_VAULT__CLIENT_ID"));
    rows.retain(|row| row.folder != "/MooseQuest/slack/");
    for row in &mut rows {
        if is(row, "STR_BILLING_WRITE") {
            row.tags.retain(|tag| !tag.starts_with("rotation-"));
        }
        if is(row, "HK_PLATFORM_FULL") {
            row.tags.push("team-ops".to_owned());
            row.updated = "2026-05-01T00:00:00Z";
        }
        if is(row, "ANT_CLAUDE_SDK") {
            row.tags = row.tags.iter().map(|tag| tag.replace("sensitivity-high", "sensitivity-low")).collect();
        }
    }
    let copy = |key: &str, environment: &'static str| Row {
        environment,
        ..rows.iter().find(|row| row.key == key).unwrap().clone()
    };
    let additions = [
        copy("GH_READONLY", "staging"),
        copy("ALP_LIVE_TRADING__SECRET_KEY", "staging"),
        copy("INF_SVC_DISPATCHER", "dev"),
        Row { key: "CLOUDFLAREROLLED".to_owned(), ..copy("GH_READONLY", "prod") },
        // An old name whose rename is not done is no surprise.
        Row { key: "ANTHROPIC_API_KEY".to_owned(), ..copy("ANT_CLAUDE_SDK", "prod") },
    ];
    rows.extend(additions);
    let report = check(&vault(rows)).unwrap();
    let mut wanted = vec![
        "R30 CF_PAGES_DEPLOY",
        "R11 GH_READONLY",
        "R13 CF_ACCESS_SVC_VAULT",
        "R30 SL_BOT_NOTIFY",
        "R9 /MooseQuest/slack/",
        "R21 STR_BILLING_WRITE",
        "R20 HK_PLATFORM_FULL",
        "R25 HK_PLATFORM_FULL",
        "R21 ANT_CLAUDE_SDK",
        "R28 GH_READONLY",
        "R31 ALP_LIVE_TRADING",
        "R30 INF_SVC_DISPATCHER",
        "R50 CLOUDFLAREROLLED",
    ];
    wanted.sort_unstable();
    assert_eq!(found(&report.findings), wanted);
}

#[test]
fn metadata_counts_like_tags() {
    let registry = registry();
    let rows = exact(&registry);
    let double = VendorDouble::start(move |asked| {
        if asked.path.ends_with("/login") {
            return answer(200, r#"{"accessToken":"session"}"#);
        }
        let rows = rows.iter().filter(|row| asked.path.contains(&format!("environment={}&", row.environment)));
        if asked.path.contains("folders") {
            let folders: Vec<Value> = rows.map(|row| json!({ "relativePath": row.folder })).collect();
            return answer(200, &json!({ "folders": folders }).to_string());
        }
        let secrets = rows.map(|row| {
            let mut secret = row.json();
            let pairs = row.tags.iter().filter_map(|tag| tag.split_once('-'));
            secret["secretMetadata"] = pairs.map(|(key, value)| json!({ "key": key, "value": value })).collect();
            secret["tags"] = json!([]);
            secret
        });
        answer(200, &json!({ "secrets": secrets.collect::<Vec<_>>() }).to_string())
    });
    assert_eq!(found(&check(&double).unwrap().findings), Vec::<String>::new());
}

#[test]
fn a_refused_login_is_not_tried_again() {
    let double = VendorDouble::start(|_| answer(401, "{}"));
    assert_eq!(check(&double).unwrap_err(), LiveError::LoginRefused(401));
    assert_eq!(double.asked().len(), 1);
}

#[test]
fn a_gate_or_an_outage_says_nothing_about_the_identity() {
    let fails = |respond: fn(&Asked) -> Recorded| check(&VendorDouble::start(respond)).unwrap_err();
    assert_eq!(fails(|_| answer(403, "<h1>Error 1010</h1>")), LiveError::Gate);
    assert_eq!(fails(|_| answer(302, "").header("location", "https://x.cloudflareaccess.com/")), LiveError::Gate);
    assert_eq!(fails(|_| answer(502, "")), LiveError::Undocumented(502));
    assert_eq!(fails(|_| answer(429, "")), LiveError::Undocumented(429));
    assert_eq!(fails(|_| answer(200, "<html>")), LiveError::Undocumented(200));
}

#[test]
fn one_environment_that_cannot_be_listed_leaves_the_others_checked() {
    let double = VendorDouble::start(|asked| match asked.path.as_str() {
        "/api/v1/auth/universal-auth/login" => answer(200, r#"{"accessToken":"session"}"#),
        path if path.contains("environment=staging&") => answer(404, r#"{"message":"Folder not found"}"#),
        path if path.contains("folders") => answer(200, r#"{"folders":[]}"#),
        _ => answer(200, r#"{"secrets":[]}"#),
    });
    let report = check(&double).unwrap();
    assert!(report.unknown);
    assert!(report.notes.iter().any(|note| note.starts_with("staging was not checked")), "{:?}", report.notes);
    assert!(report.findings.iter().any(|finding| finding.message.contains("in prod")));
    assert!(!report.findings.iter().any(|finding| finding.message.contains("in staging")));
}

#[test]
fn an_identity_that_can_read_values_is_pointed_out_and_the_values_are_dropped() {
    let double = VendorDouble::start(|asked| match asked.path.as_str() {
        "/api/v1/auth/universal-auth/login" => answer(200, r#"{"accessToken":"session"}"#),
        path if path.contains("folders") => answer(200, r#"{"folders":[]}"#),
        _ => answer(
            200,
            r#"{"secrets":[{"secretKey":"GH_READONLY","secretPath":"/MooseQuest/github","secretValue":"canary-in-the-vault"}]}"#,
        ),
    });
    let report = check(&double).unwrap();
    assert!(report.notes.iter().any(|note| note.contains("take readValue")));
    assert!(!format!("{report:?}").contains("canary"));
}
