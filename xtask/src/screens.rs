//! `cargo xtask screens`: pictures of every page and state, for people to look at.

use std::process::Command;

use anyhow::Result;

use crate::machine::{browser, node, rust};
use crate::process;
use crate::workspace;

/// Starts the system as for the journeys, and writes `docs/screens/*.png`.
///
/// # Errors
/// The machine lacks something, or a page could not be brought into a state.
pub(crate) fn run() -> Result<()> {
    rust::prepare()?;
    node::prepare()?;
    let browser = browser::prepare()?;
    let mut command = Command::new(node::program("playwright"));
    command.args(["test", "--config", "docs/screens/playwright.config.ts"]).current_dir(workspace::root());
    process::run(command.env("CHROME_PATH", browser.program))
}
