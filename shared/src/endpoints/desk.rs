//! What the team offers: topics and notices.

use serde::{Deserialize, Serialize};

use crate::body::json_responses;
use crate::bounded::{Line, List, Text};
use crate::endpoint::endpoint;
use crate::id::{FieldId, NoticeId, TopicId};
use crate::timestamp::Timestamp;
use crate::words::word_enum;

endpoint! {
    /// Lists the topics of the new-ticket form.
    ListTopics = "listTopics": Get "/api/v1/support/topics", Bearer, Read => 200, response Topics;
    "The topics of the new-ticket form, and the fields of each."
}

endpoint! {
    /// Lists what everybody should know.
    ListNotices = "listNotices": Get "/api/v1/support/notices", Public, Read => 200, response Notices;
    "Incidents and hours that customers should know of before they write."
}

/// The topics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Topics {
    /// In the order in which they are shown.
    pub items: List<Topic, 30>,
}

/// A topic of the new-ticket form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Topic {
    /// Opaque id.
    pub id: TopicId,
    /// What it is called.
    pub label: Line<1, 80>,
    /// What helps the team to help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Line<1, 300>>,
    /// What to ask for beside the message.
    pub fields: List<Field, 20>,
}

word_enum! {
    /// How a field is filled in.
    FieldKind {
        /// One line.
        Line = "line",
        /// Several lines.
        Text = "text",
        /// One of the options.
        Choice = "choice",
        /// A date, `YYYY-MM-DD`.
        Date = "date",
        /// A whole number.
        Number = "number",
    }
}

/// A field of a topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Field {
    /// Opaque id.
    pub id: FieldId,
    /// What it is called.
    pub label: Line<1, 80>,
    /// How it is filled in.
    pub kind: FieldKind,
    /// It must be filled in.
    pub required: bool,
    /// With [`FieldKind::Choice`]: what can be chosen.
    pub options: List<FieldOption, 100>,
}

/// What can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FieldOption {
    /// What is sent.
    pub value: Line<1, 80>,
    /// What is shown.
    pub label: Line<1, 120>,
}

/// The notices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Notices {
    /// The most important first.
    pub items: List<Notice, 10>,
}

word_enum! {
    /// What kind of notice it is.
    NoticeKind {
        /// Something is broken, and we know.
        Incident = "incident",
        /// Work that was announced.
        Maintenance = "maintenance",
        /// The team answers later than usual.
        Hours = "hours",
    }
}

/// Something that customers should know before they write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Notice {
    /// Opaque id.
    pub id: NoticeId,
    /// What kind.
    pub kind: NoticeKind,
    /// In a few words.
    pub title: Line<1, 120>,
    /// In a few sentences.
    pub body: Text<0, 1000>,
    /// Since when.
    pub since: Timestamp,
    /// Until when, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

json_responses! {
    Topics: 128 * 1024;
    Notices: 32 * 1024;
}
