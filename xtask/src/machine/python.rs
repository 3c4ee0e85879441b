//! Tools that exist only as Python packages, each in an environment of its own below the target folder.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::{process, progress, workspace};

/// A program of a Python package, installed on first use.
///
/// # Errors
/// Python is missing, or the package cannot be installed.
pub(crate) fn program(name: &str, requirement: &str) -> Result<PathBuf> {
    let folder = workspace::target().join("tools").join(requirement.replace("==", "-"));
    let program = folder.join("bin").join(name);
    if program.is_file() {
        return Ok(program);
    }
    progress::step(&format!("{requirement} from the Python package index"), || {
        process::run_quietly(Command::new("python3").args(["-m", "venv"]).arg(&folder))
            .context("Python with its `venv` module is missing (Debian: `apt install python3-venv`)")?;
        process::run_quietly(Command::new(folder.join("bin/pip")).args(["install", "--quiet", requirement]))
    })?;
    Ok(program)
}
