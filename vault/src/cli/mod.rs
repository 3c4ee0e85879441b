//! The commands. Each gives an [`Exit`]; only here is anything printed.

mod arguments;
mod check;
mod output;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use arguments::{Arguments, Check, Command};
use output::Output;
use raxx_vault::{registry::RegistryError, report};

/// What a run ends with. The numbers are part of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Nothing to report.
    Clean = 0,
    /// Findings.
    Findings = 1,
    /// The command cannot be carried out as given.
    Usage = 2,
    /// Nothing is known to be wrong, and something could not be found out.
    UnknownOnly = 3,
}

/// Why a command could not be carried out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Registry(#[from] RegistryError),
    #[error(transparent)]
    Refs(#[from] raxx_vault::refs::RefsError),
    #[error("{0}")]
    Usage(String),
}

pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let output = Output::new(arguments.color, arguments.format);
    let exit = command(&arguments, &output).unwrap_or_else(|failure| explain(&failure, &output));
    ExitCode::from(exit as u8)
}

fn command(arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    match &arguments.command {
        Command::Lint => check::lint(arguments, output),
        Command::Check { what: Check::Refs { root } } => check::refs(arguments, output, root),
        Command::Explain { code } => check::explain(output, code),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "raxx-vault", &mut script);
            output.print(&String::from_utf8_lossy(&script));
            Ok(Exit::Clean)
        }
    }
}

fn explain(failure: &Failure, output: &Output) -> Exit {
    match failure {
        Failure::Registry(RegistryError::Invalid { path, text, errors }) => {
            output.complain(&report::invalid_registry(
                &path.display().to_string(),
                text,
                errors,
                output.colour_on_stderr(),
            ));
            Exit::Findings
        }
        other => {
            output.complain(&format!("error: {other}\n"));
            Exit::Usage
        }
    }
}
