//! `cargo xtask size`: what a customer downloads, against a budget that only ever gets smaller.

mod crates;
mod since;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde::{Deserialize, Serialize};

use crate::build::parts::PREFIX;
use crate::build::portal::DEMO;
use crate::build::{self, Effort, FIRST, compressed_length};
use crate::machine::{node, rust};
use crate::{fingerprint, progress, workspace};

use self::crates::Weights;

/// Arguments of `cargo xtask size`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Lower the budget to what was measured
    #[arg(long)]
    ratchet: bool,
    /// Say which crates the modules' bytes come from, before compression
    #[arg(long)]
    crates: bool,
    /// Refuse a budget that is higher anywhere than at this revision, before anything is built
    #[arg(long, value_name = "REVISION", conflicts_with = "json")]
    since: Option<String>,
    /// Print all of it as JSON, and nothing else
    #[arg(long)]
    json: bool,
}

/// `size-budget.json`: bytes after brotli at its best, headers not counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Budget {
    /// The sign-in page on a first visit: page, script, module, style.
    first_load: u64,
    /// The page alone, with its inline style: what fits into the first flight of packets.
    document: u64,
    /// What signing in adds: the portal's script, the module for the list, and the style.
    portal: u64,
    /// What opening a page loads in all, beyond the sign-in page: the portal and the page's parts. Sums, so that it counts as smaller
    /// when the portal loses what only some pages need.
    pages: BTreeMap<String, u64>,
    /// The largest file of any part.
    part: u64,
    /// Any other file that is loaded later, such as a language.
    later: u64,
}

/// The file that holds the budget.
const BUDGET: &str = "size-budget.json";

/// What was measured, in the budget's terms.
type Measured = Budget;

/// A file of the built site.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(Deserialize))]
struct Row {
    name: String,
    #[serde(rename = "loaded")]
    when: When,
    #[serde(rename = "bytes")]
    raw: u64,
    brotli: u64,
}

/// What `--json` prints: the table's files, the figures that have a budget with what they may be, and the crates.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(Deserialize))]
struct Report {
    files: Vec<Row>,
    measured: Measured,
    budget: Budget,
    crates: Weights,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(Deserialize))]
#[serde(rename_all = "snake_case")]
enum When {
    Document,
    FirstLoad,
    Portal,
    Part,
    Later,
    Development,
}

/// Builds the portal as shipped, prints the table, and compares.
///
/// # Errors
/// It does not build, or something is over budget.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    if let Some(revision) = &arguments.since {
        since::check(revision)?;
    }
    rust::prepare()?;
    node::prepare()?;
    build::portal::build(Effort::Smallest)?;
    if arguments.json {
        return print_json();
    }
    if arguments.crates {
        crates::print(&crates::weights()?);
    }
    check(arguments.ratchet)
}

/// Prints the table of what lies built, and compares.
///
/// # Errors
/// Something is over budget, or nothing is built.
pub(crate) fn check(ratchet: bool) -> Result<()> {
    let rows = rows(&workspace::path("support-spa/dist"))?;
    let measured = measure(&rows);
    let compared = compared(&measured, &read_budget()?);
    print!("{}\n{}", files_table(&rows), budget_table(&compared));
    let over: Vec<_> = compared.iter().filter(|(_, own, allowed)| own > allowed).map(|(name, ..)| &name[..]).collect();
    if !over.is_empty() {
        bail!("over budget: {}. Make it smaller; the budget in size-budget.json only goes down", over.join(", "));
    }
    if ratchet {
        fs::write(workspace::path(BUDGET), format!("{}\n", serde_json::to_string_pretty(&measured)?))?;
        progress::note("size-budget.json now holds what was measured");
    }
    Ok(())
}

fn files_table(rows: &[Row]) -> String {
    let mut table = line("file", "bytes", "brotli", "  loaded");
    for row in rows {
        let when = format!("  {}", row.when.words());
        table.push_str(&line(&row.name, &progress::bytes(row.raw), &progress::bytes(row.brotli), &when));
    }
    table
}

fn budget_table(compared: &[(String, u64, u64)]) -> String {
    let mut table = line("", "measured", "budget", "");
    for (name, own, allowed) in compared {
        table.push_str(&line(name, &progress::bytes(*own), &progress::bytes(*allowed), ""));
    }
    table
}

fn line(name: &str, one: &str, other: &str, note: &str) -> String {
    format!("{name:<72} {one:>10} {other:>10}{note}\n")
}

impl When {
    const fn words(self) -> &'static str {
        match self {
            Self::Document | Self::FirstLoad => "first visit",
            Self::Portal => "signed in",
            Self::Part => "with its page",
            Self::Later => "later",
            // No customer ever loads it, so it has no budget.
            Self::Development => "development",
        }
    }
}

