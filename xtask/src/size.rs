//! `cargo xtask size`: what a customer downloads, against a budget that only ever gets smaller.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde::{Deserialize, Serialize};

use crate::build::{self, Effort, FIRST, compressed_length};
use crate::machine::{node, rust};
use crate::{fingerprint, progress, workspace};

/// Arguments of `cargo xtask size`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Lower the budget to what was measured
    #[arg(long)]
    ratchet: bool,
}

/// `size-budget.json`: bytes after brotli at its best, headers not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Budget {
    /// The sign-in page on a first visit: page, script, module, style.
    first_load: u64,
    /// The page alone, with its inline style: what fits into the first flight of packets.
    document: u64,
    /// What signing in adds: the portal's script, module and style.
    portal: u64,
    /// Any other file that is loaded later, such as a language.
    later: u64,
}

/// What was measured, in the budget's terms.
type Measured = Budget;

struct Row {
    name: String,
    when: When,
    raw: u64,
    brotli: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum When {
    Document,
    FirstLoad,
    Portal,
    Later,
}

/// Builds the portal as shipped, prints the table, and compares.
///
/// # Errors
/// It does not build, or something is over budget.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    rust::prepare()?;
    node::prepare()?;
    build::portal::build(Effort::Smallest)?;
    check(arguments.ratchet)
}

/// Prints the table of what lies built, and compares.
///
/// # Errors
/// Something is over budget, or nothing is built.
pub(crate) fn check(ratchet: bool) -> Result<()> {
    let rows = rows(&workspace::path("support-spa/dist"))?;
    println!("{:<44} {:>10} {:>10}  loaded", "file", "bytes", "brotli");
    for row in &rows {
        let when = match row.when {
            When::Document | When::FirstLoad => "first visit",
            When::Portal => "signed in",
            When::Later => "later",
        };
        println!("{:<44} {:>10} {:>10}  {when}", row.name, progress::bytes(row.raw), progress::bytes(row.brotli));
    }
    let measured = measure(&rows);
    let file = workspace::path("size-budget.json");
    let budget: Budget =
        serde_json::from_slice(&fs::read(&file).context("size-budget.json is missing")?).context("size-budget.json")?;
    println!("\n{:<44} {:>10} {:>10}", "", "measured", "budget");
    for (name, own, allowed) in compared(measured, budget) {
        println!("{name:<44} {:>10} {:>10}", progress::bytes(own), progress::bytes(allowed));
    }
    let over: Vec<_> = compared(measured, budget)
        .into_iter()
        .filter(|(_, own, allowed)| own > allowed)
        .map(|(name, ..)| name)
        .collect();
    if !over.is_empty() {
        bail!("over budget: {}. Make it smaller; the budget in size-budget.json only goes down", over.join(", "));
    }
    if ratchet {
        fs::write(&file, format!("{}\n", serde_json::to_string_pretty(&measured)?))?;
        progress::note("size-budget.json now holds what was measured");
    }
    Ok(())
}

fn compared(measured: Measured, budget: Budget) -> [(&'static str, u64, u64); 4] {
    [
        ("first load of the sign-in page", measured.first_load, budget.first_load),
        ("page with inline style", measured.document, budget.document),
        ("what signing in adds", measured.portal, budget.portal),
        ("largest other file", measured.later, budget.later),
    ]
}

fn measure(rows: &[Row]) -> Measured {
    let sum = |wanted: &[When]| rows.iter().filter(|row| wanted.contains(&row.when)).map(|row| row.brotli).sum();
    Measured {
        first_load: sum(&[When::Document, When::FirstLoad]),
        document: sum(&[When::Document]),
        portal: sum(&[When::Portal]),
        later: rows.iter().filter(|row| row.when == When::Later).map(|row| row.brotli).max().unwrap_or(0),
    }
}

fn rows(dist: &Path) -> Result<Vec<Row>> {
    if !dist.join("index.html").is_file() {
        bail!("the portal is not built; run `cargo xtask build portal`");
    }
    let mut rows = Vec::new();
    for file in fingerprint::files_below(dist)? {
        let name = file.strip_prefix(dist)?.to_string_lossy().into_owned();
        let extension = file.extension().unwrap_or_default().to_string_lossy().into_owned();
        // Compressed siblings stand in the column beside their file; the others are for machines.
        if extension == "br" || matches!(name.as_str(), "release.json" | "files.json" | "_headers" | "robots.txt") {
            continue;
        }
        let content = fs::read(&file)?;
        let first = [format!("assets/{FIRST}-"), "assets/offline-".to_owned()];
        let when = match extension.as_str() {
            "html" => When::Document,
            "js" | "css" | "wasm" if first.iter().any(|stem| name.starts_with(stem)) => When::FirstLoad,
            "js" | "css" | "wasm" => When::Portal,
            _ => When::Later,
        };
        rows.push(Row { name, when, raw: content.len() as u64, brotli: compressed_length(&content)? });
    }
    rows.sort_by_key(|row| (row.when, row.name.clone()));
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_the_first_visit_loads() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, content: &str| {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, content).unwrap();
        };
        write("index.html", "<script>open('/assets/sign-in-1.js')</script><meta content=/assets/de-1.json>");
        write("index.html.br", "");
        write("assets/sign-in-1.js", "let a = 1;");
        write("assets/sign-in-1.wasm", "\0asm");
        write("assets/portal-1.js", "let b = 1;");
        write("assets/portal-1.css", "b {}");
        write("assets/portal-1.wasm", "\0asm");
        write("assets/de-1.json", "[]");
        write("release.json", "{}");
        let rows = rows(folder.path()).unwrap();
        let names: Vec<_> = rows.iter().map(|row| (row.name.as_str(), row.when)).collect();
        assert_eq!(
            names,
            [
                ("index.html", When::Document),
                ("assets/sign-in-1.js", When::FirstLoad),
                ("assets/sign-in-1.wasm", When::FirstLoad),
                ("assets/portal-1.css", When::Portal),
                ("assets/portal-1.js", When::Portal),
                ("assets/portal-1.wasm", When::Portal),
                ("assets/de-1.json", When::Later),
            ]
        );
        let measured = measure(&rows);
        assert_eq!(measured.first_load, rows[..3].iter().map(|row| row.brotli).sum::<u64>());
        assert_eq!(measured.document, rows[0].brotli);
        assert_eq!(measured.portal, rows[3..6].iter().map(|row| row.brotli).sum::<u64>());
        assert_eq!(measured.later, rows[6].brotli);
    }
}
