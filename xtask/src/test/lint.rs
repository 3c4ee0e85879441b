//! What can be said of the source without running it.

use std::process::Command;

use anyhow::Result;

use super::report::Report;
use crate::machine::{python, rust};
use crate::{process, progress, tidy, workspace};

const PART: &str = "lint";
/// What finds the ways by which a workflow could give its secrets away.
const ZIZMOR: &str = "zizmor==1.32.0";

pub(super) fn run(report: &mut Report) {
    report.check(PART, "format", || cargo(&["fmt", "--all", "--check"]));
    report.check(PART, "tidy rules", || {
        let files = tidy::check()?;
        progress::note(&format!("{files} files"));
        Ok(())
    });
    // The portal's and the worker's host sides are among them: what runs at build time is linted like the rest.
    report.check(PART, "clippy, host", || {
        cargo(&["clippy", "--quiet", "--locked", "--all-targets", "--", "-D", "warnings"])
    });
    report.check(PART, "clippy, portal's prerendering", || {
        cargo(&[
            "clippy",
            "--quiet",
            "--locked",
            "--package",
            "support-spa",
            "--no-default-features",
            "--features",
            "ssr",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ])
    });
    // The tests that run on this machine need libraries that are not made for a browser, so each package names its own targets.
    report.check(PART, "clippy, browser and worker", || {
        for targets in [
            &["--package", "shared", "--lib", "--test", "golden_browser"][..],
            &["--package", "support-spa", "--lib", "--bin", "sign-in", "--bin", "portal", "--tests"],
            &["--package", "edge-worker", "--lib"],
        ] {
            let mut arguments = vec!["clippy", "--quiet", "--locked", "--target", rust::WASM];
            arguments.extend(targets);
            arguments.extend(["--", "-D", "warnings"]);
            cargo(&arguments)?;
        }
        Ok(())
    });
    report.check(PART, "names of secrets", secret_names);
    report.check(PART, "workflows", || {
        let zizmor = python::program("zizmor", ZIZMOR)?;
        process::run_quietly(
            Command::new(zizmor).args(["--offline", "--persona=pedantic"]).arg(workspace::path(".github")),
        )
    });
    report.check(PART, "documentation", || {
        process::run(rust::cargo().args(["doc", "--quiet", "--locked", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
    });
}

/// Every secret that is used is registered, and the other way round; the registry keeps its own rules.
fn secret_names() -> Result<()> {
    for arguments in [&["lint"][..], &["check", "refs", "."]] {
        let mut vault = rust::cargo();
        vault.args(["run", "--quiet", "--locked", "--package", "raxx-vault", "--"]).args(arguments);
        process::run_quietly(&mut vault)?;
    }
    Ok(())
}

fn cargo(arguments: &[&str]) -> Result<()> {
    process::run(rust::cargo().args(arguments))
}
