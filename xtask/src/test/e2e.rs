//! Journeys through the whole system in a real browser.

use std::process::Command;

use super::count::counted;
use super::report::Report;
use crate::machine::{browser, node};
use crate::workspace;

const PART: &str = "e2e";

pub(super) fn run(report: &mut Report, only: Option<&str>) {
    report.tests(PART, "journeys", || {
        let browser = browser::prepare()?;
        let mut command = Command::new(node::program("playwright"));
        command
            .args(["test", "--config", "tests/e2e/playwright.config.ts"])
            .args(only.map(|only| ["--grep", only]).into_iter().flatten())
            .current_dir(workspace::root())
            .env("CHROME_PATH", browser.program);
        counted(&mut command)
    });
}
