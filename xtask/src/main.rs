//! The one driver of this repository: dev, test, build, size, bench, conformance and deploy.

mod bench;
mod build;
mod conformance;
mod deploy;
mod dev;
mod fingerprint;
mod guards;
mod http;
mod machine;
mod process;
mod progress;
mod screens;
mod size;
mod smoke;
mod test;
mod tidy;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Everything that one does with this repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measure speed, beside others in the same run.
    Bench(bench::Arguments),
    /// Build what is shipped: the portal or the edge worker.
    Build(build::Arguments),
    /// Hold the Raptor at an address to the contract.
    Conformance(conformance::Arguments),
    /// Bring the portal and the worker to an environment.
    Deploy(deploy::Arguments),
    /// Start the whole system on this machine.
    Dev(dev::Arguments),
    /// Remove each guard and watch its test fail.
    Guards(guards::Arguments),
    /// Take pictures of every page and state.
    Screens,
    /// Measure what a customer downloads, against the budget.
    Size(size::Arguments),
    /// Look at a running deployment from outside.
    Smoke(smoke::Arguments),
    /// Run every check, or a part of them.
    Test(test::Arguments),
    /// Check the rules for the repository's text that no compiler knows.
    Tidy,
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Build(arguments) => build::run(&arguments),
        Command::Conformance(arguments) => conformance::run(&arguments),
        Command::Deploy(arguments) => deploy::run(&arguments),
        Command::Dev(arguments) => dev::run(&arguments),
        Command::Guards(arguments) => guards::run(&arguments),
        Command::Screens => screens::run(),
        Command::Size(arguments) => size::run(&arguments),
        Command::Smoke(arguments) => smoke::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Tidy => tidy::check().map(|files| progress::note(&format!("{files} files are tidy"))),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
