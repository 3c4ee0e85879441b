//! A Chromium for the tests in a browser, and the driver that belongs to it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::{apt_install, can_apt, node, on_path};
use crate::{process, progress, workspace};

/// A browser and its WebDriver.
pub(crate) struct Browser {
    /// The browser's program.
    pub(crate) program: PathBuf,
    /// `chromedriver` of the same version.
    pub(crate) driver: PathBuf,
}

/// Programs that are a Chromium, in the order in which they are tried.
const BROWSERS: [&str; 6] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/// Finds a browser with its driver, or installs one and says so.
///
/// # Errors
/// There is none and none can be installed; the message says what to do.
pub(crate) fn prepare() -> Result<Browser> {
    if let Some(browser) = find() {
        return Ok(browser);
    }
    if can_apt() {
        progress::step("Chromium and its driver from Debian (none was found on this machine)", || {
            apt_install(&["chromium", "chromium-driver"])
        })?;
        return find()
            .context("Debian's chromium is installed but does not start; run `chromium --version` to see why");
    }
    if find_program().is_none() {
        progress::step("Playwright's own Chromium (no other was found on this machine)", || {
            process::run_quietly(
                Command::new(node::program("playwright"))
                    .args(["install", "chromium"])
                    .env("PLAYWRIGHT_BROWSERS_PATH", playwright_folder()),
            )
        })
        .context(
            "there is no Chromium on this machine and none could be installed. Install one (Debian: `apt install chromium \
             chromium-driver`, macOS: `brew install --cask google-chrome chromedriver`), or set CHROME_PATH and CHROMEDRIVER",
        )?;
    }
    find().context(
        "there is a Chromium but no `chromedriver` of its version. Install it (Debian: `apt install chromium-driver`, macOS: \
         `brew install --cask chromedriver`) or set CHROMEDRIVER to its path",
    )
}

fn find() -> Option<Browser> {
    Some(Browser { program: find_program()?, driver: find_driver()? })
}

fn find_program() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROME_PATH") {
        return Some(PathBuf::from(named));
    }
    BROWSERS.iter().find_map(|name| on_path(name)).or_else(playwrights_own)
}

fn find_driver() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMEDRIVER") {
        return Some(PathBuf::from(named));
    }
    ["chromedriver", "/usr/lib/chromium/chromedriver", "/usr/lib/chromium-browser/chromedriver"]
        .iter()
        .find_map(|name| on_path(name))
}

fn playwright_folder() -> PathBuf {
    workspace::target().join("tools/browsers")
}

fn playwrights_own() -> Option<PathBuf> {
    let folders = std::fs::read_dir(playwright_folder()).ok()?;
    let names = ["chrome-linux/chrome", "chrome-linux64/chrome", "chrome-mac/Chromium.app/Contents/MacOS/Chromium"];
    folders.flatten().find_map(|folder| names.iter().map(|name| folder.path().join(name)).find(|file| file.is_file()))
}

/// Writes the `webdriver.json` that the runner of browser tests reads.
///
/// # Errors
/// The file cannot be written.
pub(crate) fn webdriver_settings(browser: &Browser) -> Result<PathBuf> {
    let settings = serde_json::json!({
        "goog:chromeOptions": {
            "binary": browser.program,
            "args": ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                     "--disable-component-update", "--disable-sync"],
        }
    });
    let file = workspace::target().join("xtask/webdriver.json");
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(&file, settings.to_string()).with_context(|| format!("cannot write {}", workspace::shown(&file)))?;
    Ok(file)
}