fn compared(measured: &Measured, budget: &Budget) -> Vec<(String, u64, u64)> {
    let mut all = vec![
        ("first load of the sign-in page".to_owned(), measured.first_load, budget.first_load),
        ("page with inline style".to_owned(), measured.document, budget.document),
        ("what signing in adds".to_owned(), measured.portal, budget.portal),
    ];
    for (page, own) in &measured.pages {
        // A page that nobody has set a budget for has none.
        all.push((
            format!("signing in and the page `{page}`"),
            *own,
            budget.pages.get(page).copied().unwrap_or_default(),
        ));
    }
    all.push(("largest file of a part".to_owned(), measured.part, budget.part));
    all.push(("largest other file".to_owned(), measured.later, budget.later));
    all
}

fn measure(rows: &[Row]) -> Measured {
    let of = |wanted: &[When]| rows.iter().filter(|row| wanted.contains(&row.when)).map(|row| row.brotli).collect();
    let sum = |wanted: &[When]| Vec::into_iter(of(wanted)).sum();
    let most = |wanted: &[When]| Vec::into_iter(of(wanted)).max().unwrap_or(0);
    let portal = sum(&[When::Portal]);
    let mut pages = BTreeMap::new();
    for row in rows {
        for page in pages_of(&row.name) {
            *pages.entry(page.to_owned()).or_insert(portal) += row.brotli;
        }
    }
    Measured {
        first_load: sum(&[When::Document, When::FirstLoad]),
        document: sum(&[When::Document]),
        portal,
        pages,
        part: most(&[When::Part]),
        later: most(&[When::Later]),
    }
}

/// The pages that need a file: `assets/part-settings.ticket-….wasm` is for both.
fn pages_of(name: &str) -> impl Iterator<Item = &str> {
    let part = name.strip_prefix("assets/").and_then(|name| name.strip_prefix(PREFIX));
    part.and_then(|part| part.rsplit_once('-'))
        .map_or("", |(pages, _)| pages)
        .split('.')
        .filter(|page| !page.is_empty())
}

fn print_json() -> Result<()> {
    let report = report(rows(&workspace::path("support-spa/dist"))?, read_budget()?, crates::weights()?);
    println!("{}", serde_json::to_string_pretty(&report)?);
    Ok(())
}

fn report(files: Vec<Row>, budget: Budget, crates: Weights) -> Report {
    Report { measured: measure(&files), files, budget, crates }
}

fn read_budget() -> Result<Budget> {
    let content = fs::read(workspace::path(BUDGET)).context("size-budget.json is missing")?;
    serde_json::from_slice(&content).context(BUDGET)
}

