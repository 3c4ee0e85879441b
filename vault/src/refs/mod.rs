//! `check refs`: a repository against the registry, in both directions.
//!
//! Every secret name that workflows, `wrangler.toml`, code and documents use is registered; every reference that the registry
//! names for this repository is really there; no registered name is a plain variable; no value is committed. Findings give
//! a file and a line, never the text of the line.

mod documents;
mod files;
mod names;
mod workflow;
mod wrangler;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

pub(crate) use documents::runbook_name;
use files::{File, FileKind};
use names::Use;

use crate::{
    finding::{Finding, Place, Severity},
    registry::{Registry, Source},
    rules::{self, Outcome, Rule, Stage},
    secret_text,
};

/// What a look at a repository gave.
#[derive(Debug)]
pub struct RefsReport {
    /// Findings after exceptions.
    pub outcome: Outcome,
    /// Files that were read.
    pub files: usize,
    /// What could not be checked, and why.
    pub notes: Vec<String>,
}

/// Why a repository could not be looked at.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RefsError {
    /// The folder is not there.
    #[error("{} is not a folder: give the root of a repository", .0.display())]
    NotAFolder(PathBuf),
}

/// Everything known about names while files are read.
pub(crate) struct Known {
    /// Every name of every token, with the token's own.
    names: BTreeMap<String, String>,
    /// Old names of renames and unexplained ones: known, not current.
    old: BTreeSet<String>,
    /// Names that are no secrets of ours.
    ignored: BTreeSet<String>,
}

impl Known {
    fn new(registry: &Registry) -> Self {
        let mut names = BTreeMap::new();
        for token in &registry.tokens {
            for name in token.names() {
                names.entry(name).or_insert_with(|| token.name.value.clone());
            }
        }
        let old = registry.renames.iter().map(|rename| rename.old.value.clone());
        let unmapped = registry.unmapped.iter().map(|unmapped| unmapped.name.value.clone());
        let ignored = registry.ignores.iter().map(|ignore| ignore.name.clone()).collect();
        Self { names, old: old.chain(unmapped).collect(), ignored }
    }

    /// Whether the name may be used.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.is_current(name) || self.old.contains(name) || self.ignored.contains(name)
    }

    /// Whether it is the name of a registered secret or of a part of one.
    pub(crate) fn is_current(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }
}

/// Looks at the repository at `root`.
///
/// # Errors
/// [`RefsError::NotAFolder`].
pub fn check(source: &Source, root: &Path, today: jiff::civil::Date) -> Result<RefsReport, RefsError> {
    if !root.is_dir() {
        return Err(RefsError::NotAFolder(root.to_owned()));
    }
    let registry = &source.registry;
    let known = Known::new(registry);
    let mut notes = Vec::new();
    let mut findings = Vec::new();
    let mut used: BTreeMap<String, BTreeSet<PathBuf>> = BTreeMap::new();
    let files = files::read(root, registry, &mut notes, &mut findings);

    for file in &files {
        let uses = match file.kind {
            FileKind::Workflow => workflow::uses(file, &mut findings),
            FileKind::Wrangler => wrangler::uses(file, &known, &mut findings, &mut notes),
            FileKind::Code => names::in_code(file, &known),
            FileKind::Document => names::in_document(file, &known),
        };
        unregistered(file, &uses, &known, &mut findings);
        client_side(file, registry, &known, &mut findings);
        committed_values(file, &known, &mut findings);
        for Use { name, .. } in uses {
            used.entry(name).or_default().insert(file.path.clone());
        }
    }
    references(registry, root, &used, &mut findings);
    documents::check(registry, root, &mut findings, &mut notes);

    // The registry's own findings are not repeated here; they only tell which exceptions are needed.
    let of_both = |finding: &Finding| finding.rule.info().stage == Stage::RegistryAndRepository;
    let own: Vec<Finding> = rules::lint(registry, today).into_iter().filter(of_both).collect();
    findings.extend(own);
    let outcome = rules::apply_exceptions(registry, findings, &[Stage::Repository, Stage::RegistryAndRepository]);
    Ok(RefsReport { outcome, files: files.len(), notes })
}

