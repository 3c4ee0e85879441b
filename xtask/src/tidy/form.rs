//! How a text file looks: no trailing blanks, a newline at the end, a length that a reader can hold.

use super::{File, Finding};

/// Lines after which a source file is two things.
const LONGEST: usize = 400;

pub(super) fn check(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    // Recorded traffic, lock files and what programs generate are kept as they came.
    if !file.ends_with(&["rs", "toml", "ts", "js", "mjs", "css", "html", "sql", "md", "yml"])
        || file.is_below(&["tests/edge/fixtures"])
    {
        return findings;
    }
    for (index, line) in file.text.lines().enumerate() {
        if line.ends_with([' ', '\t']) {
            findings.push(Finding::new(index + 1, "ends in blanks"));
        }
    }
    if !file.text.is_empty() && !file.text.ends_with('\n') {
        findings.push(Finding::new(file.text.lines().count(), "the last line has no newline"));
    }
    let lines = file.text.lines().count();
    if lines > LONGEST && file.ends_with(&["rs", "ts", "js", "mjs", "css"]) {
        findings.push(Finding::new(0, format!("{lines} lines; a file of more than {LONGEST} is two things")));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_blanks_missing_newlines_and_length() {
        let lines = |text: &str| {
            check(&File { path: "a.rs", text }).into_iter().map(|finding| finding.line).collect::<Vec<_>>()
        };
        assert_eq!(lines("a\nb \nc\t\n"), [2, 3]);
        assert_eq!(lines("a\nb"), [2]);
        assert_eq!(lines(&"a\n".repeat(400)), Vec::<usize>::new());
        assert_eq!(lines(&"a\n".repeat(401)), [0]);
        assert_eq!(check(&File { path: "a.lock", text: &"a \n".repeat(500) }), []);
    }
}
