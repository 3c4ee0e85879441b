//! `cargo xtask deploy`: the portal and the worker, to staging or production, in the order in which nothing breaks on the way.
//!
//! The worker goes first: it admits the scripts of the new release and of those before it, so both the old page and the new one run
//! under it. When it answers, the pages go, with the files of the releases before them, so that an open tab finds what it still needs.
//! Going back runs in the other order for the same reason.

mod destination;
mod rehearsal;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::build::{self, Effort, Release};
use crate::machine::{node, rust};
use crate::smoke::{self, Age};
use crate::{process, progress, workspace};

use destination::{Destination, Environment, Step};
pub(crate) use rehearsal::begin as begin_rehearsal;

/// Where the releases that are about to be replaced are kept, below the target folder.
const EARLIER: &str = "xtask/earlier";
/// Which step of a deployment uploads the pages.
const PAGES: usize = 3;

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
    /// The address of the system that `--env rehearsal` deploys to
    #[arg(long, required_if_eq("env", "rehearsal"))]
    url: Option<String>,
    /// Go back to the release before, as after a smoke test that failed
    #[arg(long, conflicts_with_all = ["dry_run", "first"])]
    back: bool,
}

/// Runs the steps.
///
/// # Errors
/// A step failed. If the new release was already live, the one before it is again, and the error says so.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let destination = Destination::new(arguments.env, arguments.url.as_deref())?;
    if !arguments.dry_run {
        destination.require_credentials()?;
    }
    if arguments.back {
        return go_back(&destination);
    }
    if !arguments.dry_run && arguments.env != Environment::Rehearsal {
        require_clean_tree()?;
    }
    rust::prepare()?;
    node::prepare()?;
    build::portal::build(Effort::Smallest)?;
    let earlier = keep_earlier(arguments, &destination)?;
    build::edge::build(build::edge::Profile::Shipped)?;
    let release = Release::built()?;
    println!("\nrelease {} to {}", release.version, destination.name());
    progress::step("wrangler reads the configuration and the bundle", || destination.check())?;

    let version = release.version.as_str();
    let deployment =
        [destination.worker(), destination.worker_is_there(), destination.pages(&workspace::path("support-spa/dist"))];
    if arguments.dry_run {
        for step in &deployment {
            println!("  would run  {step}");
        }
        println!("  would run  cargo xtask smoke --url {} --release {version}", destination.url());
        if let Some(folder) = earlier {
            println!("\nand if one of these fails, of what was done:");
            for step in [destination.pages_back(&folder), destination.worker_back("VERSION")] {
                println!("  would run  {step}");
            }
        }
        return Ok(());
    }
    // Asked for before anything is changed: "the one before" would be another one if the deployment itself fails.
    let worker = if earlier.is_some() { Some(destination.live_worker()?) } else { None };
    let mut attempted = 0;
    let result = deployment
        .into_iter()
        .try_for_each(|step| {
            attempted += 1;
            step.run()
        })
        .and_then(|()| progress::step("smoke test", || smoke::check(destination.url(), Some(version), Age::Present)));
    let Err(error) = result else { return Ok(()) };
    let (Some(folder), Some(worker)) = (earlier, worker) else {
        return Err(error.context("the first deployment failed; there is nothing to go back to"));
    };
    let pages = (attempted >= PAGES).then(|| destination.pages_back(&folder));
    Release::read(&folder).and_then(|before| back(&destination, pages, &worker, &before)).with_context(|| {
        format!("the deployment failed ({error:#}), and so did going back: act by docs/runbook.md, \"Roll back\"")
    })?;
    Err(error.context("the deployment failed; the release before it is live again"))
}

/// Goes back to the release that the last deployment from here replaced.
fn go_back(destination: &Destination) -> Result<()> {
    const NOT_HERE: &str = "the release before is not here: only the checkout that deployed can go back. Act by docs/runbook.md, \"Roll back\"";
    let folder = earlier_folder(destination);
    let worker = destination.remembered_worker().context(NOT_HERE)?;
    let release = Release::read(&folder).context(NOT_HERE)?;
    back(destination, Some(destination.pages_back(&folder)), &worker, &release)
}

