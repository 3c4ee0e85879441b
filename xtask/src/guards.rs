//! `cargo xtask guards`: removes each guard of `tests/guards.json`, one at a time, and watches its test fail.
//!
//! A test of security proves nothing until it has been seen to fail without what it tests. The removals are made in a copy of the
//! tracked files, never in the working tree, and each test is seen to pass there first.

use std::collections::BTreeSet;
use std::fmt::Write as _;
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
    /// List the guards and their tests
    #[arg(long)]
    list: bool,
    /// Write that list into tests/README.md
    #[arg(long)]
    write: bool,
}

/// What stands before and after the table in tests/README.md.
const TABLE: (&str, &str) = ("<!-- `cargo xtask guards --write` makes this table. -->\n", "<!-- End of the table. -->");

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
/// A guard is not where the list says, does not compile without, or is not missed by its test; or a test fails with its guard in place.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let guards = read()?;
    if arguments.list {
        print!("{}", table(&guards));
        return Ok(());
    }
    let readme = workspace::path("tests/README.md");
    if arguments.write {
        return Ok(fs::write(&readme, with_table(&fs::read_to_string(&readme)?, &guards)?)?);
    }
    let only = arguments.only.as_deref().unwrap_or_default();
    let wanted: Vec<_> = guards.iter().filter(|guard| guard.name.contains(only)).collect();
    let tree = workspace::target().join("guards");
    copy_tracked_files(&tree)?;
    let tests: BTreeSet<_> = wanted.iter().map(|guard| guard.test.as_slice()).collect();
    progress::step("The tests pass with every guard in place", || {
        tests.iter().try_for_each(|test| test_passes(&tree, test))
    })?;
    let mut missed = Vec::new();
    for guard in wanted {
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

fn read() -> Result<Vec<Guard>> {
    let list = workspace::path("tests/guards.json");
    serde_json::from_str(&fs::read_to_string(&list)?).with_context(|| workspace::shown(&list))
}

fn table(guards: &[Guard]) -> String {
    let mut table = "| guard | where it stands | test |\n|---|---|---|\n".to_owned();
    for guard in guards {
        // A test that is named exactly needs no command: its name is unique in its crate.
        let test = match guard.test.iter().position(|argument| argument == "--exact") {
            Some(exact) => guard.test[exact + 1..].join(" "),
            None => format!("cargo {}", guard.test.join(" ")),
        };
        // Writing into a string cannot fail.
        let _ = writeln!(table, "| {} | `{}` | `{test}` |", guard.name, guard.file.display());
    }
    table
}

/// The text of tests/README.md with the table of these guards.
fn with_table(readme: &str, guards: &[Guard]) -> Result<String> {
    let (before, rest) = readme.split_once(TABLE.0).context("tests/README.md has lost the line before its table")?;
    let (_, after) = rest.split_once(TABLE.1).context("tests/README.md has lost the line after its table")?;
    Ok(format!("{before}{}{}{}{after}", TABLE.0, table(guards), TABLE.1))
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
    let split = guard.test.iter().position(|argument| argument == "--").unwrap_or(guard.test.len());
    let built = cargo(tree).args(&guard.test[..split]).arg("--no-run").output()?;
    if !built.status.success() {
        bail!(
            "{} does not compile without the guard:\n{}",
            guard.file.display(),
            String::from_utf8_lossy(&built.stderr)
        );
    }
    Ok(!cargo(tree).args(&guard.test).output()?.status.success())
}

/// With everything in place the test passes; one that fails anyway would "notice" whatever is removed.
fn test_passes(tree: &Path, test: &[String]) -> Result<()> {
    let tested = cargo(tree).args(test).output()?;
    let text = String::from_utf8_lossy(&tested.stdout);
    let line = test.join(" ");
    ensure!(
        tested.status.success(),
        "`cargo {line}` fails with every guard in place:\n{text}{}",
        String::from_utf8_lossy(&tested.stderr)
    );
    // One that was renamed away would never be there to fail.
    let ran = text.lines().any(|line| line.starts_with("test result: ok.") && !line.contains(" 0 passed"));
    ensure!(ran, "`cargo {line}` ran no test");
    Ok(())
}

/// A target folder of its own: cargo names what it builds after the package and not after its place, and would take what was built
/// without a guard for the real thing.
fn cargo(tree: &Path) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(tree).env("CARGO_TARGET_DIR", workspace::target().join("guards-build"));
    cargo
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_about_tests_lists_every_guard() {
        let page = fs::read_to_string(workspace::path("tests/README.md")).unwrap();
        let listed = with_table(&page, &read().unwrap()).unwrap();
        assert!(page == listed, "tests/README.md is behind tests/guards.json: run `cargo xtask guards --write`");
    }

    #[test]
    fn every_guard_stands_where_the_list_says() {
        for guard in read().unwrap() {
            let text = fs::read_to_string(workspace::path(&guard.file.display().to_string())).unwrap();
            assert_eq!(text.matches(&guard.find).count(), 1, "{}: {}", guard.file.display(), guard.name);
        }
    }
}
