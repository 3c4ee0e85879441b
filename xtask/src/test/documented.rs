//! The commands that the documents name: each is run here, or it is said which part of the tests or which workflow runs it.

use std::collections::BTreeSet;
use std::process::Command;

use anyhow::{Result, bail};

use super::report::Report;
use crate::{process, progress, tidy, workspace};

const PART: &str = "commands";

/// Who runs a command.
#[derive(Clone, Copy)]
enum Run {
    /// This, with these words in place of those that stand for something.
    Here(&'static [(&'static str, &'static str)]),
    /// wrangler says that it knows the command and these options; what it would do takes an account.
    Known(&'static [&'static str]),
    /// Another part of the tests, or a workflow.
    Elsewhere(&'static str),
    /// A person, with rights that no test has.
    Person(&'static str),
}

use Run::{Elsewhere, Here, Known, Person};

const NIGHTLY: Run = Elsewhere(".github/workflows/nightly.yml");

/// By how a command begins; the longest beginning counts.
const RUNS: &[(&str, Run)] = &[
    (".ci/run", Elsewhere("the workflow `ci`")),
    ("cargo +nightly fuzz run", NIGHTLY),
    ("cargo nextest run -p", Elsewhere("test unit")),
    ("cargo test -p", Elsewhere("test unit, all of these packages")),
    ("cargo run --release -p raxx-vault --example lint_speed", NIGHTLY),
    ("cargo run -p helpdesk-double --", Elsewhere("test e2e, by `cargo xtask dev`")),
    ("cargo run -p raptor", Elsewhere("test e2e, by `cargo xtask dev`")),
    ("cargo run -p raptor -- delete-customer", Elsewhere("test unit, raptor/tests/service")),
    ("cargo run -p raptor -- generate-key", Here(&[])),
    ("cargo run -p raptor -- migrate", Elsewhere("test unit, raptor/tests")),
    ("cargo run -p raxx-vault -- checklist NAME", Here(&[("NAME", "EDGE_SERVICE_TOKEN")])),
    ("cargo run -p raxx-vault -- verify NAME", Elsewhere("test unit, vault/tests, against a server of theirs")),
    ("cargo rustc --package edge-worker", Person("an experiment that docs/performance.md tells of")),
    ("cargo xtask", Elsewhere("alone, it prints its help and fails")),
    ("cargo xtask --help", Here(&[])),
    ("cargo xtask bench", NIGHTLY),
    ("cargo xtask build", Here(&[])),
    ("cargo xtask conformance", Elsewhere("test unit")),
    ("cargo xtask deploy", Elsewhere("test rehearsal")),
    ("cargo xtask deploy --env staging --dry-run", Here(&[])),
    ("cargo xtask dev", Elsewhere("test e2e")),
    ("cargo xtask guards", NIGHTLY),
    ("cargo xtask screens", NIGHTLY),
    ("cargo xtask size", Here(&[])),
    ("cargo xtask size --ratchet", Person("it changes the budget")),
    ("cargo xtask smoke", Elsewhere("test e2e, deployment.spec.ts")),
    ("cargo xtask test", Elsewhere("this")),
    ("cargo xtask test rehearsal", NIGHTLY),
    ("cargo xtask tidy", Here(&[])),
    ("node --test tests/edge/", Elsewhere("test edge")),
    ("node tests/bench/", NIGHTLY),
    ("node tests/bench/edge/profile.mjs", Person("a profile is for somebody who reads it")),
    ("npx playwright test", Elsewhere("test e2e")),
    ("npx wrangler deploy", Elsewhere("test edge, and test rehearsal for its build")),
    ("npx wrangler deployments list", Known(&["--env"])),
    ("npx wrangler rollback", Known(&["--env", "--yes", "--message"])),
    ("npx wrangler secret put", Known(&["--env"])),
    ("npx wrangler tail", Known(&["--env"])),
    ("npx wrangler versions deploy", Known(&["--env"])),
    ("npx wrangler pages deploy", Known(&["--project-name", "--branch"])),
];

pub(super) fn run(report: &mut Report, only: Option<&str>) {
    let commands = match tidy::documented() {
        Ok(commands) => commands,
        Err(error) => return report.check(PART, "the documents", || Err(error)),
    };
    let unknown: BTreeSet<&String> = commands.iter().filter(|command| known(command).is_none()).collect();
    report.check(PART, "each has somebody who runs it", || {
        if unknown.is_empty() {
            return Ok(());
        }
        bail!(
            "nobody runs these commands of the documents; xtask/src/test/documented.rs has to say who does: {unknown:?}"
        )
    });
    for command in &commands {
        let wanted = only.is_none_or(|only| command.contains(only));
        match known(command).filter(|_| wanted) {
            Some(Here(values)) => report.check(PART, command, || execute(&filled(command, values))),
            Some(Known(options)) => report.check(PART, command, || is_known(command, options)),
            Some(Elsewhere(part)) => progress::note(&format!("{command}: {part}")),
            Some(Person(why)) => progress::note(&format!("{command}: by nobody, {why}")),
            None => {}
        }
    }
}

fn known(command: &str) -> Option<Run> {
    let fitting = RUNS.iter().filter(|(beginning, _)| {
        let ends = |rest: &str| beginning.ends_with('/') || !rest.starts_with(|next: char| next.is_alphanumeric());
        command.strip_prefix(beginning).is_some_and(ends)
    });
    fitting.max_by_key(|(beginning, _)| beginning.len()).map(|(_, run)| *run)
}

fn filled(command: &str, values: &[(&str, &str)]) -> Vec<String> {
    let value = |word: &str| values.iter().find(|(name, _)| *name == word).map_or(word, |(_, value)| value).to_owned();
    command.split_whitespace().map(value).collect()
}

fn execute(words: &[String]) -> Result<()> {
    let Some((program, arguments)) = words.split_first() else { bail!("no command") };
    let mut command = Command::new(program);
    command.args(arguments).current_dir(workspace::root());
    process::run_quietly(&mut command)
}

/// Whether wrangler's help for a command has its options.
fn is_known(command: &str, options: &[&str]) -> Result<()> {
    let names = command.split_whitespace().skip(2).take_while(|word| word.chars().all(|c| c.is_ascii_lowercase()));
    let mut wrangler = crate::machine::node::wrangler();
    let help = process::capture(wrangler.args(names).arg("--help"))?;
    match options.iter().find(|option| !help.contains(*option)) {
        Some(missing) => bail!("wrangler does not know {missing} for `{command}`; its help says:\n{help}"),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_beginning_says_who_runs_it() {
        assert!(matches!(known("cargo xtask deploy --env production --back"), Some(Elsewhere(_))));
        assert!(matches!(known("cargo xtask deploy --env staging --dry-run"), Some(Here(_))));
        assert!(matches!(known("cargo xtask size --crates"), Some(Here(_))));
        assert!(matches!(known("npx wrangler tail --env=\"\""), Some(Known(_))));
        assert!(known("npx wrangler tailor").is_none());
        assert!(known("cargo install everything").is_none());
    }

    #[test]
    fn words_that_stand_for_something_are_replaced() {
        assert_eq!(filled("a NAME b", &[("NAME", "x")]), ["a", "x", "b"]);
    }
}