fn rows(dist: &Path) -> Result<Vec<Row>> {
    if !dist.join("index.html").is_file() {
        bail!("the portal is not built; run `cargo xtask build portal`");
    }
    let mut rows = Vec::new();
    // A deployment adds the files of earlier releases, which no new visitor loads.
    let own = build::own_files(dist).ok();
    for file in fingerprint::files_below(dist)? {
        let name = file.strip_prefix(dist)?.to_string_lossy().into_owned();
        let is_own = own.as_ref().is_none_or(|own| own.iter().any(|path| path.trim_start_matches('/') == name));
        if name.starts_with("assets/") && !is_own {
            continue;
        }
        let extension = file.extension().unwrap_or_default().to_string_lossy().into_owned();
        // Compressed siblings stand in the column beside their file; the others are for machines.
        if extension == "br" || matches!(name.as_str(), "release.json" | "files.json" | "_headers" | "robots.txt") {
            continue;
        }
        let content = fs::read(&file)?;
        let (first, demo) = (format!("assets/{FIRST}-"), format!("assets/{DEMO}-"));
        let when = match extension.as_str() {
            "html" => When::Document,
            "js" if name.starts_with(&demo) => When::Development,
            "js" | "css" | "wasm" if name.starts_with(&first) || name.starts_with("assets/offline-") => When::FirstLoad,
            "wasm" if pages_of(&name).next().is_some() => When::Part,
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
        write("assets/offline-1.js", "let c = 1;");
        write("assets/portal-1.js", "let b = 1;");
        write("assets/portal-1.css", "b {}");
        write("assets/portal-1.wasm", "\0asm");
        write("assets/part-ticket-1.wasm", "\0asm of a ticket");
        write("assets/part-new_ticket.ticket-1.wasm", "\0asm of both");
        write("assets/de-1.json", "[]");
        write("assets/sign-in-0.wasm", "\0asm of the release before");
        let (ours, before): (Vec<_>, Vec<_>) = fingerprint::files_below(&folder.path().join("assets"))
            .unwrap()
            .into_iter()
            .map(|file| format!("/{}", file.strip_prefix(folder.path()).unwrap().display()))
            .partition(|path| path != "/assets/sign-in-0.wasm");
        write("files.json", &serde_json::json!({ "1": ours, "0": before }).to_string());
        let release = serde_json::json!({ "version": "1", "script_hashes": [], "style_hashes": [], "preload": [] });
        write("release.json", &release.to_string());
        let rows = rows(folder.path()).unwrap();
        let names: Vec<_> = rows.iter().map(|row| (row.name.as_str(), row.when)).collect();
        assert_eq!(
            names,
            [
                ("index.html", When::Document),
                ("assets/offline-1.js", When::FirstLoad),
                ("assets/sign-in-1.js", When::FirstLoad),
                ("assets/sign-in-1.wasm", When::FirstLoad),
                ("assets/portal-1.css", When::Portal),
                ("assets/portal-1.js", When::Portal),
                ("assets/portal-1.wasm", When::Portal),
                ("assets/part-new_ticket.ticket-1.wasm", When::Part),
                ("assets/part-ticket-1.wasm", When::Part),
                ("assets/de-1.json", When::Later),
            ]
        );
        let measured = measure(&rows);
        assert_eq!(measured.first_load, rows[..4].iter().map(|row| row.brotli).sum::<u64>());
        assert_eq!(measured.document, rows[0].brotli);
        assert_eq!(measured.portal, rows[4..7].iter().map(|row| row.brotli).sum::<u64>());
        assert_eq!(
            (measured.pages["new_ticket"], measured.pages["ticket"]),
            (measured.portal + rows[7].brotli, measured.portal + rows[7].brotli + rows[8].brotli)
        );
        assert_eq!(measured.part, rows[7].brotli.max(rows[8].brotli));
        assert_eq!(measured.later, rows[9].brotli);
    }

    #[test]
    fn json_says_what_the_table_says() {
        let row = |name: &str, when, raw, brotli| Row { name: name.to_owned(), when, raw, brotli };
        let files = vec![
            row("index.html", When::Document, 23_923, 7_504),
            row("assets/sign-in-1.js", When::FirstLoad, 13_752, 3_255),
            row("assets/portal-1.wasm", When::Portal, 715_616, 209_776),
            row("assets/part-new_ticket.ticket-1.wasm", When::Part, 119_194, 41_422),
            row("assets/de-1.json", When::Later, 17_800, 5_079),
            row("assets/demo-1.js", When::Development, 2_000, 1_000),
        ];
        let budget = measure(&files);
        let crates = Weights::from([("portal".to_owned(), BTreeMap::from([("core".to_owned(), 2)]))]);
        let json = serde_json::to_string_pretty(&report(files, budget, crates)).unwrap();
        let read: Report = serde_json::from_str(&json).unwrap();

        // Whoever reads it finds, by the names that are documented, the figures of the table, line by line.
        let words = |table: String| -> Vec<Vec<String>> {
            let line = |line: &str| {
                line.split("  ").map(|word| word.trim().replace(',', "")).filter(|word| !word.is_empty()).collect()
            };
            table.lines().skip(1).map(line).collect()
        };
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        let files = value["files"].as_array().unwrap();
        let table = words(files_table(&read.files));
        assert_eq!(files.len(), table.len());
        for (file, line) in files.iter().zip(&table) {
            let text =
                |name: &str| file[name].as_str().map_or_else(|| file[name].to_string(), |word| word.replace('_', " "));
            assert_eq!(line[..3], [file["name"].as_str().unwrap().to_owned(), text("bytes"), text("brotli")]);
        }
        let figures = words(budget_table(&compared(&read.measured, &read.budget)));
        assert_eq!(figures[0][1..], ["10759", "10759"]);
        assert_eq!(value["measured"]["first_load"], 7_504 + 3_255);
        assert_eq!(value["measured"]["pages"]["ticket"], 209_776 + 41_422);
        assert_eq!(value["budget"]["part"], 41_422);
        assert_eq!(value["crates"]["portal"]["core"], 2);
        // Developers' own tools count nowhere.
        assert_eq!(value["measured"]["later"], 5_079);
    }

    #[test]
    fn a_page_without_a_budget_is_over_it() {
        let measured = |pages: &[(&str, u64)]| Measured {
            first_load: 1,
            document: 1,
            portal: 1,
            pages: pages.iter().map(|(page, bytes)| ((*page).to_owned(), *bytes)).collect(),
            part: 1,
            later: 1,
        };
        let budget = measured(&[("ticket", 5)]);
        let over =
            |measured: &Measured| compared(measured, &budget).iter().filter(|(_, own, allowed)| own > allowed).count();
        assert_eq!(over(&measured(&[("ticket", 5)])), 0);
        assert_eq!(over(&measured(&[("ticket", 6)])), 1);
        assert_eq!(over(&measured(&[("ticket", 5), ("help", 1)])), 1);
    }
}
