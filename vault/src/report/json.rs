//! Findings as JSON.

use serde_json::{Value, json};

use super::{Lines, Report};
use crate::{finding::Place, registry::Source};

/// The report as one JSON document: `version` (1), `findings`, `allowed` (a count) and `notes`.
///
/// Each finding has `code`, `slug`, `severity` (`error`, `warning`, `advice`), `subject`, `message`, `help`, `source` (of the
/// rule) and `place`: either `path`, `line` and `column` (from 1), or `remote`.
pub fn json(report: &Report, source: &Source) -> Value {
    let lines = Lines::of(&source.text);
    let findings: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| {
            let info = finding.rule.info();
            let place = match &finding.place {
                Place::Registry { start, .. } => {
                    let (line, column) = lines.place(&source.text, *start);
                    json!({ "path": source.path.display().to_string(), "line": line, "column": column })
                }
                Place::File { path, line, column } => {
                    json!({ "path": path.display().to_string(), "line": line, "column": column })
                }
                Place::Remote(place) => json!({ "remote": place }),
            };
            json!({
                "code": finding.rule.code(),
                "slug": info.slug,
                "severity": finding.severity.to_string(),
                "subject": finding.subject,
                "message": finding.message,
                "help": finding.help,
                "source": info.source,
                "place": place,
            })
        })
        .collect();
    json!({ "version": 1, "findings": findings, "allowed": report.allowed, "notes": report.notes })
}
