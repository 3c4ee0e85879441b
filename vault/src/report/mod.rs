//! Findings as text for people, as JSON, and as SARIF 2.1.0.

mod human;
mod json;
mod sarif;

pub use human::{human, invalid_registry};
pub use json::json;
pub use sarif::sarif;

use crate::finding::Finding;

/// What a command found, ready to be written in any format.
#[derive(Debug, Default)]
pub struct Report {
    /// Findings, in order.
    pub findings: Vec<Finding>,
    /// How many more are covered by exceptions.
    pub allowed: usize,
    /// What could not be checked, and why.
    pub notes: Vec<String>,
}

impl Report {
    /// Whether a finding fails the run.
    pub fn fails(&self) -> bool {
        self.findings.iter().any(Finding::fails)
    }
}

/// Turns byte offsets into lines and columns, both counted from 1.
pub(crate) struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    pub(crate) fn of(text: &str) -> Self {
        Self { starts: std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect() }
    }

    pub(crate) fn place(&self, text: &str, offset: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts[line.saturating_sub(1)];
        (line, text.get(start..offset).map_or(0, |before| before.chars().count()) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn lines_and_columns_count_from_one_and_in_characters() {
        let text = "ab\né=x\n";
        let lines = Lines::of(text);
        assert_eq!(lines.place(text, 0), (1, 1));
        assert_eq!(lines.place(text, 3), (2, 1));
        assert_eq!(lines.place(text, 5), (2, 2));
        assert_eq!(lines.place(text, text.len()), (3, 1));
    }
}
