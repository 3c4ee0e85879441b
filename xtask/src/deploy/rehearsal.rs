//! A deployment on this machine: a system serves what lies in a folder, and the steps copy there instead of uploading.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

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
    let file = workspace::path("wrangler.toml");
    let configuration =
        fs::read_to_string(&file).with_context(|| format!("cannot read {}", workspace::shown(&file)))?;
    fs::write(place.join("wrangler.toml"), for_a_copy(&configuration)?)
        .context("cannot write the rehearsal's wrangler.toml")
}

/// The configuration of a worker that is not built but put into `worker/`: where wrangler runs a build itself, it does not notice that the
/// worker has become another one.
fn for_a_copy(configuration: &str) -> Result<String> {
    let mut copy = String::with_capacity(configuration.len());
    let (mut section, mut found) = ("", false);
    for line in configuration.lines() {
        if line.starts_with('[') {
            section = line;
        }
        if section == "[build]" || section.ends_with(".build]") {
            continue;
        }
        let is_main = section.is_empty() && line.starts_with("main = ");
        found |= is_main;
        copy.push_str(if is_main { "main = \"worker/index.js\"" } else { line });
        copy.push('\n');
    }
    ensure!(found, "wrangler.toml does not say where the worker is (`main`)");
    Ok(copy)
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

#[cfg(test)]
mod tests {
    use super::for_a_copy;

    #[test]
    fn the_copy_is_served_from_its_folder_and_not_built() {
        let told = "name = \"edge\"\nmain = \"built/index.js\"\n\n[build]\ncommand = \"make\"\n\n[env.dev.build]\ncommand = \"make\"\n\n[vars]\nmain = \"x\"\n";
        let copy = for_a_copy(told).unwrap();
        assert_eq!(copy, "name = \"edge\"\nmain = \"worker/index.js\"\n\n[vars]\nmain = \"x\"\n");
        assert!(for_a_copy("name = \"edge\"\n").is_err());
    }
}
