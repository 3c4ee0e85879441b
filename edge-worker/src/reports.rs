//! Reports of browsers about the Content Security Policy: read within bounds, logged without queries.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Largest body of reports, in bytes.
pub const MAX_BYTES: usize = 16 * 1024;
/// Most reports of one body that are logged.
pub const MAX_REPORTS: usize = 10;

/// What the log says about one report.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// `warn`, so that it is found.
    pub level: &'static str,
    /// `csp_report`.
    pub outcome: &'static str,
    /// `csp-violation`, `integrity-violation` and so on.
    pub kind: String,
    /// The directive that was violated.
    pub directive: String,
    /// Origin and path of what was blocked, or a word such as `inline`.
    pub blocked: String,
    /// Path of the page, its ids replaced.
    pub page: String,
    /// `enforce` or `report`.
    pub disposition: String,
}

/// Whether a content type is one in which browsers send reports.
#[must_use]
pub fn is_report_type(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    ["application/reports+json", "application/csp-report"].iter().any(|known| essence.eq_ignore_ascii_case(known))
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Body {
    Batch(Vec<Value>),
    Single(Value),
}

/// Reads reports of either form: a batch of the Reporting API, or the single object that `report-uri` sends. `None` when it is neither.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<Vec<Report>> {
    if bytes.len() > MAX_BYTES || shared::check_shape(bytes).is_err() {
        return None;
    }
    let reports: Vec<Report> = match serde_json::from_slice(bytes).ok()? {
        Body::Batch(batch) => batch.iter().take(MAX_REPORTS).filter_map(modern).collect(),
        Body::Single(value) => vec![legacy(&value)?],
    };
    (!reports.is_empty()).then_some(reports)
}

fn modern(report: &Value) -> Option<Report> {
    let body = report.get("body")?;
    Some(Report {
        level: "warn",
        outcome: "csp_report",
        kind: word(report.get("type")),
        directive: word(body.get("effectiveDirective")),
        blocked: place(body.get("blockedURL")),
        page: page(body.get("documentURL").or_else(|| report.get("url"))),
        disposition: word(body.get("disposition")),
    })
}

fn legacy(value: &Value) -> Option<Report> {
    let body = value.get("csp-report")?;
    let directive = body.get("effective-directive").or_else(|| body.get("violated-directive"));
    Some(Report {
        level: "warn",
        outcome: "csp_report",
        kind: String::from("csp-violation"),
        directive: word(directive),
        blocked: place(body.get("blocked-uri")),
        page: page(body.get("document-uri")),
        disposition: word(body.get("disposition")),
    })
}

/// A short word of letters, digits and hyphens; anything else is not repeated.
fn word(value: Option<&Value>) -> String {
    let text = value.and_then(Value::as_str).unwrap_or_default();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b' ' | b'\'');
    if text.len() <= 60 && text.bytes().all(plain) { text.to_owned() } else { String::from("other") }
}

/// A URL without user, query and fragment, cut at 200 characters.
fn place(value: Option<&Value>) -> String {
    let text = value.and_then(Value::as_str).unwrap_or_default();
    let bare = text.split(['?', '#']).next().unwrap_or_default();
    // What a `data:` or `blob:` URL carries is content.
    if let Some((scheme @ ("data" | "blob" | "javascript"), _)) = bare.split_once(':') {
        return scheme.to_owned();
    }
    let clean = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '<' | '>');
    let bare = match bare.split_once("://") {
        Some((scheme, rest)) => {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let host = authority.rsplit('@').next().unwrap_or_default();
            [scheme, "://", host, &without_ids(path)].concat()
        }
        None => without_ids(bare),
    };
    bare.chars().filter(|c| clean(*c)).take(200).collect()
}

fn page(value: Option<&Value>) -> String {
    let place = place(value);
    match place.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/").to_owned(),
        None => place,
    }
}

fn without_ids(path: &str) -> String {
    let is_id = |segment: &str| segment.len() == 29 && segment.as_bytes().get(2) == Some(&b'_');
    path.split('/').map(|segment| if is_id(segment) { "{id}" } else { segment }).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_forms_and_drops_what_is_private() {
        let modern = br#"[{"type":"csp-violation","url":"https://support.raxx.app/","body":{
            "effectiveDirective":"script-src-elem","blockedURL":"https://user:pass@evil.example/x.js?token=secret#f",
            "documentURL":"https://support.raxx.app/tickets/tk_0123456789abcdefghjkmnpqrs?q=secret",
            "disposition":"enforce","sample":"secret"}}]"#;
        let reports = read(modern).unwrap();
        assert_eq!(reports[0].blocked, "https://evil.example/x.js");
        assert_eq!(reports[0].page, "/tickets/{id}");
        assert!(!serde_json::to_string(&reports).unwrap().contains("secret"));
        let legacy = br#"{"csp-report":{"violated-directive":"img-src","blocked-uri":"data:image/png;base64,secret",
            "document-uri":"https://support.raxx.app/?secret"}}"#;
        let reports = read(legacy).unwrap();
        assert_eq!((reports[0].blocked.as_str(), reports[0].page.as_str()), ("data", "/"));
    }

    #[test]
    fn is_bounded() {
        let many = format!("[{}]", vec![r#"{"body":{}}"#; 100].join(","));
        assert_eq!(read(many.as_bytes()).unwrap().len(), MAX_REPORTS);
        assert_eq!(read(&vec![b' '; MAX_BYTES + 1]), None);
        for odd in ["", "{}", "[]", "null", "[1,2]", "{\"csp-report\"", &"[".repeat(5000)] {
            assert_eq!(read(odd.as_bytes()), None, "{odd}");
        }
        let odd = br#"[{"type":"a\nb","body":{"effectiveDirective":7,"blockedURL":"\u001b[31m"}}]"#;
        assert_eq!(read(odd).unwrap()[0].kind, "other");
        assert_eq!(read(odd).unwrap()[0].blocked, "[31m");
    }
}
