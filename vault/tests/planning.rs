//! `matrix`, `migrate status`, `checklist`, `new` and `export`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails, in its own functions too")]

use std::path::Path;

use jiff::civil::{Date, date};
use raxx_vault::{
    checklist, export, matrix, migrate,
    provision::{NewError, Wishes, row},
    registry::{Kind, Registry, Source},
    rules::{self, Stage},
};

const TODAY: Date = date(2026, 11, 22);

fn text() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("registry.toml")).unwrap()
}

fn parse(text: &str) -> Registry {
    Source::parse("registry.toml".as_ref(), text).unwrap().registry
}

fn with_last_rotated(name: &str, day: &str) -> String {
    let row = format!("name = \"{name}\"\n");
    text().replacen(&row, &format!("{row}last_rotated = \"{day}\"\n"), 1)
}

#[test]
fn the_matrix_has_every_ruled_token_and_the_overdue_ones_first() {
    let registry = parse(&with_last_rotated("GH_READONLY", "2026-08-20"));
    let matrix = matrix::markdown(&registry, TODAY);
    let lines: Vec<&str> = matrix.lines().collect();
    // 90 days after 20 August is 18 November.
    assert_eq!(
        lines[2],
        "| GH_READONLY | GitHub | operator-assisted | [github.md](github.md) | 90d | 2026-08-20 | 2026-11-18, **overdue by 4 d** |"
    );
    assert!(matrix.contains(
        "| CF_WAF_EDIT_RAXX_APP | Cloudflare | operator-assisted | [cloudflare.md](cloudflare.md) | 90d | TBD | TBD |"
    ));
    let ruled = registry.tokens.iter().filter(|token| token.class != raxx_vault::registry::Class::Outside).count();
    assert_eq!(lines.len(), 2 + ruled);
    assert_eq!(matrix::overdue(&registry, TODAY), 1);
}

#[test]
fn a_token_is_due_on_its_day_and_overdue_on_the_next() {
    let due = |day: &str| {
        let registry = parse(&with_last_rotated("GH_READONLY", day));
        matrix::due(registry.token("GH_READONLY").unwrap(), TODAY)
    };
    assert_eq!(due("2026-08-24"), matrix::Due::In(0, TODAY));
    assert_eq!(due("2026-08-23"), matrix::Due::Overdue(1, date(2026, 11, 21)));
    assert_eq!(due("9999-12-31"), matrix::Due::Unknown);
}

#[test]
fn a_rename_walks_through_its_states_in_the_corrected_order() {
    let steps = [
        "copied",
        "smoke_tested",
        "merged",
        "deployed",
        "rotated_new",
        "proved",
        "deleted",
        "revoked",
        "revocation_proved",
    ];
    let states =
        ["not begun", "copied", "tried", "merged", "switched", "rotated", "proved", "deleted", "revoked", "done"];
    for done in 0..=steps.len() {
        let table: Vec<String> = steps[..done].iter().map(|step| format!("{step} = \"2026-11-22\"")).collect();
        let text = text()
            .replacen(
                "old = \"CLOUDFLARE_EDIT_DNS\"\n",
                &format!("old = \"CLOUDFLARE_EDIT_DNS\"\nsteps = {{ {} }}\n", table.join(", ")),
                1,
            )
            .replacen("name = \"CLOUDFLAREROLLED\"\n", "name = \"CLOUDFLAREROLLED\"\naudited = \"2026-11-21\"\n", 1);
        let registry = parse(&text);
        let rename = registry.renames.iter().find(|rename| rename.old.value == "CLOUDFLARE_EDIT_DNS").unwrap();
        assert_eq!(migrate::State::of(rename).as_str(), states[done]);
        assert_eq!(migrate::deadline(&registry, rename), (1..=6).contains(&done).then_some(date(2026, 11, 29)));
        // Each state on the way is one that no rule objects to.
        let failing = rules::apply_exceptions(&registry, rules::lint(&registry, TODAY), &[Stage::Registry]);
        let about: Vec<_> =
            failing.findings.iter().filter(|f| f.fails() && f.subject == "CLOUDFLARE_EDIT_DNS").collect();
        assert!(about.is_empty(), "after {done} steps: {about:#?}");
        assert!(migrate::markdown(&registry, TODAY).contains(migrate::State::of(rename).next_step()));
        assert_eq!(migrate::late(&registry, date(2026, 11, 30)), usize::from((1..=6).contains(&done)));
    }
}

