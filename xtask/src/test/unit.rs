//! Tests that run on this machine.

use std::process::Command;

use super::count::counted;
use super::report::Report;
use crate::machine::{postgres, rust};
use crate::{process, progress};

const PART: &str = "unit";

pub(super) fn run(report: &mut Report, only: Option<&str>) {
    let nextest = process::ask(Command::new("cargo").args(["nextest", "--version"])).is_some();
    if !nextest {
        progress::note("cargo-nextest is not installed; `cargo test` runs the same tests, one program after the other");
    }
    report.tests(PART, "host tests", || {
        postgres::prepare()?;
        let mut command = rust::cargo();
        if nextest {
            command.args([
                "nextest",
                "run",
                "--locked",
                "--no-fail-fast",
                "--cargo-quiet",
                "--status-level",
                "fail",
                "--final-status-level",
                "slow",
            ]);
        } else {
            command.args(["test", "--quiet", "--locked", "--no-fail-fast", "--lib", "--bins", "--tests"]);
        }
        counted(command.args(only))
    });
    if only.is_none() {
        // It waits far more than it works. Bounded: what every change has to pass, in about a minute and a half.
        report.beside(
            PART,
            "our own Raptor keeps the contract",
            &["conformance", "--examples", "10", "--max-time", "30"],
        );
    }
    report.tests(PART, "portal's prerendering", || {
        let mut command = rust::cargo();
        command.args([
            "test",
            "--quiet",
            "--locked",
            "--package",
            "support-spa",
            "--no-default-features",
            "--features",
            "ssr",
            "--no-fail-fast",
        ]);
        counted(command.args(only))
    });
    report.tests(PART, "worker's logic", || {
        let mut command = rust::cargo();
        command.args(["test", "--quiet", "--locked", "--package", "edge-worker", "--no-fail-fast"]);
        counted(command.args(only))
    });
    report.tests(PART, "examples in the documentation", || {
        counted(rust::cargo().args(["test", "--quiet", "--locked", "--doc", "--no-fail-fast"]).args(only))
    });
}
