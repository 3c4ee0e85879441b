//! `cargo xtask bench`: how fast, beside others in the same run.

use std::process::Command;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use crate::build::{self, Effort};
use crate::machine::{browser, node, on_path, rust};
use crate::{process, workspace};

/// Arguments of `cargo xtask bench`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// What to measure
    #[arg(value_enum)]
    what: What,
    /// Passed on to the benchmark: `-- --help` lists what it takes; for Raptor `-- throughput`, `refusals` or `memory`
    #[arg(last = true)]
    rest: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// The worker, against Hono and against nothing, in one workerd
    Edge,
    /// The portal in a browser, by Lighthouse, against an equivalent in React
    Spa,
    /// Raptor: speed, cost for the help desk, memory, and the time of refusals
    Raptor,
}

/// Builds what is measured as it is shipped, and measures it.
///
/// # Errors
/// It does not build, or the benchmark fails.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    rust::prepare()?;
    if !matches!(arguments.what, What::Raptor) {
        node::prepare()?;
    }
    let script = match arguments.what {
        What::Raptor => {
            let mut command = rust::cargo();
            command.args(["bench", "--quiet", "--locked", "--package", "raptor", "--bench", "load", "--"]);
            return process::run(command.args(&arguments.rest));
        }
        What::Edge => {
            if on_path("wrk").is_none() {
                bail!(
                    "`wrk`, which makes the load, is not installed (Debian: `apt install wrk`, macOS: `brew install wrk`)"
                );
            }
            build::portal::build(Effort::Smallest)?;
            build::edge::build(build::edge::Profile::Shipped)?;
            "tests/bench/edge/run.mjs"
        }
        What::Spa => {
            build::portal::build(Effort::Smallest)?;
            "tests/bench/spa/run.mjs"
        }
    };
    let mut command = Command::new("node");
    if let What::Spa = arguments.what {
        command.env("CHROME_PATH", browser::prepare()?.program);
    }
    command.arg(workspace::path(script)).args(&arguments.rest).current_dir(workspace::root());
    process::run(&mut command)
}
