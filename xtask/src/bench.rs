//! `cargo xtask bench`: how fast, beside others in the same run.

use std::process::Command;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use crate::build::{self, Effort};
use crate::machine::{node, on_path, rust};
use crate::{process, workspace};

/// Arguments of `cargo xtask bench`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// What to measure
    #[arg(value_enum)]
    what: What,
    /// Passed on to the benchmark; `-- --help` lists what it takes
    #[arg(last = true)]
    rest: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// The worker, against Hono and against nothing, in one workerd
    Edge,
}

/// Builds what is measured as it is shipped, and measures it.
///
/// # Errors
/// It does not build, or the benchmark fails.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    rust::prepare()?;
    node::prepare()?;
    match arguments.what {
        What::Edge => {
            if on_path("wrk").is_none() {
                bail!(
                    "`wrk`, which makes the load, is not installed (Debian: `apt install wrk`, macOS: `brew install wrk`)"
                );
            }
            build::portal::build(Effort::Smallest)?;
            build::edge::build(build::edge::Profile::Shipped)?;
            let mut command = Command::new("node");
            command
                .arg(workspace::path("tests/bench/edge/run.mjs"))
                .args(&arguments.rest)
                .current_dir(workspace::root());
            process::run(&mut command)
        }
    }
}
