//! The committed registry is clean, and its exceptions and decisions are complete.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails, in its own functions too")]

use std::path::Path;

use jiff::civil::date;
use raxx_vault::{
    registry::Source,
    rules::{self, Rule, Stage},
};

fn source() -> Source {
    Source::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("registry.toml")).expect("the registry reads")
}

#[test]
fn nothing_fails_and_every_exception_is_needed() {
    let source = source();
    let findings = rules::lint(&source.registry, date(2026, 11, 22));
    let outcome = rules::apply_exceptions(&source.registry, findings, &[Stage::Registry]);
    let failing: Vec<_> = outcome.findings.iter().filter(|finding| finding.fails()).collect();
    assert!(failing.is_empty(), "{failing:#?}");
    // The exceptions from rules about repositories are for `check refs` to need.
    let offline = |code: &str| Rule::from_code(code).is_some_and(|rule| rule.info().stage == Stage::Registry);
    let wanted = source.registry.allows.iter().filter(|allow| offline(&allow.rule.value)).count();
    assert_eq!(outcome.allowed, wanted);
}

#[test]
fn every_contradiction_of_the_sources_is_decided_with_a_reason() {
    let ids: Vec<String> = source().registry.decisions.iter().map(|decision| decision.id.value.clone()).collect();
    let wanted: Vec<String> = (1..=32).map(|number| format!("X{number}")).collect();
    assert_eq!(ids, wanted);
    for decision in &source().registry.decisions {
        for text in [&decision.question, &decision.decision, &decision.reason] {
            assert!(!text.trim().is_empty(), "{}", decision.id.value);
        }
    }
}
