//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use jiff::civil::Date;

use super::output::{Colour, Format};

/// The vault token taxonomy: registry, rules, live checks and rotation.
///
/// Exit codes: 0 clean, 1 findings, 2 usage, 3 nothing wrong but something unknown.
#[derive(Debug, Parser)]
#[command(name = "raxx-vault", version)]
pub(crate) struct Arguments {
    /// The registry; by default registry.toml or vault/registry.toml, here or further up
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) registry: Option<PathBuf>,

    /// How findings are written
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,

    /// When to use colour; auto means on a terminal, and not if NO_COLOR is set
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto)]
    pub(crate) color: Colour,

    /// The day that counts as today, YYYY-MM-DD
    #[arg(long, global = true, value_name = "DAY")]
    pub(crate) today: Option<Date>,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Checks the registry against the rules, offline
    Lint,
    /// Checks a repository or the live vault against the registry
    Check {
        #[command(subcommand)]
        what: Check,
    },
    /// Says what a rule wants and where it comes from
    Explain {
        /// The rule's code, such as R38
        code: String,
    },
    /// Prints a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Check {
    /// Every secret name that a repository uses is registered, and the other way round
    Refs {
        /// The root of the repository
        #[arg(default_value = ".")]
        root: PathBuf,
    },
}

impl Arguments {
    /// The day that counts as today.
    pub(crate) fn today(&self) -> Date {
        self.today.unwrap_or_else(|| jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date())
    }
}