#[test]
fn the_status_lists_every_rename_in_the_order_of_the_vendors() {
    let registry = parse(&text());
    let status = migrate::markdown(&registry, TODAY);
    let position = |name: &str| status.find(&format!("| `{name}`")).unwrap_or_else(|| panic!("{name} is missing"));
    for pair in [
        "CLOUDFLARE_EDIT_DNS",
        "HEROKU_PLATFORM_API_TOKEN",
        "AWS_ACCESS_KEY_ID",
        "POSTMARK_SERVER_API_KEY",
        "ALPACA_LIVE_API_KEY_ID",
        "ANTHROPIC_API_KEY",
        "INFISICAL_SERVICE_TOKEN",
    ]
    .windows(2)
    {
        assert!(position(pair[0]) < position(pair[1]), "{pair:?}");
    }
    assert!(status.contains("audit `CLOUDFLAREROLLED`"));
}

#[test]
fn the_checklist_covers_appendix_b() {
    let registry = parse(&text());
    let list = |name: &str| checklist::markdown(&registry, registry.token(name).unwrap());
    let cloudflare = list("CF_WAF_EDIT_RAXX_APP");
    for wanted in [
        "vendor CF, function WAF_EDIT, scope RAXX_APP",
        "Folder /MooseQuest/cloudflare/ exists",
        "https://dash.cloudflare.com/profile/api-tokens",
        "Zone > WAF > Edit; Zone > Zone > Read",
        "prod: store it (present)",
        "staging: store nothing (absent)",
        "CF_WAF_EDIT_RAXX_APP__EXPIRES_AT",
        "CF_WAF_EDIT_RAXX_APP__SCOPES",
        "function-waf-edit, sensitivity-high, consumer-ci, rotation-90d",
        ".github/workflows/*.yml",
        "docs/ops/runbooks/rotation/INDEX.md",
        "docs/ops/runbooks/rotation/cloudflare.md",
    ] {
        assert!(cloudflare.contains(wanted), "{wanted} is not in:\n{cloudflare}");
    }
    assert!(!cloudflare.contains("no solo provisioning"));
    assert!(list("ALP_LIVE_TRADING").contains("no solo provisioning"));
    assert!(list("EDGE_SERVICE_TOKEN").contains("32 random bytes"));
    // Every registered token has one.
    for token in &registry.tokens {
        assert!(checklist::markdown(&registry, token).lines().count() > 4, "{}", token.name.value);
    }
}

#[test]
fn a_new_row_reads_and_breaks_no_rule() {
    let original = text();
    let registry = parse(&original);
    let service = Wishes {
        consumers: vec!["raptor".to_owned()],
        sensitivity: Some("high".to_owned()),
        pair: vec!["console".to_owned(), "raptor".to_owned()],
        path: Some("/raptor/prod/".to_owned()),
        ..Wishes::default()
    };
    let wishes = |wish: fn(&mut Wishes)| {
        let mut wishes = Wishes::default();
        wish(&mut wishes);
        wishes
    };
    let cases = [
        ("CF_DNS_EDIT_RAXX_DEV", Wishes::default()),
        ("CF_WORKERS_DEPLOY_GETRAXX_COM", Wishes::default()),
        ("CF_ACCESS_SVC_STATUS", wishes(|w| w.target = Some("status.raxx.app".to_owned()))),
        ("GH_APP_QA_BOT", wishes(|w| w.target = Some("x".to_owned()))),
        ("RAPTOR_CONSOLE_SERVICE_TOKEN", service),
    ];
    for (name, wishes) in cases {
        let row = row(&registry, name, &wishes).unwrap_or_else(|error| panic!("{name}: {error}"));
        let next = parse(&format!("{original}\n{row}"));
        let token = next.token(name).unwrap();
        for dimension in ["function", "sensitivity", "consumer", "rotation"] {
            assert!(token.tag(dimension).is_some(), "{name} has no {dimension}");
        }
        assert!(token.has_companion("__EXPIRES_AT") && token.has_companion("__SCOPES"));
        let findings = rules::lint(&next, TODAY);
        let about: Vec<_> = findings.iter().filter(|finding| finding.fails() && finding.subject == name).collect();
        // A bot's folder is in a script: that one finding is what the person has to see to.
        let expected: &[&str] = if name == "GH_APP_QA_BOT" { &["R39"] } else { &[] };
        assert_eq!(about.iter().map(|finding| finding.rule.code()).collect::<Vec<_>>(), expected, "{name}: {about:#?}");
    }
}

