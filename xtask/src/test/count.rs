//! Reading from a test runner's lines how many tests passed, how many failed, and which.

use std::process::Command;

use anyhow::Result;

use super::failed::Failed;
use crate::process;

/// How many passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) passed: usize,
    pub(super) failed: usize,
}

/// What a run of tests came to.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) tally: Tally,
    /// The runner's own lines about what did not pass at once.
    pub(super) failed: Vec<String>,
}

/// Runs a test runner and counts. A runner that fails without naming a failed test (it did not compile, it crashed) counts as one.
///
/// # Errors
/// It could not be started.
pub(super) fn counted(command: &mut Command) -> Result<Outcome> {
    let mut tally = Tally::default();
    let mut failed = Failed::default();
    let succeeded = process::watch(command, |line| {
        let line = plain(line);
        let found = read(&line);
        tally.passed += found.passed;
        tally.failed += found.failed;
        failed.see(&line);
    })?;
    if !succeeded && tally.failed == 0 {
        tally.failed = 1;
    }
    Ok(Outcome { tally, failed: failed.lines() })
}

/// What one line says, if it is a runner's closing line.
fn read(whole: &str) -> Tally {
    let line = whole.trim();
    // cargo test, wasm-bindgen-test-runner: `test result: ok. 3 passed; 1 failed; 0 ignored; …`; indented, nextest quotes it of a test.
    // cargo nextest: `Summary [   1.2s] 4 tests run: 3 passed, 1 failed, 0 skipped`
    if whole.starts_with("test result:") || line.starts_with("Summary [") {
        return Tally { passed: before(line, "passed"), failed: before(line, "failed") };
    }
    // Playwright: `  3 passed (12.3s)` and `  1 failed`, alone on their lines. node --test: `# pass 3`, `ℹ pass 3`.
    let words: Vec<&str> = line.split_whitespace().collect();
    let number = |word: &str| word.parse().unwrap_or(0);
    match words[..] {
        [count, "passed"] => Tally { passed: number(count), failed: 0 },
        [count, "passed", time] if time.starts_with('(') => Tally { passed: number(count), failed: 0 },
        [count, "failed"] => Tally { passed: 0, failed: number(count) },
        ["#" | "ℹ", "pass", count] => Tally { passed: number(count), failed: 0 },
        ["#" | "ℹ", "fail", count] => Tally { passed: 0, failed: number(count) },
        _ => Tally::default(),
    }
}

/// The number in front of a word.
fn before(line: &str, word: &str) -> usize {
    let mut last = "";
    for next in line.split([' ', ';', ',', '.']).filter(|next| !next.is_empty()) {
        if next == word {
            return last.parse().unwrap_or(0);
        }
        last = next;
    }
    0
}

/// The line without what colours it.
fn plain(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some(start) = rest.find("\u{1b}[") {
        text.push_str(&rest[..start]);
        let after = &rest[start + 2..];
        let end = after.find(|letter: char| letter.is_ascii_alphabetic()).map_or(after.len(), |at| at + 1);
        rest = &after[end..];
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_runner() {
        let tally = |passed, failed| Tally { passed, failed };
        assert_eq!(
            read("test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out"),
            tally(12, 3)
        );
        assert_eq!(
            read("     Summary [   0.412s] 31 tests run: 30 passed (1 slow), 1 failed, 2 skipped"),
            tally(30, 1)
        );
        assert_eq!(
            read(&plain(
                "\u{1b}[32;1m     Summary\u{1b}[0m [   0.412s] 3 tests run: \u{1b}[1m3\u{1b}[0m passed, 0 skipped"
            )),
            tally(3, 0)
        );
        assert_eq!(read("  7 passed (32.1s)"), tally(7, 0));
        assert_eq!(read("  2 failed"), tally(0, 2));
        assert_eq!(read("# pass 5"), tally(5, 0));
        assert_eq!(read("ℹ fail 1"), tally(0, 1));
        assert_eq!(read("    test result: FAILED. 0 passed; 1 failed; 0 ignored"), tally(0, 0));
        assert_eq!(read("3 passed tests are in the house"), tally(0, 0));
    }
}
