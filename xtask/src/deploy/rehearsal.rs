//! A deployment on this machine: a system serves what lies in a folder, and the steps copy there instead of uploading.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::{process, workspace};

/// Lays out what is built as what is live, before the system starts.
///
/// # Errors
/// Something cannot be copied.
pub(crate) fn begin(place: &Path) -> Result<()> {
    for (from, to) in [("support-spa/dist", "site"), ("edge-worker/build", "worker")] {
        workspace::empty(&place.join(to))?;
        process::run(&mut copy(&workspace::path(from), &place.join(to)))?;
    }
    Ok(())
}

/// Where the system that is rehearsed with serves from: `cargo xtask dev --place`.
fn place() -> PathBuf {
    workspace::target().join("rehearsal/live")
}

pub(super) fn worker() -> Command {
    copy(&workspace::path("edge-worker/build"), &place().join("worker"))
}

pub(super) fn worker_back() -> Command {
    copy(&workspace::target().join("rehearsal/worker-before"), &place().join("worker"))
}

/// Nothing of what was there before stays, as with Pages: what open tabs still need has to be in the folder.
pub(super) fn pages(folder: &Path) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", "rm -rf \"$2\"/* && cp -R \"$1\"/. \"$2\"", "replace"]).arg(folder).arg(place().join("site"));
    command
}

/// # Errors
/// It cannot be copied.
pub(super) fn remember_worker() -> Result<()> {
    let before = workspace::target().join("rehearsal/worker-before");
    fs::create_dir_all(&before)?;
    process::run(&mut copy(&place().join("worker"), &before))
}

fn copy(from: &Path, to: &Path) -> Command {
    let mut command = Command::new("cp");
    command.arg("-R").arg(from.join(".")).arg(to);
    command
}
