//! What can be said of the source without running it.

use anyhow::Result;

use super::report::Report;
use crate::machine::rust;
use crate::progress;
use crate::{process, tidy};

const PART: &str = "lint";

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
    report.check(PART, "clippy, browser and worker", || {
        cargo(&[
            "clippy",
            "--quiet",
            "--locked",
            "--target",
            rust::WASM,
            "--package",
            "shared",
            "--package",
            "support-spa",
            "--package",
            "edge-worker",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ])
    });
    report.check(PART, "documentation", || {
        process::run(rust::cargo().args(["doc", "--quiet", "--locked", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
    });
}

fn cargo(arguments: &[&str]) -> Result<()> {
    process::run(rust::cargo().args(arguments))
}
