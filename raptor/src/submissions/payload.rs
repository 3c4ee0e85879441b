//! What a submission holds until it is delivered.

use serde::{Deserialize, Serialize};

/// The content of a submission.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Payload {
    /// The subject, of a new ticket.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) subject: String,
    /// The message, as it was typed.
    pub(crate) body: String,
    /// The help desk's custom fields and their values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) fields: Vec<(u64, String)>,
    /// How often files were lost on the way to here.
    #[serde(default)]
    pub(crate) files_lost: u8,
}

impl Payload {
    pub(crate) fn parse(json: &str) -> Self {
        serde_json::from_str(json).unwrap_or_else(|error| {
            tracing::error!(%error, "a submission cannot be read");
            Self::default()
        })
    }

    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}
