//! Rules for the repository's text that no compiler knows. Part of `cargo xtask test lint`.

mod commands;
mod form;
mod names;
mod places;
mod source;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::{fingerprint, process, workspace};

/// Something that does not belong.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    /// Line, from 1; 0 for the file as a whole.
    line: usize,
    /// What is wrong, and what to do.
    message: String,
}

impl Finding {
    fn new(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }
}

/// A text file of the repository.
struct File<'a> {
    /// Path from the root, with `/`.
    path: &'a str,
    /// What is in it.
    text: &'a str,
}

impl File<'_> {
    fn is_below(&self, folders: &[&str]) -> bool {
        folders.iter().any(|folder| self.path == *folder || self.path.starts_with(&format!("{folder}/")))
    }

    fn ends_with(&self, extensions: &[&str]) -> bool {
        Path::new(self.path).extension().is_some_and(|own| extensions.iter().any(|extension| own == *extension))
    }

    /// Findings for every line that contains one of the words.
    fn lines_with(&self, words: &[&str], message: &str) -> Vec<Finding> {
        let lines = self.text.lines().enumerate();
        lines
            .filter_map(|(index, line)| {
                let word = words.iter().find(|word| line.contains(**word))?;
                Some(Finding::new(index + 1, format!("`{word}`: {message}")))
            })
            .collect()
    }
}

/// Checks every file that git knows.
///
/// # Errors
/// There are findings, which were printed, or a file cannot be read.
pub(crate) fn check() -> Result<usize> {
    let mut findings = 0;
    let mut files = 0;
    for path in tracked()? {
        let Ok(bytes) = fs::read(workspace::path(&path)) else { continue };
        let Ok(text) = String::from_utf8(bytes) else { continue };
        files += 1;
        let file = File { path: &path, text: &text };
        findings += report(&path, all_rules(&file));
    }
    verdict(findings, files)
}

/// Checks what was built for customers, as it is shipped: builds for development may say where they were made.
///
/// # Errors
/// There are findings, which were printed, or nothing is built.
pub(crate) fn check_built() -> Result<usize> {
    let built = built()?;
    let mut findings = 0;
    for path in &built {
        let bytes = fs::read(path)?;
        findings += report(&workspace::shown(path), names::in_bytes(&bytes));
        findings += report(&workspace::shown(path), places::in_bytes(&bytes));
    }
    if built.is_empty() {
        bail!("nothing is built; run `cargo xtask build edge`");
    }
    verdict(findings, built.len())
}

/// The commands that the documents name, each once.
///
/// # Errors
/// git does not say which documents there are.
pub(crate) fn documented() -> Result<BTreeSet<String>> {
    let documents = tracked()?.into_iter().filter(|path| path.ends_with(".md"));
    let texts = documents.filter_map(|path| fs::read_to_string(workspace::path(&path)).ok());
    Ok(texts.flat_map(|text| commands::named(&text)).collect())
}

fn verdict(findings: usize, files: usize) -> Result<usize> {
    if findings > 0 {
        bail!("{findings} things in {files} files do not belong there; each is named above");
    }
    Ok(files)
}

fn all_rules(file: &File) -> Vec<Finding> {
    let mut findings = names::check(file);
    findings.extend(places::check(file));
    findings.extend(form::check(file));
    findings.extend(source::check(file));
    findings.extend(commands::check(file));
    findings
}

fn report(path: &str, findings: Vec<Finding>) -> usize {
    for finding in &findings {
        eprintln!("{path}:{}: {}", finding.line, finding.message);
    }
    findings.len()
}

/// Files that are committed or could be, by path from the root.
fn tracked() -> Result<Vec<String>> {
    let mut git = Command::new("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"]).current_dir(workspace::root());
    Ok(process::capture(&mut git)?.split('\0').filter(|path| !path.is_empty()).map(ToOwned::to_owned).collect())
}

/// Files that reach customers or run at the edge, if they are built.
fn built() -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for folder in ["support-spa/dist", "edge-worker/build"] {
        // Compressed siblings say the same as the files beside them.
        files.extend(
            fingerprint::files_below(&workspace::path(folder))?
                .into_iter()
                .filter(|file| file.extension().is_none_or(|extension| extension != "br")),
        );
    }
    Ok(files)
}
