//! One line of JSON for each request. It has no field for a token, an address, an e-mail, a path with ids, or a body.

use serde::Serialize;

/// What the log says about one request.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Record<'a> {
    /// `info`, or `warn` for what is not the customer's doing.
    pub level: &'static str,
    /// What happened: `served`, `not_modified`, or the code of a refusal.
    pub outcome: &'a str,
    /// More about a refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<&'a str>,
    /// Names the request everywhere.
    pub request_id: &'a str,
    /// Names the trace.
    pub trace_id: &'a str,
    /// What the customer was given to quote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<&'a str>,
    /// The method; `other` unless it is one that the contract or the site uses.
    pub method: &'static str,
    /// Template of the route, the file's path, or `unknown`.
    pub route: &'a str,
    /// The status.
    pub status: u16,
    /// The key that the token names, once it is known to be one of ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kid: Option<&'a str>,
    /// The verdict about the token came from the cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cached_verdict: Option<bool>,
    /// Milliseconds from arrival to answer.
    pub duration_ms: f64,
    /// Milliseconds until the origin had answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upstream_ms: Option<f64>,
    /// What the origin answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upstream_status: Option<u16>,
}

impl Record<'_> {
    /// The line.
    #[must_use]
    pub fn line(&self) -> String {
        // Strings and numbers only: this cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The method as the log says it: what a stranger invents is not repeated.
#[must_use]
pub fn known_method(method: &str) -> &'static str {
    ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]
        .into_iter()
        .find(|known| *known == method)
        .unwrap_or("other")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_one_line_whatever_it_says() {
        let record = Record { outcome: "served", route: "/a\n\"b\u{1b}", status: 200, ..Record::default() };
        let line = record.line();
        assert!(!line.contains(['\n', '\u{1b}']));
        let read: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(read["status"], 200);
        assert!(read.get("kid").is_none());
    }

    #[test]
    fn repeats_no_invented_method() {
        assert_eq!(known_method("GET"), "GET");
        assert_eq!(known_method("SECRET-TOKEN"), "other");
    }
}