/// Brings an earlier release back: its pages where they were replaced, its worker, and a look whether it works.
fn back(destination: &Destination, pages: Option<Step>, worker: &str, release: &Release) -> Result<()> {
    pages.into_iter().chain([destination.worker_back(worker)]).try_for_each(Step::run)?;
    progress::step("smoke test", || smoke::check(destination.url(), Some(&release.version), Age::Earlier))
}

/// Each destination has its own: going back must not bring the release of another one.
fn earlier_folder(destination: &Destination) -> PathBuf {
    workspace::target().join(EARLIER).join(destination.folder())
}

/// Whether wrangler would take the built worker and the configuration of every environment.
///
/// # Errors
/// It would not; its own words were printed.
pub(crate) fn check_configuration() -> Result<()> {
    Destination::new(Environment::Staging, None)?.check()?;
    Destination::new(Environment::Production, None)?.check()
}

/// Copies the release that is live and adds its files to the one that was built. Returns the folder of the copy.
fn keep_earlier(arguments: &Arguments, destination: &Destination) -> Result<Option<PathBuf>> {
    if arguments.first {
        return Ok(None);
    }
    // What a real deployment left is still there for going back after somebody looked what the next one would do.
    let folder =
        if arguments.dry_run { workspace::target().join(EARLIER).join("dry-run") } else { earlier_folder(destination) };
    let url = destination.url();
    match (copy_live(url, &folder)?, arguments.dry_run) {
        (Live::Copied, _) => {}
        (Live::Nothing, true) => {
            progress::note(&format!("nothing is deployed at {url} yet; the real deployment needs --first"));
            return Ok(None);
        }
        (Live::Unknown, true) => {
            progress::note(&format!("{url} is out of reach from here; a real deployment stops at this point"));
            return Ok(Some(folder));
        }
        (Live::Nothing, false) => {
            bail!("nothing is deployed at {url} yet. If that is right, run the command again with --first")
        }
        (Live::Unknown, false) => bail!(NOT_COPIED),
    }
    let dist = workspace::path("support-spa/dist");
    let kept = build::carry_over(&folder, &dist)?;
    build::complete(&folder, &dist)?;
    for folder in [&folder, &dist] {
        build::portal::write_headers(folder)?;
    }
    progress::note(&format!("{kept} earlier releases stay reachable"));
    Ok(Some(folder))
}

const NOT_COPIED: &str = "the release that is live could not be copied; without its files, open tabs would break";

/// What is live somewhere.
enum Live {
    /// It is in the folder now.
    Copied,
    /// Nothing is deployed there.
    Nothing,
    /// It cannot be told; why was printed.
    Unknown,
}

fn copy_live(url: &str, folder: &Path) -> Result<Live> {
    workspace::empty(folder)?;
    let mut command = Command::new("node");
    command.arg(workspace::path("xtask/src/deploy/earlier-releases.mjs")).arg(url).arg(folder);
    let status = progress::step("the release that is live, to keep its files", || Ok(command.status()?))?;
    Ok(match status.code() {
        Some(0) => Live::Copied,
        Some(3) => Live::Nothing,
        _ => Live::Unknown,
    })
}

/// Whether wrangler deploys a worker by itself just now, and was not started by this driver, which does more than that.
pub(crate) fn is_wranglers_own() -> bool {
    let command = std::env::var("WRANGLER_COMMAND").unwrap_or_default();
    matches!(command.as_str(), "deploy" | "versions upload") && std::env::var_os(node::OURS).is_none()
}

/// Lets the worker that is about to be built admit the release that is live and those before it: where wrangler deploys it by itself, the
/// pages stay what they are.
///
/// # Errors
/// It cannot be told what is live.
pub(crate) fn admit_live(url: &str) -> Result<()> {
    let folder = workspace::target().join(EARLIER).join("wrangler");
    match copy_live(url, &folder)? {
        Live::Copied => build::carry_over(&folder, &workspace::path("support-spa/dist")).map(drop),
        Live::Nothing => Ok(()),
        Live::Unknown => bail!(NOT_COPIED),
    }
}

fn require_clean_tree() -> Result<()> {
    let mut git = Command::new("git");
    let changes = process::capture(git.args(["status", "--porcelain"]).current_dir(workspace::root()))?;
    if !changes.trim().is_empty() {
        bail!("the working tree has changes that are not committed; what is deployed must be what is reviewed");
    }
    Ok(())
}
