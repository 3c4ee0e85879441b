//! What ran, how long it took, and how it ended.

use std::env;
use std::io::{self, Write};
use std::process::{Command, Output, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::count::{Outcome, Tally};
use crate::{process, progress};

/// One line of the report.
struct Row {
    part: &'static str,
    what: String,
    outcome: Outcome,
    duration: Duration,
}

/// A check that runs beside the others.
struct Beside {
    part: &'static str,
    what: &'static str,
    /// Its row's place.
    place: usize,
    command: String,
    running: JoinHandle<(io::Result<Output>, Duration)>,
}

/// Collects the rows.
#[derive(Default)]
pub(super) struct Report {
    rows: Vec<Row>,
    beside: Vec<Beside>,
}

impl Report {
    /// Runs a check that passes or fails as a whole.
    pub(super) fn check(&mut self, part: &'static str, what: &str, check: impl FnOnce() -> Result<()>) {
        self.tests(part, what, || check().map(|()| passed()));
    }

    /// Runs tests that are counted one by one. An error counts as one failure, and so does a run in which nothing ran.
    pub(super) fn tests(&mut self, part: &'static str, what: &str, tests: impl FnOnce() -> Result<Outcome>) {
        println!("\n── {part}: {what}");
        let start = Instant::now();
        let outcome = judged(tests());
        self.rows.push(Row { part, what: what.to_owned(), outcome, duration: start.elapsed() });
    }

    /// Starts another of our commands as a check that runs beside what follows. What it prints is shown when it is waited for.
    pub(super) fn beside(&mut self, part: &'static str, what: &'static str, arguments: &[&str]) {
        println!("\n── {part}: {what}: begun, and goes on beside the next");
        let mut command = Command::new(env::current_exe().unwrap_or_else(|_| "xtask".into()));
        command.args(arguments).stdin(Stdio::null());
        self.beside.push(Beside {
            part,
            what,
            place: self.rows.len(),
            command: process::line(&command),
            running: thread::spawn(move || {
                let start = Instant::now();
                (command.output(), start.elapsed())
            }),
        });
    }

    /// Waits for what runs beside.
    pub(super) fn wait(&mut self) {
        // From the end, so that places stay what they are.
        for Beside { part, what, place, command, running } in self.beside.drain(..).rev() {
            println!("\n── {part}: {what}: what it printed");
            let (output, duration) =
                running.join().unwrap_or_else(|_| (Err(io::Error::other("it panicked")), Duration::ZERO));
            let outcome = judged(ended_well(&command, output).map(|()| passed()));
            self.rows.insert(place, Row { part, what: what.to_owned(), outcome, duration });
        }
    }

    /// How many checks failed.
    pub(super) fn failed(&self) -> usize {
        self.rows.iter().map(|row| row.outcome.tally.failed).sum()
    }

    /// Prints the table, what failed, and last the line that says how it went.
    pub(super) fn print(&self, total: Duration) {
        println!("\n{:<9} {:<46} {:>7} {:>7} {:>12}", "part", "check", "passed", "failed", "time");
        for Row { part, what, outcome: Outcome { tally, .. }, duration } in &self.rows {
            let time = progress::seconds(*duration);
            println!("{part:<9} {what:<46} {:>7} {:>7} {time:>12}", tally.passed, tally.failed);
        }
        println!("{:<56} {:>7} {:>7} {:>12}\n", "", "", "", progress::seconds(total));
        // Again: of an hour's output people, and whoever keeps it, have the end before them.
        for Row { part, what, outcome, .. } in self.rows.iter().filter(|row| !row.outcome.failed.is_empty()) {
            println!("── {part}: {what}: what did not pass, or not at once\n{}\n", outcome.failed.join("\n"));
        }
        let passed: usize = self.rows.iter().map(|row| row.outcome.tally.passed).sum();
        println!("{passed} passed, {} failed", self.failed());
    }
}

/// One check that passed.
fn passed() -> Outcome {
    Outcome { tally: Tally { passed: 1, failed: 0 }, failed: Vec::new() }
}

/// One check that failed.
fn failed(why: String) -> Outcome {
    eprintln!("error: {why}");
    Outcome { tally: Tally { passed: 0, failed: 1 }, failed: vec![format!("error: {why}")] }
}

/// What counts of what ran.
fn judged(ran: Result<Outcome>) -> Outcome {
    match ran {
        Ok(Outcome { tally: Tally { passed: 0, failed: 0 }, .. }) => failed("nothing ran".to_owned()),
        Ok(outcome) => outcome,
        Err(error) => failed(format!("{error:#}")),
    }
}

/// Shows what a command printed.
fn ended_well(command: &str, output: io::Result<Output>) -> Result<()> {
    let output = output.with_context(|| format!("cannot run `{command}`"))?;
    let mut stdout = io::stdout().lock();
    stdout.write_all(&output.stdout).and_then(|()| stdout.write_all(&output.stderr))?;
    if !output.status.success() {
        bail!("`{command}` failed ({}); its own message is above", output.status);
    }
    Ok(())
}
