//! Journeys through the whole system in a real browser.

use std::collections::BTreeMap;
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use super::count::{Outcome, counted};
use super::report::Report;
use crate::build::Effort;
use crate::machine::{browser, node};
use crate::{dev, workspace};

const PART: &str = "e2e";
/// What each feature meets, and the journey in which it does; or `none: ` and why it cannot.
const FAULTS: &str = "tests/e2e/faults.json";
const FATES: [&str; 8] =
    ["ok", "slow", "4xx", "5xx", "offline", "timeout after commit", "double click", "expired token"];

pub(super) fn run(report: &mut Report, only: Option<&str>) {
    report.check(PART, "each feature meets each fault in a journey", every_fault);
    // Built here, where it can be followed: playwright starts the system out of sight.
    report.check(PART, "system builds as shipped", || dev::build(Effort::Smallest));
    report.tests(PART, "journeys", || playwright("tests/e2e/playwright.config.ts", only));
}

/// A deployment and the way back.
pub(super) fn rehearse(report: &mut Report, only: Option<&str>) {
    report.tests("rehearsal", "a deployment and the way back", || playwright("tests/e2e/rehearsal.config.ts", only));
}

/// Every feature of the list has a journey for each fate, one that is there.
fn every_fault() -> Result<()> {
    let text = std::fs::read_to_string(workspace::path(FAULTS)).with_context(|| format!("cannot read {FAULTS}"))?;
    let features: BTreeMap<String, BTreeMap<String, String>> =
        serde_json::from_str(&text).with_context(|| format!("{FAULTS} is not understood"))?;
    node::prepare()?;
    let mut command = Command::new(node::program("playwright"));
    command.args(["test", "--config", "tests/e2e/playwright.config.ts", "--list"]).current_dir(workspace::root());
    let output = command.output().context("playwright does not start")?;
    ensure!(
        output.status.success(),
        "playwright does not list the journeys: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let journeys = String::from_utf8(output.stdout)?;
    let mut faults = Vec::new();
    for (feature, meets) in &features {
        for fate in FATES {
            match meets.get(fate).map(String::as_str) {
                None => faults.push(format!("{feature}, {fate}: no journey is named")),
                Some(why) if why.starts_with("none: ") => {}
                Some(journey) if journeys.contains(journey) => {}
                Some(journey) => faults.push(format!("{feature}, {fate}: there is no journey “{journey}”")),
            }
        }
    }
    ensure!(!features.is_empty(), "{FAULTS} is empty");
    if !faults.is_empty() {
        bail!(
            "{FAULTS} and the journeys differ; write the journey, or name the one that shows it:\n{}",
            faults.join("\n")
        );
    }
    Ok(())
}

fn playwright(configuration: &str, only: Option<&str>) -> Result<Outcome> {
    let browser = browser::prepare()?;
    let mut command = Command::new(node::program("playwright"));
    command
        .args(["test", "--config", configuration])
        .args(only.map(|only| ["--grep", only]).into_iter().flatten())
        .current_dir(workspace::root())
        .env("CHROME_PATH", browser.program);
    counted(&mut command)
}
