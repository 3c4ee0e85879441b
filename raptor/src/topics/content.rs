//! Notices, and hints beside the topics, from a file of the operator's.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use shared::endpoints::desk::Notice;
use shared::{Line, Timestamp};

use crate::html::Concealed;

/// Largest file, in bytes.
const MAX_BYTES: u64 = 256 * 1024;

/// What the file holds: `{"hints": {"Billing": "…"}, "notices": [{"id": "nt_…", "kind": "incident", "title": "…", "body": "…",
/// "since": "…", "until": "…"}]}`. Read at start.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Content {
    /// Beside a topic, by its label.
    pub(super) hints: BTreeMap<String, Line<1, 300>>,
    /// The most important first.
    notices: Vec<Notice>,
}

impl Content {
    pub(super) fn load(path: &Path, concealed: &Concealed) -> Result<Self, String> {
        let size = std::fs::metadata(path)
            .map_err(|error| format!("{} cannot be read ({})", path.display(), error.kind()))?
            .len();
        if size > MAX_BYTES {
            return Err(format!("{} is larger than {MAX_BYTES} bytes", path.display()));
        }
        let text =
            std::fs::read(path).map_err(|error| format!("{} cannot be read ({})", path.display(), error.kind()))?;
        let content: Self = serde_json::from_slice(&text)
            .map_err(|error| format!("{} has not the expected form: {error}", path.display()))?;
        if let Some(text) = content.texts().find(|text| concealed.is_in(text)) {
            return Err(format!("{} names the help desk, which customers must not learn: {text:?}", path.display()));
        }
        Ok(content)
    }

    /// Everything that customers read.
    fn texts(&self) -> impl Iterator<Item = &str> {
        let notices = self.notices.iter().flat_map(|notice| [notice.title.as_str(), notice.body.as_str()]);
        self.hints.values().map(|hint| hint.as_str()).chain(notices)
    }

    /// The notices that are not over.
    pub(super) fn notices(&self, now: Timestamp) -> Vec<Notice> {
        self.notices.iter().filter(|notice| notice.until.is_none_or(|until| now < until)).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_that_is_over_is_not_shown() {
        let content: Content = serde_json::from_str(
            r#"{"notices":[
                {"id":"nt_00000000000000000000000001","kind":"incident","title":"a","body":"","since":"2026-01-01T00:00:00Z","until":"2026-01-02T00:00:00Z"},
                {"id":"nt_00000000000000000000000002","kind":"hours","title":"b","body":"","since":"2026-01-01T00:00:00Z"}]}"#,
        )
        .unwrap();
        let titles = |now: &str| -> Vec<String> {
            content
                .notices(Timestamp::parse(now).unwrap())
                .into_iter()
                .map(|notice| notice.title.into_string())
                .collect()
        };
        assert_eq!(titles("2026-01-01T12:00:00Z"), ["a", "b"]);
        assert_eq!(titles("2026-01-02T00:00:00Z"), ["b"]);
    }

    #[test]
    fn a_file_that_cannot_be_used_says_why() {
        let load = |path: &Path| Content::load(path, &Concealed::new(["Acme Desk"])).unwrap_err();
        assert!(load(Path::new("/no/such/file")).contains("/no/such/file"));
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), r#"{"hints":{"Billing":"ask ACME desk"}}"#).unwrap();
        assert!(load(file.path()).contains("names the help desk"));
        assert!(serde_json::from_str::<Content>(r#"{"notice":[]}"#).is_err());
    }
}
