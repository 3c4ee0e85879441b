//! A registry and a repository that break each rule once, and exactly those findings.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails, in its own functions too")]

use std::{collections::BTreeMap, path::Path};

use jiff::civil::{Date, date};
use raxx_vault::{
    finding::{Finding, Place},
    refs,
    registry::Source,
    rules::{self, Rule, Stage},
};

const TODAY: Date = date(2026, 11, 22);

/// Made at run time, so that no file of this repository looks like it holds a secret.
fn random_value() -> String {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).unwrap();
    let hexadecimal: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("1a2b{hexadecimal}")
}

fn bad_registry() -> Source {
    let text = include_str!("fixtures/bad_registry.toml").replace("@random@", &random_value());
    Source::parse("bad_registry.toml".as_ref(), &text).expect("it reads: it is only bad")
}

/// A repository that breaks the rules about repositories once each.
fn bad_repository(root: &Path) {
    let write = |path: &str, text: &str| {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write(".github/workflows/deploy.yml", "env:\n  A: ${{ secrets.CF_DNS_R36 }}\n  B: ${{ secrets.NOBODY_KNOWS }}\n"); // R38
    write("Makefile", "deploy:\n\techo $(CF_DNS_R35)\n"); // where R35 says that it is used
    write(".gitignore", "target/\n"); // R32: .env would be committed
    write(
        "docs/rotation/INDEX.md",
        "| Name | Vendor |\n|---|---|\n| OLD_R46 | Cloudflare |\n| CF_DNS_R23 | Cloudflare |\n",
    ); // R36, R49
}

fn codes(findings: &[Finding]) -> BTreeMap<String, Vec<String>> {
    let mut codes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for finding in findings {
        codes.entry(finding.rule.code()).or_default().push(format!("{}: {}", finding.subject, finding.message));
    }
    codes
}

#[test]
fn each_rule_is_broken_once_and_nothing_else_is_found() {
    let source = bad_registry();
    let lint = rules::lint(&source.registry, TODAY);
    let directory = tempfile::tempdir().unwrap();
    bad_repository(directory.path());
    let repository = refs::check(&source, directory.path(), TODAY).unwrap();
    // What both commands find is counted once, with `lint`.
    let only_repository = repository.outcome.findings.into_iter().filter(|finding| !lint.contains(finding));
    let all: Vec<Finding> = lint.iter().cloned().chain(only_repository).collect();
    let found = codes(&all);

    let mut wrong = Vec::new();
    for number in 1..=66 {
        let code = Rule::r(number).code();
        match found.get(&code).map_or(0, Vec::len) {
            1 => {}
            count => wrong.push(format!("{code} was found {count} times: {:?}", found.get(&code))),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(all.len(), 66, "{found:#?}");
}

#[test]
fn each_finding_points_at_the_entry_that_says_so() {
    let source = bad_registry();
    for finding in rules::lint(&source.registry, TODAY) {
        let Place::Registry { start, .. } = finding.place else { panic!("{finding:?}") };
        // The comment above an entry names the rule that it breaks; R63 has its comment on the line.
        let before = &source.text[..start];
        let comment = before.rfind("\n# ").map(|at| &before[at + 3..]).unwrap_or_else(|| panic!("{finding:?}"));
        let entry = comment.lines().next().unwrap();
        let line = source.text[start..].lines().next().unwrap();
        let code = finding.rule.code();
        let named = entry.split([' ', ',']).any(|word| word == code) || line.contains(&format!("# {code}"));
        let on_the_full_token = finding.rule == Rule::r(63) && finding.subject == "HK_PLATFORM_FULL";
        assert!(named || on_the_full_token, "{code} points at the entry of `{entry}`: {}", finding.message);
    }
}

#[test]
fn an_exception_needs_a_reason_and_a_finding() {
    let allow = |rule: &str, subject: &str, reason: &str| {
        format!("[[allow]]\nrule = \"{rule}\"\nsubject = \"{subject}\"\nreason = \"{reason}\"\n")
    };
    let text = [
        include_str!("fixtures/bad_registry.toml"),
        &allow("R24", "CF_WAFF_R24", "a reason"),
        &allow("R25", "AWS_BILLING_R25", " "),
        &allow("R24", "CF_DNS_R3", "a reason"),
        &allow("R99", "CF_DNS_R3", "a reason"),
        &allow("R38", "CF_DNS_R3", "another command finds this out"),
    ]
    .concat();
    let source = Source::parse("r.toml".as_ref(), &text).unwrap();
    let outcome = rules::apply_exceptions(&source.registry, rules::lint(&source.registry, TODAY), &[Stage::Registry]);
    let found = codes(&outcome.findings);
    assert_eq!(outcome.allowed, 1);
    assert!(!found.contains_key("R24"));
    assert_eq!(found["R25"].len(), 1, "an exception without a reason does not count");
    assert_eq!(found["A1"].len(), 1);
    assert_eq!(found["A2"].len(), 2, "{:?}", found["A2"]);
    assert!(outcome.findings.iter().all(|finding| finding.rule != Rule::ALLOW_WITHOUT_REASON || finding.fails()));
}

#[test]
fn a_registry_that_is_none_is_refused_with_places() {
    let parse = |text: &str| Source::parse("r.toml".as_ref(), text).unwrap_err();
    let good = include_str!("fixtures/bad_registry.toml");
    for (text, wanted) in [
        (String::new(), "missing field"),
        (good.replace("kind = \"aws\"", "kind = \"awz\""), "unknown kind"),
        (good.replacen("[[token]]\n", "[[token]]\ncolour = \"red\"\n", 1), "unknown `colour`"),
        (good.replacen("name = \"cf_dns_lower\"", "name = 7", 1), "expected"),
        (good.replacen("taxonomy_date = \"2026-05-01\"", "taxonomy_date = \"2026-13-01\"", 1), "failed to parse"),
        (format!("{good}\n[[token]\n"), ""),
        (format!("{good}\nx = {}{}", "[".repeat(100_000), "]".repeat(100_000)), "nests deeper"),
    ] {
        let error = parse(&text).to_string();
        assert!(error.contains(wanted), "{wanted:?} not in {error:?}");
    }
}
