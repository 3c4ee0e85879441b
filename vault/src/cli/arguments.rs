//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use jiff::civil::Date;

use super::output::{Colour, Format};
use raxx_vault::registry::Kind;

/// The vault token taxonomy: registry, rules, live checks and rotation.
///
/// Exit codes: 0 clean, 1 findings, 2 usage, 3 nothing wrong but something unknown.
#[derive(Debug, Parser)]
#[command(name = "raxx-vault", version)]
pub(crate) struct Arguments {
    /// The registry; by default registry.toml or vault/registry.toml, here or further up
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) registry: Option<PathBuf>,

    /// How findings are written; sarif is for lint and check
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
    /// Asks vendors whether credentials are alive and are what the registry says; values come from the environment
    Verify(Verify),
    /// Prints the rotation matrix, with what is due and overdue
    Matrix,
    /// Prints the provisioning steps of a token
    Checklist {
        /// The token
        name: String,
    },
    /// Follows the renames
    Migrate {
        #[command(subcommand)]
        what: Migrate,
    },
    /// Registers a token with all companions and tags; asks for nothing that can be derived
    New(New),
    /// Prints the registry in other systems' formats
    Export {
        #[command(subcommand)]
        what: Export,
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
    /// The vault's folders, secrets, tags and environments; the identity comes from INFISICAL_UNIVERSAL_AUTH_CLIENT_ID and
    /// INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET, a gate's token from CF_ACCESS_CLIENT_ID and CF_ACCESS_CLIENT_SECRET
    Live {
        /// The Infisical project
        #[arg(long, env = "INFISICAL_PROJECT_ID", value_name = "ID")]
        project: String,
        /// The vault's address, if not the registry's
        #[arg(long, value_name = "URL")]
        url: Option<String>,
        /// Seconds that one call may take
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=600))]
        timeout: u64,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Tokens; by default every one that the environment holds a value for
    pub(crate) names: Vec<String>,
    /// The Cloudflare account, which account-owned tokens are verified with
    #[arg(long, env = "CLOUDFLARE_ACCOUNT_ID", value_name = "ID")]
    pub(crate) cloudflare_account: Option<String>,
    /// The Infisical project
    #[arg(long, env = "INFISICAL_PROJECT_ID", value_name = "ID")]
    pub(crate) infisical_project: Option<String>,
    /// Asks another address instead of a vendor's: CF, HK, PM, AWS, ANT, GH, STR, ALP_PAPER, ALP_LIVE, INF, SL, DH, CF_ACCESS
    #[arg(long, value_name = "KEY=URL")]
    pub(crate) base_url: Vec<String>,
    /// Seconds that one call may take
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(crate) timeout: u64,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Migrate {
    /// The state, next step and deadline of each rename
    Status,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Export {
    /// Bodies of Infisical's secret validation rules
    InfisicalRules {
        /// The Infisical project
        #[arg(long, env = "INFISICAL_PROJECT_ID", value_name = "ID", default_value = "<project>")]
        project: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct New {
    /// Its name
    pub(crate) name: String,
    /// Its kind, where the name does not say it
    #[arg(long)]
    pub(crate) kind: Option<Kind>,
    /// A consumer; the first one is paged
    #[arg(long = "consumer", value_name = "CONSUMER")]
    pub(crate) consumers: Vec<String>,
    /// A vendor scope, spelled as the vendor does
    #[arg(long = "scope", value_name = "SCOPE")]
    pub(crate) scopes: Vec<String>,
    /// Its sensitivity
    #[arg(long)]
    pub(crate) sensitivity: Option<String>,
    /// Its cadence
    #[arg(long)]
    pub(crate) rotation: Option<String>,
    /// What it acts on
    #[arg(long)]
    pub(crate) target: Option<String>,
    /// The two ends of a service pair: caller,service
    #[arg(long, value_delimiter = ',')]
    pub(crate) pair: Vec<String>,
    /// Its folder, for an internal secret
    #[arg(long)]
    pub(crate) path: Option<String>,
    /// Its function tag, for an internal secret
    #[arg(long)]
    pub(crate) function: Option<String>,
    /// The IAM user, at AWS
    #[arg(long)]
    pub(crate) principal: Option<String>,
    /// Prints the row instead of adding it
    #[arg(long)]
    pub(crate) dry_run: bool,
}

impl Arguments {
    /// The day that counts as today.
    pub(crate) fn today(&self) -> Date {
        self.today.unwrap_or_else(|| jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date())
    }
}
