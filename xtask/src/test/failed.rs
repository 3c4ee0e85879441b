//! Picking from a test runner's lines which tests did not pass, and why, to say it once more at the end.

use std::collections::BTreeSet;

/// More than this of one runner helps nobody: whatever broke, broke everything.
const LINES: usize = 120;
/// Of one failure: its first lines say what was expected, what came instead, and where.
const OF_ONE: usize = 24;

/// Sees a runner's lines and keeps those about failures.
#[derive(Default)]
pub(super) struct Failed {
    lines: Vec<String>,
    /// What was kept; nextest names each failure when it happens and again at its end.
    seen: BTreeSet<String>,
    /// How many of the next lines belong to a failure that was named.
    more: usize,
}

impl Failed {
    /// Takes one line, without colours.
    pub(super) fn see(&mut self, line: &str) {
        let trimmed = line.trim();
        let is_of_one = match names_one(line) {
            Some(more) => {
                let is_new = self.seen.insert(trimmed.to_owned());
                self.more = if is_new { more } else { 0 };
                is_new
            }
            // What closes a list of failures counts them; the table does so, too.
            None if closes(trimmed) => {
                self.more = 0;
                false
            }
            None => {
                let belongs = self.more > 0;
                self.more = self.more.saturating_sub(1);
                belongs
            }
        };
        if is_of_one && !trimmed.is_empty() && self.lines.len() < LINES {
            self.lines.push(line.trim_end().to_owned());
        }
    }

    /// What was kept.
    pub(super) fn lines(self) -> Vec<String> {
        self.lines
    }
}

/// Whether a line names a failure, and how many lines after it say more.
fn names_one(line: &str) -> Option<usize> {
    let trimmed = line.trim();
    // Playwright, of what failed and of what passed only the second time: `  1) journeys/a.spec.ts:3:1 › title ─────`
    if let Some((number, title)) = trimmed.split_once(") ")
        && number.parse::<u32>().is_ok()
        && title.contains(" › ")
    {
        return Some(OF_ONE);
    }
    // The panic's message is on the line after. cargo nextest: `  FAIL [   0.1s] crate module::test`, and signals.
    if line.starts_with("thread '") && trimmed.contains("panicked at") || trimmed.starts_with("panicked at ") {
        return Some(3);
    }
    if ["FAIL [", "TIMEOUT [", "SIGABRT [", "SIGSEGV ["].iter().any(|mark| trimmed.starts_with(mark)) {
        return Some(0);
    }
    // cargo test, wasm-bindgen-test-runner: `test module::test ... FAIL`. node --test: `✖ title (3ms)`, `not ok 3 - title`.
    let ended = trimmed.starts_with("test ") && (trimmed.ends_with("... FAIL") || trimmed.ends_with("... FAILED"));
    (ended || trimmed.starts_with("not ok ")).then_some(0).or_else(|| trimmed.starts_with("✖ ").then_some(6))
}

/// Whether a line ends what a runner says of failures.
fn closes(trimmed: &str) -> bool {
    let words: Vec<&str> = trimmed.split_whitespace().collect();
    matches!(words[..], [count, "failed" | "flaky" | "passed", ..] if count.parse::<u32>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str) -> Vec<String> {
        let mut failed = Failed::default();
        text.lines().for_each(|line| failed.see(line));
        failed.lines()
    }

    #[test]
    fn keeps_what_playwright_says_of_a_failure_and_no_other_line() {
        let lines = kept(
            "  ✓    1 a.spec.ts:3:1 › fine (1.2s)\n  ✘    2 a.spec.ts:9:1 › broken (9.1s)\n\n  1) a.spec.ts:9:1 › broken ────\n\n    \
             Error: expect(locator).toBeVisible() failed\n    Locator: getByText('x')\n\n  1 failed\n    a.spec.ts:9:1 › broken ───\n  \
             1 passed (12.3s)\n",
        );
        let expected = [
            "  1) a.spec.ts:9:1 › broken ────",
            "    Error: expect(locator).toBeVisible() failed",
            "    Locator: getByText('x')",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn keeps_the_names_and_panics_of_rust_tests_once() {
        let lines = kept(
            "        PASS [   0.1s] shared a::b\n        FAIL [   0.2s] shared a::c\nthread 'a::c' panicked at shared/src/a.rs:3:5:\n\
             assertion failed: no\n\n     Summary [   1.2s] 2 tests run: 1 passed, 1 failed, 0 skipped\n        FAIL [   0.2s] shared a::c\n",
        );
        let expected = [
            "        FAIL [   0.2s] shared a::c",
            "thread 'a::c' panicked at shared/src/a.rs:3:5:",
            "assertion failed: no",
        ];
        assert_eq!(lines[..3], expected);
        assert_eq!(lines.iter().filter(|line| line.contains("FAIL [")).count(), 1);
        assert_eq!(kept("test component::picker ... FAIL"), ["test component::picker ... FAIL"]);
        assert_eq!(kept("test component::picker ... ok"), Vec::<String>::new());
    }

    #[test]
    fn stops_where_everything_is_broken() {
        let text: String = (0..1_000).map(|at| format!("test broken::{at} ... FAILED\n")).collect();
        assert_eq!(kept(&text).len(), LINES);
    }
}