#[test]
fn what_cannot_be_derived_is_asked_for_all_at_once() {
    let registry = parse(&text());
    let error = |name: &str, wishes: Wishes| row(&registry, name, &wishes).unwrap_err();
    assert_eq!(error("GH_READONLY", Wishes::default()), NewError::Exists("GH_READONLY".to_owned()));
    assert!(matches!(error("XY_THING", Wishes::default()), NewError::Name { .. }));
    assert!(matches!(error("CF_THING", Wishes::default()), NewError::Name { .. }));
    let NewError::Missing { flags, .. } = error("EDGE_OTHER_VALUE", Wishes::default()) else { panic!() };
    assert_eq!(
        flags,
        ["--kind", "--function", "--sensitivity", "--rotation", "--consumer", "--scope", "--target", "--path"]
    );
    let hostile = Wishes { target: Some("\"\n[[token]]\nname = \"X\"".to_owned()), ..Wishes::default() };
    let row = row(&registry, "CF_DNS_EDIT_RAXX_DEV", &hostile).unwrap();
    assert_eq!(
        parse(&format!("{}\n{row}", text())).token("CF_DNS_EDIT_RAXX_DEV").unwrap().target,
        "\"\n[[token]]\nname = \"X\""
    );
    assert_eq!(Kind::ALL.len(), 24);
}

#[test]
fn the_exported_rules_accept_every_registered_name_and_refuse_others() {
    let registry = parse(&text());
    let rules = export::infisical_rules(&registry, "project-1");
    let pattern = |folder: &str| {
        let rules = rules.as_array().unwrap();
        let rule = rules
            .iter()
            .find(|rule| rule["secretPath"] == folder.trim_end_matches('/') && rule["environment"] == "prod");
        let rule = rule.unwrap_or_else(|| panic!("no rule for {folder}"));
        assert_eq!((rule["projectId"].as_str(), rule["isActive"].as_bool()), (Some("project-1"), Some(true)));
        regex_lite::Regex::new(rule["keyConstraints"]["regexPattern"].as_str().unwrap()).unwrap()
    };
    for token in registry.tokens.iter().filter(|token| token.class != raxx_vault::registry::Class::Outside) {
        let Some(folder) = token.folder(&registry) else { continue };
        let pattern = pattern(&folder.value);
        let base = token.key.as_deref().unwrap_or(&token.name.value);
        for companion in &token.companions.value {
            let key = if companion.value.starts_with("__") {
                format!("{base}{}", companion.value)
            } else {
                companion.value.clone()
            };
            assert!(pattern.is_match(&key), "{key} in {}", folder.value);
        }
    }
    let cloudflare = pattern("/MooseQuest/cloudflare/");
    assert!(cloudflare.is_match("CLOUDFLARE_EDIT_DNS"), "an old name, until it is deleted");
    for wrong in [
        "cf_dns_edit",
        "CF_EDIT_DNS",
        "CF_DNS_EDIT__PASSWORD",
        "HK_PLATFORM_FULL",
        "CF_DNS_EDIT_",
        "XCF_DNS_EDIT",
        "CF_DNS_EDITOR",
    ] {
        assert!(!cloudflare.is_match(wrong), "{wrong}");
    }
    assert!(!pattern("/MooseQuest/raxx-dev-bot/").is_match("ANYTHING"));
}
