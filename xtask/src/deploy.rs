//! `cargo xtask deploy`: the portal and the worker, to staging or production, in the order in which nothing breaks on the way.
//!
//! The worker goes first: it admits the scripts of the new release and of those before it, so both the old page and the new one run
//! under it. Then the pages go, with the files of the releases before them, so that an open tab finds what it still needs. Going back
//! runs in the other order for the same reason.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};

use crate::build::{self, Effort, Release};
use crate::machine::{node, rust};
use crate::{process, progress, smoke, workspace};

/// Arguments of `cargo xtask deploy`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Where to
    #[arg(long, value_enum)]
    env: Environment,
    /// Build and check everything, print each step that would follow, and touch nothing; needs no credentials
    #[arg(long)]
    dry_run: bool,
    /// Nothing is deployed there yet, so there is no earlier release to keep
    #[arg(long)]
    first: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Environment {
    Staging,
    Production,
}

impl Environment {
    const fn name(self) -> &'static str {
        match self {
            Self::Staging => "staging",
            Self::Production => "production",
        }
    }

    /// Where customers, or testers, open it.
    const fn url(self) -> &'static str {
        match self {
            Self::Staging => "https://support-staging.raxx.app",
            Self::Production => "https://support.raxx.app",
        }
    }

    /// The branch of the Pages project.
    const fn branch(self) -> &'static str {
        match self {
            Self::Staging => "staging",
            Self::Production => "main",
        }
    }
}

/// The Pages project.
const PROJECT: &str = "raxx-support";
/// Deploys pages and nothing else.
const PAGES_TOKEN: &str = "CF_PAGES_DEPLOY";
/// Deploys the worker of this zone and nothing else.
const WORKER_TOKEN: &str = "CF_WORKERS_DEPLOY_RAXX_APP";

/// Runs the steps.
///
/// # Errors
/// A step failed. If the new release was already live, the one before it is again, and the error says so.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    if !arguments.dry_run {
        require_credentials()?;
        require_clean_tree()?;
    }
    rust::prepare()?;
    node::prepare()?;
    build::portal::build(Effort::Smallest)?;
    let earlier = keep_earlier(arguments)?;
    build::edge::build(build::edge::Profile::Shipped)?;
    let release = Release::built()?;
    println!("\nrelease {} to {}", release.version, arguments.env.name());

    progress::step("wrangler reads the configuration and the bundle", || read_by_wrangler(arguments.env))?;

    let version = release.version.as_str();
    let deployment = [
        ("the worker, which admits this release and those before it", WORKER_TOKEN, worker(arguments.env, &["deploy"])),
        (
            "the pages, with the files of the releases before them",
            PAGES_TOKEN,
            pages(arguments.env, &workspace::path("support-spa/dist")),
        ),
    ];
    let back = earlier.as_deref().map(|folder| {
        [
            ("back: the pages of the release before", PAGES_TOKEN, pages(arguments.env, folder)),
            (
                "back: the worker of the release before",
                WORKER_TOKEN,
                worker(arguments.env, &["rollback", "--yes", "--message", "the smoke test failed"]),
            ),
        ]
    });
    if arguments.dry_run {
        for (what, token, command) in deployment.iter().chain(back.iter().flatten()) {
            println!("  would run  {}\n             ({what}; authorised by {token})", process::line(command));
        }
        println!(
            "  would run  cargo xtask smoke --url {} --release {version}\n             (and go back as above if it fails)",
            arguments.env.url()
        );
        return Ok(());
    }
    let result = steps(deployment)
        .and_then(|()| progress::step("smoke test", || smoke::check(arguments.env.url(), Some(version))));
    let Err(error) = result else { return Ok(()) };
    let Some(back) = back else {
        return Err(error.context("the first deployment failed; there is nothing to go back to"));
    };
    steps(back).with_context(|| {
        format!("the deployment failed ({error:#}), and so did going back: act by docs/runbook.md, \"Roll back\"")
    })?;
    Err(error.context("the deployment failed; the release before it is live again"))
}

