//! What a check reports.

use std::{fmt, path::PathBuf};

use crate::rules::Rule;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; never fails a run.
    Advice,
    /// Should be put right; fails a run.
    Warning,
    /// A rule of the taxonomy is broken; fails a run.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Advice => "advice",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// Where a finding is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In the registry; a byte range of its (masked) text.
    Registry {
        /// First byte.
        start: usize,
        /// The byte after the last.
        end: usize,
    },
    /// In a file of the repository, lines and columns counted from 1.
    File {
        /// Relative to the repository.
        path: PathBuf,
        /// Line.
        line: u32,
        /// Column, in characters.
        column: u32,
    },
    /// In the vault or at a vendor.
    Remote(String),
}

/// One thing that is not as the taxonomy wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that is broken.
    pub rule: Rule,
    /// How much it weighs.
    pub severity: Severity,
    /// The name it is about.
    pub subject: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Where.
    pub place: Place,
}

impl Finding {
    /// A finding in the registry, as heavy as its rule.
    pub fn in_registry(
        rule: Rule,
        subject: &str,
        span: toml_span::Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        let place = Place::Registry { start: span.start, end: span.end };
        Self::new(rule, subject, place, message, help)
    }

    /// A finding anywhere, as heavy as its rule.
    pub fn new(rule: Rule, subject: &str, place: Place, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.info().severity,
            subject: subject.to_owned(),
            message: message.into(),
            help: help.into(),
            place,
        }
    }

    /// The same finding with another weight.
    #[must_use]
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Whether it fails a run.
    pub fn fails(&self) -> bool {
        self.severity > Severity::Advice
    }
}
