//! `cargo xtask smoke`: a running deployment, seen from outside, without an account.

use std::process::Command;

use anyhow::{Result, bail};
use clap::Args;

use crate::machine::node;
use crate::{process, workspace};

/// Arguments of `cargo xtask smoke`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The deployment's address, such as <https://support.raxx.app>
    #[arg(long)]
    url: String,
    /// The release that must be served; any when missing
    #[arg(long, value_name = "VERSION")]
    release: Option<String>,
}

/// Runs the checks of `tests/smoke/`.
///
/// # Errors
/// A check failed; each was printed.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    node::prepare()?;
    check(&arguments.url, arguments.release.as_deref(), Age::Present)
}

/// Whether what is looked at was built from this checkout.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Age {
    /// It should have been.
    Present,
    /// It is an earlier release, which may speak an earlier version of the contract.
    Earlier,
}

/// The same, for other commands.
///
/// # Errors
/// A check failed; each was printed.
pub(crate) fn check(url: &str, release: Option<&str>, age: Age) -> Result<()> {
    if !(url.starts_with("https://") || url.starts_with("http://localhost:") || url.starts_with("http://127.0.0.1:")) {
        bail!(
            "{url} is not a deployment's address: it must begin with https:// (or http://localhost: for a system on this machine)"
        );
    }
    let mut command = Command::new("node");
    command.arg(workspace::path("tests/smoke/smoke.mjs")).arg(url).args(release);
    if age == Age::Earlier {
        command.arg("--earlier");
    }
    process::run(&mut command)
}
