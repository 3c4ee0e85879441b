//! Which files of a repository are looked at, and as what.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use crate::{
    finding::{Finding, Place},
    glob,
    registry::Registry,
    rules::Rule,
};

/// Bytes of a file at most; a larger one is data, and is noted.
const FILE_LIMIT: u64 = 2 * 1024 * 1024;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileKind {
    Workflow,
    Wrangler,
    Code,
    Document,
}

/// A file that was read.
#[derive(Debug)]
pub(crate) struct File {
    /// Relative to the repository.
    pub(crate) path: PathBuf,
    pub(crate) kind: FileKind,
    pub(crate) text: String,
}

/// Reads every text file that git would keep, in the order of their paths; reports R32 on the way.
pub(crate) fn read(
    root: &Path,
    registry: &Registry,
    notes: &mut Vec<String>,
    findings: &mut Vec<Finding>,
) -> Vec<File> {
    let skip = &registry.policy.skip;
    let mut files = Vec::new();
    let walk = WalkBuilder::new(root)
        .hidden(false) // .github is hidden
        .require_git(false)
        .git_global(false) // the same answer on every machine
        .parents(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .sort_by_file_path(Ord::cmp)
        .build();
    for entry in walk {
        let Ok(entry) = entry else {
            notes.push("a folder or file could not be read and was passed over".to_owned());
            continue;
        };
        let Ok(path) = entry.path().strip_prefix(root) else { continue };
        // Links are not followed: what they point to is read where it is, or is none of the repository's.
        if !entry.file_type().is_some_and(|kind| kind.is_file()) || skip.iter().any(|skip| path.starts_with(&skip.path))
        {
            continue;
        }
        if is_env_file(path) {
            let place = Place::File { path: path.to_owned(), line: 1, column: 1 };
            let name = path.display().to_string();
            let message = format!("{name} is not ignored by git");
            findings.push(Finding::new(
                Rule::r(32),
                &name,
                place,
                message,
                "add it to .gitignore, and revoke what it holds",
            ));
        }
        let Some(kind) = kind(path) else { continue };
        if entry.metadata().map_or(true, |data| data.len() > FILE_LIMIT) {
            notes.push(format!("{} is too large and was passed over", path.display()));
            continue;
        }
        match std::fs::read(entry.path()).map(String::from_utf8) {
            Ok(Ok(text)) => files.push(File { path: path.to_owned(), kind, text }),
            _ => notes.push(format!("{} is not readable as text and was passed over", path.display())),
        }
    }
    gitignore(root, findings);
    files
}

/// R32 before there is such a file.
fn gitignore(root: &Path, findings: &mut Vec<Finding>) {
    let (rules, _) = ignore::gitignore::Gitignore::new(root.join(".gitignore"));
    for name in [".env", ".dev.vars"] {
        // `.dev.vars` only matters where there is a Worker.
        let needed = name == ".env" || root.join("wrangler.toml").is_file() || root.join("wrangler.jsonc").is_file();
        let exists = root.join(name).is_file(); // then the walk has said so
        if needed && !exists && !rules.matched(name, false).is_ignore() {
            let place = Place::File { path: ".gitignore".into(), line: 1, column: 1 };
            let message = format!("{name} would not be ignored by git");
            findings.push(Finding::new(Rule::r(32), name, place, message, "add it to .gitignore"));
        }
    }
}

fn is_env_file(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let example = [".example", ".sample", ".template"].iter().any(|end| name.ends_with(end));
    (name == ".env" || name == ".dev.vars" || name.starts_with(".env.") || name.starts_with(".dev.vars.")) && !example
}

fn kind(path: &Path) -> Option<FileKind> {
    let text = path.to_str()?.replace('\\', "/");
    let name = path.file_name()?.to_str()?;
    if glob::matches(".github/workflows/*.yml", &text) || glob::matches(".github/workflows/*.yaml", &text) {
        return Some(FileKind::Workflow);
    }
    if matches!(name, "wrangler.toml" | "wrangler.jsonc" | "wrangler.json") {
        return Some(FileKind::Wrangler);
    }
    if is_env_file(path) || matches!(name, "Dockerfile" | "Procfile" | "Makefile") {
        return Some(FileKind::Code);
    }
    match path.extension()?.to_str()? {
        "md" | "txt" | "html" => Some(FileKind::Document),
        "rs" | "py" | "ts" | "tsx" | "js" | "mjs" | "cjs" | "sh" | "tf" | "tfvars" | "toml" | "yml" | "yaml"
        | "json" | "jsonc" | "pem" | "key" | "env" | "example" | "sql" => Some(FileKind::Code),
        _ => None,
    }
}
