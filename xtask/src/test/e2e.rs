//! Journeys through the whole system in a real browser.

use std::process::Command;

use anyhow::Result;

use super::count::{Tally, counted};
use super::report::Report;
use crate::build::Effort;
use crate::machine::{browser, node};
use crate::{dev, workspace};

const PART: &str = "e2e";

pub(super) fn run(report: &mut Report, only: Option<&str>) {
    // Built here, where it can be followed: playwright starts the system out of sight.
    report.check(PART, "system builds as shipped", || dev::build(Effort::Smallest));
    report.tests(PART, "journeys", || playwright("tests/e2e/playwright.config.ts", only));
}

/// A deployment and the way back.
pub(super) fn rehearse(report: &mut Report, only: Option<&str>) {
    report.tests("rehearsal", "a deployment and the way back", || playwright("tests/e2e/rehearsal.config.ts", only));
}

fn playwright(configuration: &str, only: Option<&str>) -> Result<Tally> {
    let browser = browser::prepare()?;
    let mut command = Command::new(node::program("playwright"));
    command
        .args(["test", "--config", configuration])
        .args(only.map(|only| ["--grep", only]).into_iter().flatten())
        .current_dir(workspace::root())
        .env("CHROME_PATH", browser.program);
    counted(&mut command)
}
