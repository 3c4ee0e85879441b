//! Findings as SARIF 2.1.0, which code hosts show beside the lines.

use serde_json::{Value, json};

use super::{Lines, Report};
use crate::{
    finding::{Place, Severity},
    registry::Source,
    rules::Rule,
};

/// The report as a SARIF 2.1.0 log with one run.
pub fn sarif(report: &Report, source: &Source) -> Value {
    let lines = Lines::of(&source.text);
    let rules: Vec<Value> = Rule::all()
        .map(|rule| {
            let info = rule.info();
            json!({
                "id": rule.code(),
                "name": info.slug,
                "shortDescription": { "text": info.title },
                "help": { "text": format!("Source: {}", info.source) },
                "defaultConfiguration": { "level": level(info.severity) },
            })
        })
        .collect();
    let results: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| {
            let location = match &finding.place {
                Place::Registry { start, end } => {
                    let (line, column) = lines.place(&source.text, *start);
                    let (end_line, end_column) = lines.place(&source.text, *end);
                    physical(
                        &source.path.display().to_string(),
                        &json!({ "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column }),
                    )
                }
                Place::File { path, line, column } => {
                    physical(&path.display().to_string(), &json!({ "startLine": line, "startColumn": column }))
                }
                Place::Remote(place) => json!({ "logicalLocations": [{ "fullyQualifiedName": place }] }),
            };
            json!({
                "ruleId": finding.rule.code(),
                "level": level(finding.severity),
                "message": { "text": format!("{}: {}", finding.message, finding.help) },
                "locations": [location],
                // Stable as long as the finding is the same one, wherever its line moves to.
                "partialFingerprints": { "ruleAndSubject/v1": format!("{}/{}", finding.rule, finding.subject) },
            })
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "raxx-vault", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn physical(path: &str, region: &Value) -> Value {
    // A SARIF address is a URI: separators are slashes, whatever the system.
    let uri = path.replace('\\', "/").replace('%', "%25").replace(' ', "%20");
    json!({ "physicalLocation": { "artifactLocation": { "uri": uri }, "region": region } })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    }
}
