//! What ran, how long it took, and how it ended.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::count::Tally;
use crate::progress;

/// One line of the report.
struct Row {
    part: &'static str,
    what: String,
    tally: Tally,
    duration: Duration,
}

/// Collects the rows.
#[derive(Default)]
pub(super) struct Report(Vec<Row>);

impl Report {
    /// Runs a check that passes or fails as a whole.
    pub(super) fn check(&mut self, part: &'static str, what: &str, check: impl FnOnce() -> Result<()>) {
        self.tests(part, what, || check().map(|()| Tally { passed: 1, failed: 0 }));
    }

    /// Runs tests that are counted one by one. An error counts as one failure, and so does a run in which nothing ran.
    pub(super) fn tests(&mut self, part: &'static str, what: &str, tests: impl FnOnce() -> Result<Tally>) {
        println!("\n── {part}: {what}");
        let start = Instant::now();
        let tally = match tests() {
            Ok(Tally { passed: 0, failed: 0 }) => {
                eprintln!("error: nothing ran");
                Tally { passed: 0, failed: 1 }
            }
            Ok(tally) => tally,
            Err(error) => {
                eprintln!("error: {error:#}");
                Tally { passed: 0, failed: 1 }
            }
        };
        self.0.push(Row { part, what: what.to_owned(), tally, duration: start.elapsed() });
    }

    /// How many checks failed.
    pub(super) fn failed(&self) -> usize {
        self.0.iter().map(|row| row.tally.failed).sum()
    }

    /// Prints the table, and last the line that says how it went.
    pub(super) fn print(&self, total: Duration) {
        println!("\n{:<9} {:<46} {:>7} {:>7} {:>12}", "part", "check", "passed", "failed", "time");
        for Row { part, what, tally, duration } in &self.0 {
            let time = progress::seconds(*duration);
            println!("{part:<9} {what:<46} {:>7} {:>7} {time:>12}", tally.passed, tally.failed);
        }
        println!("{:<56} {:>7} {:>7} {:>12}\n", "", "", "", progress::seconds(total));
        let passed: usize = self.0.iter().map(|row| row.tally.passed).sum();
        println!("{passed} passed, {} failed", self.failed());
    }
}