/// R38.
fn unregistered(file: &File, uses: &[Use], known: &Known, findings: &mut Vec<Finding>) {
    let mut reported = BTreeSet::new();
    for Use { name, offset } in uses {
        if known.has(name) || !reported.insert(name) {
            continue;
        }
        let message = format!("`{name}` is used and not registered");
        let help = format!("register it (`raxx-vault new`), or say in an [[ignore]] why `{name}` is no secret of ours");
        findings.push(Finding::new(Rule::r(38), name, file.place(*offset), message, help));
    }
}

/// R53.
fn client_side(file: &File, registry: &Registry, known: &Known, findings: &mut Vec<Finding>) {
    if !registry.policy.client_side.iter().any(|place| file.path.starts_with(place)) {
        return;
    }
    let mut reported = BTreeSet::new();
    for (name, range) in names::words(&file.text) {
        if known.is_current(name) && reported.insert(name) {
            let message = format!("`{name}` is named in a file that a client can read");
            let help = "a server-side secret has no business there";
            findings.push(Finding::new(Rule::r(53), name, file.place(range.start), message, help));
        }
    }
}

/// R60.
fn committed_values(file: &File, known: &Known, findings: &mut Vec<Finding>) {
    let path = file.path.display().to_string();
    let help = "take it out, revoke it (it is in the history), and say in an [[allow]] why if it is no secret";
    for secret in secret_text::vendor_keys(&file.text) {
        let message = format!("this looks like {}", secret.looks_like);
        findings.push(Finding::new(Rule::r(60), &path, file.place(secret.range.start), message, help));
    }
    for (name, range) in names::words(&file.text) {
        if known.is_current(name) && names::is_assigned_a_value(&file.text[range.end..]) {
            let message = format!("`{name}` seems to be given its value here");
            findings.push(Finding::new(Rule::r(60), &path, file.place(range.start), message, help));
        }
    }
}

/// R34 in the direction from the registry to the repository.
fn references(
    registry: &Registry,
    root: &Path,
    used: &BTreeMap<String, BTreeSet<PathBuf>>,
    findings: &mut Vec<Finding>,
) {
    for token in &registry.tokens {
        for reference in &token.references {
            let place = Path::new(&reference.value);
            if registry.policy.client_side.iter().any(|client| place.starts_with(client)) {
                continue; // R53 says that it must not be there
            }
            let is_used = token
                .names()
                .iter()
                .filter_map(|name| used.get(name))
                .any(|paths| paths.iter().any(|path| path.starts_with(place)));
            if !is_used {
                let reason = if root.join(place).exists() { "does not use it" } else { "is not there" };
                let message =
                    format!("`{}` is said to be used in {}, which {reason}", token.name.value, reference.value);
                let help = "name the file that uses it, or take the reference away";
                findings.push(Finding::in_registry(Rule::r(34), &token.name.value, reference.span, message, help));
            }
        }
    }
}

/// A finding about something that hides what is used: worth a warning, not an error.
pub(crate) fn hidden_use(file: &File, offset: usize, message: &str) -> Finding {
    let help = "name each secret: nobody can tell from here which ones are used";
    let path = file.path.display().to_string();
    Finding::new(Rule::r(38), &path, file.place(offset), message, help).with_severity(Severity::Warning)
}

impl File {
    /// Where an offset is, for people.
    pub(crate) fn place(&self, offset: usize) -> Place {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let count = |text: &str, what: char| u32::try_from(text.matches(what).count()).unwrap_or(u32::MAX - 1) + 1;
        let column = u32::try_from(before[line_start..].chars().count()).unwrap_or(u32::MAX - 1) + 1;
        Place::File { path: self.path.clone(), line: count(before, '\n'), column }
    }
}
