//! The commands. Each gives an [`Exit`]; only here is anything printed.

mod arguments;
mod check;
mod output;
mod registry_commands;
mod remote;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use arguments::{Arguments, Check, Command, Export, Migrate};
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
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return refuse(&error),
    };
    let output = Output::new(arguments.color, arguments.format);
    let exit = command(&arguments, &output).unwrap_or_else(|failure| explain(&failure, &output));
    ExitCode::from(exit as u8)
}

/// Help and version go to standard output; a mistake goes to standard error, masked, because it repeats what was given.
fn refuse(error: &clap::Error) -> ExitCode {
    let output = Output::new(output::Colour::Auto, output::Format::Human);
    if error.use_stderr() {
        output.complain(&error.render().to_string());
        return ExitCode::from(Exit::Usage as u8);
    }
    output.print(&error.render().to_string());
    ExitCode::SUCCESS
}

fn command(arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    match &arguments.command {
        Command::Lint => check::lint(arguments, output),
        Command::Check { what: Check::Refs { root } } => check::refs(arguments, output, root),
        Command::Check { what: Check::Live { project, url, timeout } } => {
            remote::live(arguments, output, project, url.as_deref(), *timeout)
        }
        Command::Verify(wanted) => remote::verify(arguments, output, wanted),
        Command::Matrix => registry_commands::matrix(arguments, output),
        Command::Checklist { name } => registry_commands::checklist(arguments, output, name),
        Command::Migrate { what: Migrate::Status } => registry_commands::migrate_status(arguments, output),
        Command::New(new) => registry_commands::new(arguments, output, new),
        Command::Export { what: Export::InfisicalRules { project } } => {
            registry_commands::infisical_rules(arguments, output, project)
        }
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
