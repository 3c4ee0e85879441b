//! `cargo xtask conformance`: any Raptor, by address, against the contract; first with our own cases, then with schemathesis.

use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::machine::{python, rust};
use crate::{process, progress, workspace};

/// The version that the options below belong to.
const SCHEMATHESIS: &str = "schemathesis==4.32.5";

/// Arguments of `cargo xtask conformance`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Where the Raptor, or the edge before it, answers
    #[arg(long)]
    url: String,
    /// A customer's session token
    #[arg(long, env = "CONFORMANCE_TOKEN", hide_env_values = true, conflicts_with = "enrol")]
    token: Option<String>,
    /// Make demo customers first; needs demo enrolment switched on at that address
    #[arg(long)]
    enrol: bool,
    /// With --enrol: the origin that passkeys are expected from
    #[arg(long, value_name = "URL", default_value = "http://localhost:8787")]
    origin: String,
    /// Examples that schemathesis makes for each route
    #[arg(long, value_name = "COUNT", default_value_t = 25)]
    examples: u32,
    /// Only our own cases
    #[arg(long)]
    without_schemathesis: bool,
}

/// Runs both, and says which did not pass.
///
/// # Errors
/// The Raptor does not conform, or cannot be tried.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let program = rust::built("conformance", "conformance")?;
    let mut own = Command::new(&program);
    own.args(["--url", &arguments.url]);
    if arguments.enrol {
        own.args(["--enrol", "--origin", &arguments.origin]);
    }
    if let Some(token) = &arguments.token {
        // Not as an argument: other users of the machine can read those.
        own.env("CONFORMANCE_TOKEN", token);
    }
    let own = process::run(&mut own);
    if arguments.without_schemathesis {
        return own;
    }
    let generated = generated_requests(arguments, &program);
    match (own, generated) {
        (Ok(()), Ok(())) => Ok(()),
        (own, generated) => {
            let failures: Vec<_> =
                [own.err(), generated.err()].into_iter().flatten().map(|error| format!("{error:#}")).collect();
            bail!("{} does not conform: {}", arguments.url, failures.join("; "))
        }
    }
}

fn generated_requests(arguments: &Arguments, program: &std::path::Path) -> Result<()> {
    let schemathesis = python::program("schemathesis", SCHEMATHESIS)?;
    let token = match &arguments.token {
        Some(token) => Some(token.clone()),
        None if arguments.enrol => {
            let mut enrol = Command::new(program);
            enrol.args(["--url", &arguments.url, "--enrol", "--origin", &arguments.origin, "--print-token"]);
            Some(process::capture(&mut enrol).context("cannot make a customer for schemathesis")?.trim().to_owned())
        }
        None => None,
    };
    let mut command = Command::new(schemathesis);
    command
        .arg("run")
        .arg(workspace::path("shared/openapi.json"))
        .args(["--url", &arguments.url, "--checks", "all", "--max-examples", &arguments.examples.to_string()])
        // The same requests every time; a stream of events has no end.
        .args(["--seed", "1", "--workers", "1", "--request-timeout", "20", "--exclude-path", "/api/v1/support/events"])
        // A limiter that refuses is waited for.
        .args(["--rate-limit", "auto", "--continue-on-failure"])
        .current_dir(workspace::target());
    if let Some(token) = token {
        command.args(["--header", &format!("Authorization: Bearer {token}")]);
    }
    progress::step("schemathesis over shared/openapi.json", || process::run(&mut command))
}
