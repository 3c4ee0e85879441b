//! Node and the few tools that exist only on npm.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::fingerprint::{self, Fingerprint};
use crate::{process, progress, workspace};

/// The oldest Node that wrangler and Playwright run on.
const OLDEST: u32 = 20;

/// Makes sure that Node is there and that `node_modules` is what the lock file says.
///
/// # Errors
/// Node is missing or too old, or npm fails.
pub(crate) fn prepare() -> Result<()> {
    let Some(version) = process::ask(Command::new("node").arg("--version")) else {
        bail!(
            "Node is not installed, and wrangler, esbuild and wasm-opt run on it. Install Node {OLDEST} or newer \
             (Debian: `apt install nodejs npm`, macOS: `brew install node`) and run the command again."
        );
    };
    let major: u32 = version.trim_start_matches('v').split('.').next().and_then(|text| text.parse().ok()).unwrap_or(0);
    if major < OLDEST {
        bail!(
            "Node {version} is too old for wrangler and Playwright. Install Node {OLDEST} or newer and run the command again."
        );
    }
    let digest = Fingerprint::of("npm ci 1")
        .setting("node", &version)
        .files(&workspace::path("package.json"))?
        .files(&workspace::path("package-lock.json"))?
        .finish();
    if fingerprint::is_current("npm", &digest) && workspace::path("node_modules/wrangler").is_dir() {
        return Ok(());
    }
    if process::ask(Command::new("npm").arg("--version")).is_none() {
        bail!(
            "npm is not installed (Debian keeps it apart from Node: `apt install npm`). Install it and run the command again."
        );
    }
    progress::step("wrangler, esbuild, wasm-opt and Playwright from npm", || {
        process::run_quietly(
            Command::new("npm")
                .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
                .current_dir(workspace::root()),
        )
        .context(
            "npm could not install the packages of package-lock.json. Check that the npm registry is reachable \
             (`npm ping`) and run the command again",
        )
    })?;
    fingerprint::remember("npm", &digest)
}

/// A program that npm installed, by name.
pub(crate) fn program(name: &str) -> PathBuf {
    workspace::path("node_modules/.bin").join(name)
}

/// Set for whatever wrangler runs when this driver has started it.
pub(crate) const OURS: &str = "XTASK_WRANGLER";

/// wrangler in the repository's root: it asks nothing and reports nothing.
pub(crate) fn wrangler() -> Command {
    let mut command = Command::new(program("wrangler"));
    command.current_dir(workspace::root()).env("WRANGLER_SEND_METRICS", "false").env("CI", "1").env(OURS, "1");
    command
}
