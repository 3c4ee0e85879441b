//! `cargo xtask guards`: removes each guard of `tests/guards.json`, one at a time, and watches its test fail.
//!
//! A test of security proves nothing until it has been seen to fail without what it tests. The removals are made in a copy of the
//! tracked files, never in the working tree.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use serde::Deserialize;

use crate::{process, progress, workspace};

/// Arguments of `cargo xtask guards`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Only guards whose name contains this
    only: Option<String>,
    /// List the guards and their tests, as the table of tests/README.md
    #[arg(long)]
    list: bool,
}

/// A guard: what to change so that it is gone, and the test that must notice.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Guard {
    /// What it guards, as a sentence.
    name: String,
    /// Where it stands, from the repository's root.
    file: PathBuf,
    /// The lines that are the guard; they stand in the file exactly once.
    find: String,
    /// What stands there without it.
    replace: String,
    /// Arguments of `cargo`, such as `test -p raptor --test isolation`.
    test: Vec<String>,
}

/// Removes each guard and runs its test.
///
/// # Errors
/// A guard is not where the list says, does not compile without, or is not missed by its test.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let list = workspace::path("tests/guards.json");
    let guards: Vec<Guard> =
        serde_json::from_str(&fs::read_to_string(&list)?).with_context(|| workspace::shown(&list))?;
    let wanted = |guard: &&Guard| arguments.only.as_ref().is_none_or(|only| guard.name.contains(only));
    if arguments.list {
        println!("| guard | where | test |\n|---|---|---|");
        for guard in guards.iter().filter(wanted) {
            println!("| {} | `{}` | `cargo {}` |", guard.name, guard.file.display(), guard.test.join(" "));
        }
        return Ok(());
    }
    let tree = workspace::target().join("guards");
    copy_tracked_files(&tree)?;
    let mut missed = Vec::new();
    for guard in guards.iter().filter(wanted) {
        progress::step(&guard.name, || {
            if !test_fails_without(&tree, guard)? {
                missed.push(guard.name.as_str());
            }
            Ok(())
        })?;
    }
    ensure!(missed.is_empty(), "no test noticed that these were gone: {}", missed.join("; "));
    println!("every guard was missed by its test");
    Ok(())
}

/// Copies what git tracks. Files that are already the same keep their time, so that a second run compiles little.
fn copy_tracked_files(tree: &Path) -> Result<()> {
    let names = process::capture(Command::new("git").args(["ls-files", "-z"]).current_dir(workspace::root()))?;
    for name in names.split('\0').filter(|name| !name.is_empty()) {
        let (from, to) = (workspace::path(name), tree.join(name));
        let Ok(bytes) = fs::read(&from) else { continue };
        if fs::read(&to).is_ok_and(|there| there == bytes) {
            continue;
        }
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&to, bytes).with_context(|| workspace::shown(&to))?;
    }
    Ok(())
}

fn test_fails_without(tree: &Path, guard: &Guard) -> Result<bool> {
    let file = tree.join(&guard.file);
    let whole = fs::read_to_string(&file).with_context(|| format!("cannot read {}", guard.file.display()))?;
    let times = whole.matches(&guard.find).count();
    ensure!(
        times == 1,
        "{}: the guard stands there {times} times, expected once; correct tests/guards.json",
        guard.file.display()
    );
    fs::write(&file, whole.replacen(&guard.find, &guard.replace, 1))?;
    let outcome = without(tree, guard);
    fs::write(&file, whole)?;
    outcome
}

fn without(tree: &Path, guard: &Guard) -> Result<bool> {
    // A target folder of its own: cargo names what it builds after the package and not after its place, and would take what was
    // built without a guard for the real thing.
    let cargo = || {
        let mut cargo = Command::new("cargo");
        cargo.current_dir(tree).env("CARGO_TARGET_DIR", workspace::target().join("guards-build"));
        cargo
    };
    let split = guard.test.iter().position(|argument| argument == "--").unwrap_or(guard.test.len());
    let (arguments, _) = guard.test.split_at(split);
    let built = cargo().args(arguments).arg("--no-run").output()?;
    if !built.status.success() {
        bail!(
            "{} does not compile without the guard:\n{}",
            guard.file.display(),
            String::from_utf8_lossy(&built.stderr)
        );
    }
    let tested = cargo().args(&guard.test).output()?;
    let text = String::from_utf8_lossy(&tested.stdout);
    // A test that was renamed away would "fail" to be found, or pass by not being there.
    ensure!(
        !text.contains("0 passed; 0 failed") || text.contains("FAILED"),
        "`cargo {}` ran no test",
        guard.test.join(" ")
    );
    Ok(!tested.status.success())
}