/// Whether wrangler would take the built worker and the configuration of every environment.
///
/// # Errors
/// It would not; its own words were printed.
pub(crate) fn check_configuration() -> Result<()> {
    read_by_wrangler(Environment::Staging)?;
    read_by_wrangler(Environment::Production)
}

fn read_by_wrangler(environment: Environment) -> Result<()> {
    let bundle = workspace::target().join("xtask/wrangler");
    process::run_quietly(&mut worker(environment, &["deploy", "--dry-run", "--outdir", &bundle.display().to_string()]))
}

fn steps<const N: usize>(steps: [(&str, &str, Command); N]) -> Result<()> {
    for (what, token, mut command) in steps {
        let value = std::env::var(token).with_context(|| format!("{token} is not set"))?;
        // Each step has the one token that it needs, and not the other's.
        command.env("CLOUDFLARE_API_TOKEN", value).env_remove(PAGES_TOKEN).env_remove(WORKER_TOKEN);
        progress::step(what, || process::run(&mut command))?;
    }
    Ok(())
}

fn worker(environment: Environment, arguments: &[&str]) -> Command {
    let mut command = wrangler();
    // Production is what wrangler.toml says outside its environments; naming none at all would make wrangler ask.
    let name = if environment == Environment::Production { "" } else { environment.name() };
    command.args(arguments).arg(format!("--env={name}"));
    command
}

fn pages(environment: Environment, folder: &std::path::Path) -> Command {
    let mut command = wrangler();
    command.args(["pages", "deploy"]).arg(folder).args([
        "--project-name",
        PROJECT,
        "--branch",
        environment.branch(),
        "--commit-dirty=true",
    ]);
    command
}

fn wrangler() -> Command {
    let mut command = Command::new(node::program("wrangler"));
    command.current_dir(workspace::root()).env("WRANGLER_SEND_METRICS", "false").env("CI", "1");
    command
}

/// Copies the release that is live and adds its files to the one that was built. Returns the folder of the copy.
fn keep_earlier(arguments: &Arguments) -> Result<Option<PathBuf>> {
    if arguments.first {
        return Ok(None);
    }
    let folder = workspace::target().join("xtask/earlier");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let url = arguments.env.url();
    let mut command = Command::new("node");
    command.arg(workspace::path("xtask/src/deploy/earlier-releases.mjs")).arg(url).arg(&folder);
    let status = progress::step("the release that is live, to keep its files", || Ok(command.status()?))?;
    match status.code() {
        Some(0) => {}
        _ if arguments.dry_run => {
            progress::note(&format!("{url} is out of reach from here; a real deployment stops at this point"));
            return Ok(None);
        }
        Some(3) => bail!("nothing is deployed at {url} yet. If that is right, run the command again with --first"),
        _ => bail!("the release that is live at {url} could not be copied; without its files, open tabs would break"),
    }
    let kept = build::carry_over(&folder, &workspace::path("support-spa/dist"))?;
    progress::note(&format!("{kept} earlier releases stay reachable"));
    Ok(Some(folder))
}

fn require_credentials() -> Result<()> {
    let missing: Vec<_> = [PAGES_TOKEN, WORKER_TOKEN, "CLOUDFLARE_ACCOUNT_ID"]
        .into_iter()
        .filter(|name| std::env::var_os(name).is_none_or(|value| value.is_empty()))
        .collect();
    if !missing.is_empty() {
        bail!("not set: {}. The vault has them; `--dry-run` shows every step without", missing.join(", "));
    }
    Ok(())
}

fn require_clean_tree() -> Result<()> {
    let mut git = Command::new("git");
    let changes = process::capture(git.args(["status", "--porcelain"]).current_dir(workspace::root()))?;
    if !changes.trim().is_empty() {
        bail!("the working tree has changes that are not committed; what is deployed must be what is reviewed");
    }
    Ok(())
}
