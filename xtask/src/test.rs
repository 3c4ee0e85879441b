//! `cargo xtask test`: everything that a change has to pass, here and in CI.

mod contract;
mod count;
mod documented;
mod e2e;
mod edge;
mod failed;
mod lint;
mod report;
mod unit;

use std::time::Instant;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use crate::machine::{node, rust};
use report::Report;

/// Arguments of `cargo xtask test`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Parts to run; all but the rehearsal when none is named
    #[arg(value_enum)]
    parts: Vec<Part>,
    /// Keep only tests whose name contains this; passed on to the part's own runner
    #[arg(long, value_name = "TEXT", requires = "parts")]
    only: Option<String>,
}

/// A part of the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Format, clippy for host and wasm, documentation, tidy rules
    Lint,
    /// Tests that run on this machine
    Unit,
    /// Contract and components in a headless browser
    Contract,
    /// The worker in workerd
    Edge,
    /// The commands that the documents name
    Commands,
    /// Journeys through the whole system in a real browser
    E2e,
    /// A deployment and the way back, with customers in front of it; takes long, so it runs when it is named
    Rehearsal,
}

/// Runs the parts, all of them even when one fails, and prints what happened.
///
/// # Errors
/// The machine lacks something, or a test failed.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let start = Instant::now();
    rust::prepare()?;
    let mut report = Report::default();
    let all = [Part::Lint, Part::Unit, Part::Contract, Part::Edge, Part::Commands, Part::E2e];
    let parts = if arguments.parts.is_empty() { &all[..] } else { &arguments.parts };
    if parts.iter().any(|part| !matches!(part, Part::Lint | Part::Unit)) {
        node::prepare()?;
    }
    let only = arguments.only.as_deref();
    for part in parts {
        match part {
            Part::Lint => lint::run(&mut report),
            Part::Unit => unit::run(&mut report, only),
            Part::Contract => contract::run(&mut report, only),
            Part::Edge => edge::run(&mut report, only),
            Part::Commands => documented::run(&mut report, only),
            Part::E2e => e2e::run(&mut report, only),
            Part::Rehearsal => e2e::rehearse(&mut report, only),
        }
    }
    report.wait();
    report.print(start.elapsed());
    if report.failed() > 0 {
        bail!("{} of the checks above failed", report.failed());
    }
    Ok(())
}
