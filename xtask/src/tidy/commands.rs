//! Commands that the documents and workflows tell people and machines to run: each must be one that exists.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use clap::Parser as _;
use clap::error::ErrorKind;

use super::{File, Finding};
use crate::workspace;

/// Programs that `npx` may start, each from the lock file.
const NPX: [&str; 2] = ["wrangler", "playwright"];

/// How commands begin that can be run from the repository's root.
const PROGRAMS: [&str; 4] = ["cargo ", "npx ", "node ", ".ci/run"];

/// The workspace's packages: name and folder.
static PACKAGES: LazyLock<BTreeMap<String, String>> = LazyLock::new(packages);

pub(super) fn check(file: &File) -> Vec<Finding> {
    let commands = if file.ends_with(&["md"]) {
        in_document(file.text)
    } else if file.is_below(&[".github/workflows"]) {
        in_workflow(file.text)
    } else {
        return Vec::new();
    };
    let findings = commands.into_iter().filter_map(|(line, command)| {
        let fault = fault(&words(command))?;
        Some(Finding::new(line, format!("`{command}`: {fault}")))
    });
    findings.collect()
}

/// The commands that a document names, up to a comment or the next command, without what is optional.
pub(super) fn named(text: &str) -> Vec<String> {
    let commands = in_document(text).into_iter().map(|(_, command)| words(command).join(" "));
    commands.filter(|command| PROGRAMS.iter().any(|program| command.starts_with(program))).collect()
}

/// Code spans and the lines of code blocks, with their line numbers.
fn in_document(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut in_block = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if in_block {
            found.push((index + 1, line.trim()));
        } else {
            found.extend(line.split('`').skip(1).step_by(2).map(|span| (index + 1, span.trim())));
        }
    }
    found
}

fn in_workflow(text: &str) -> Vec<(usize, &str)> {
    let lines = text.lines().enumerate();
    lines
        .map(|(index, line)| {
            let line = line.trim();
            (index + 1, line.strip_prefix("run: ").or_else(|| line.strip_prefix("- run: ")).unwrap_or(line))
        })
        .collect()
}

/// The words up to a comment or the next command, without what stands for something optional.
fn words(command: &str) -> Vec<&str> {
    let words = command.split_whitespace();
    words
        .take_while(|word| !matches!(*word, "#" | "|" | "&&" | ";" | "\\" | ">"))
        .filter(|word| !word.starts_with('[') && !word.contains('…'))
        .collect()
}

/// Why this cannot be run; none for what is no command of ours.
fn fault(words: &[&str]) -> Option<String> {
    match words {
        ["cargo", "xtask", rest @ ..] => driver_fault(rest),
        ["cargo", "+nightly", "fuzz", "run", target, ..] => {
            let there =
                |folder: &String| workspace::path(folder).join(format!("fuzz/fuzz_targets/{target}.rs")).is_file();
            (!PACKAGES.values().any(there)).then(|| "there is no such fuzz target".to_owned())
        }
        ["cargo", "run" | "test" | "nextest" | "build" | "clippy" | "doc" | "fmt" | "check", rest @ ..] => {
            package_fault(rest)
        }
        ["node", rest @ ..] => {
            let path = rest.iter().find(|word| !word.starts_with('-'))?;
            (!workspace::path(path).exists()).then(|| format!("there is no {path}"))
        }
        ["npx", rest @ ..] => {
            let program = rest.iter().find(|word| !word.starts_with('-'))?;
            (!NPX.contains(program)).then(|| format!("npx starts {} here, nothing else", NPX.join(" and ")))
        }
        _ => None,
    }
}

fn driver_fault(arguments: &[&str]) -> Option<String> {
    let line = std::iter::once("cargo xtask").chain(arguments.iter().copied());
    match crate::Cli::try_parse_from(line) {
        Ok(_) => None,
        // The driver's name alone, or a command of which only the name is told.
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::DisplayHelp
                    | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
                    | ErrorKind::MissingRequiredArgument
                    | ErrorKind::MissingSubcommand
            ) =>
        {
            None
        }
        // What a variable holds is known when it runs.
        Err(error) if error.kind() == ErrorKind::InvalidValue && arguments.iter().any(|word| word.contains('$')) => {
            None
        }
        Err(error) => Some(error.to_string().lines().next().unwrap_or_default().to_owned()),
    }
}

fn package_fault(words: &[&str]) -> Option<String> {
    let after = |names: &[&str]| {
        let place = words.iter().position(|word| names.contains(word))?;
        words.get(place + 1).copied()
    };
    let package = after(&["-p", "--package"])?;
    let Some(folder) = PACKAGES.get(package) else { return Some(format!("no package is called {package}")) };
    for (flag, below) in [("--test", "tests"), ("--example", "examples")] {
        let Some(name) = after(&[flag]) else { continue };
        let below = workspace::path(folder).join(below);
        if !below.join(format!("{name}.rs")).is_file() && !below.join(name).join("main.rs").is_file() {
            return Some(format!("{package} has no {name} for {flag}"));
        }
    }
    None
}

fn packages() -> BTreeMap<String, String> {
    let manifest = fs::read_to_string(workspace::path("Cargo.toml")).unwrap_or_default();
    let members = manifest.lines().filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix("\","));
    let named = members.filter_map(|folder| {
        let own = fs::read_to_string(workspace::path(folder).join(Path::new("Cargo.toml"))).ok()?;
        let name = own.lines().find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'))?.to_owned();
        Some((name, folder.to_owned()))
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(path: &str, text: &str) -> Vec<usize> {
        check(&File { path, text }).into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn knows_the_workspace() {
        assert_eq!(PACKAGES.get("raxx-vault").map(String::as_str), Some("vault"));
        assert_eq!(PACKAGES.get("xtask").map(String::as_str), Some("xtask"));
    }

    #[test]
    fn commands_that_exist_are_fine() {
        let none = Vec::<usize>::new();
        for command in [
            "cargo xtask",
            "cargo xtask test unit",
            "cargo xtask guards [TEXT]",
            "cargo xtask deploy --env staging --dry-run",
            "cargo run -p raxx-vault -- checklist NAME",
            "cargo test -p shared --test golden",
            "cargo +nightly fuzz run token",
            "node --test tests/edge/",
            "npx wrangler rollback --env=\"\" --yes",
            "cargo xtask dev                      # the whole system",
            "cargo xtask deploy --env \"$TARGET\"",
            "npx --no-install wrangler pages deploy support-spa/dist",
            "a word",
        ] {
            assert_eq!(faults("docs/a.md", &format!("see `{command}`")), none, "{command}");
            assert_eq!(faults("docs/a.md", &format!("```\n{command}\n```\n")), none, "{command}");
        }
    }

    #[test]
    fn commands_that_do_not_exist_are_found() {
        for command in [
            "cargo xtask tset",
            "cargo xtask test units",
            "cargo xtask deploy --dry",
            "cargo run -p vault -- checklist NAME",
            "cargo test -p shared --test gold",
            "cargo +nightly fuzz run tokens",
            "node tests/nowhere.mjs",
            "npx cowsay",
        ] {
            assert_eq!(faults("docs/a.md", &format!("a\nsee `{command}` there")), [2], "{command}");
            assert_eq!(faults(".github/workflows/a.yml", &format!("    - run: {command}")), [1], "{command}");
        }
        assert_eq!(faults("docs/a.rs", "`cargo xtask tset`"), Vec::<usize>::new());
    }
}
