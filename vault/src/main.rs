//! `raxx-vault`: the vault token taxonomy at the command line.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
