//! GitHub Actions workflows: `secrets.X`, `secrets['X']`, and what hides its use.

use super::{File, hidden_use, names::Use};
use crate::finding::Finding;

/// Given by GitHub to every run; nobody stores it.
const BUILT_IN: &str = "GITHUB_TOKEN";

pub(crate) fn uses(file: &File, findings: &mut Vec<Finding>) -> Vec<Use> {
    let mut uses = Vec::new();
    let mut offset = 0;
    for line in file.text.split_inclusive('\n') {
        if !line.trim_start().starts_with('#') {
            in_line(file, line, offset, &mut uses, findings);
        }
        offset += line.len();
    }
    uses
}

fn in_line(file: &File, line: &str, offset: usize, uses: &mut Vec<Use>, findings: &mut Vec<Finding>) {
    let spaceless: String = line.chars().filter(|character| !character.is_whitespace()).collect();
    if spaceless.starts_with("secrets:inherit") {
        findings.push(hidden_use(file, offset, "`secrets: inherit` hands over every secret"));
    }
    if spaceless.to_ascii_lowercase().contains("tojson(secrets)") {
        findings.push(hidden_use(file, offset, "`toJSON(secrets)` reads every secret"));
    }
    for (at, _) in line.match_indices("secrets") {
        // `my-secrets.x` is something else.
        let boundary =
            !line[..at].ends_with(|before: char| before.is_ascii_alphanumeric() || matches!(before, '_' | '-' | '.'));
        let rest = &line[at + "secrets".len()..];
        let name_start = if rest.starts_with('.') { 1 } else { bracket(rest).unwrap_or(0) };
        if !boundary || name_start == 0 {
            continue;
        }
        let name: String = rest[name_start..]
            .chars()
            .take_while(|character| character.is_ascii_alphanumeric() || *character == '_')
            .collect();
        // GitHub does not mind the case of a secret's name.
        let name = name.to_ascii_uppercase();
        if !name.is_empty() && name != BUILT_IN {
            uses.push(Use { name, offset: offset + at });
        }
    }
}

/// The place after `['` or `["`.
fn bracket(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('[')?;
    let trimmed = inner.trim_start();
    trimmed.starts_with(['\'', '"']).then(|| rest.len() - trimmed.len() + 1)
}
