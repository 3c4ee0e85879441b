//! Which crates the modules' bytes come from, before compression.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::build::named_modules;
use crate::machine::rust;
use crate::{process, progress};

/// How many crates are shown; the rest is small.
const SHOWN: usize = 20;

/// By program and module, the bytes of each crate before compression.
pub(super) type Weights = BTreeMap<String, BTreeMap<String, u64>>;

/// Weighs what was built last.
///
/// # Errors
/// Nothing was built.
pub(super) fn weights() -> Result<Weights> {
    let weigher = rust::built("wasm-parts", "wasm-parts")?;
    let mut weights = Weights::new();
    for (program, modules) in named_modules()? {
        let printed = process::capture(Command::new(&weigher).arg("weigh").args(modules))?;
        let modules: BTreeMap<String, BTreeMap<String, u64>> =
            serde_json::from_str(&printed).context("wasm-parts printed no JSON")?;
        for (path, crates) in modules {
            // All parts together, beside what is loaded first.
            let is_first = Path::new(&path).file_name().is_some_and(|name| name.to_string_lossy().starts_with(program));
            let name = if is_first { program.to_owned() } else { format!("{program}, later") };
            let sum = weights.entry(name).or_default();
            for (owner, bytes) in crates {
                *sum.entry(owner).or_default() += bytes;
            }
        }
    }
    Ok(weights)
}

/// Prints the heaviest crates.
pub(super) fn print(weights: &Weights) {
    let columns: Vec<&String> = weights.keys().collect();
    print!("{:<24}", "bytes of a crate");
    for column in &columns {
        print!(" {column:>14}");
    }
    println!();
    for (owner, row) in table(weights).into_iter().take(SHOWN) {
        print!("{owner:<24}");
        for bytes in row {
            print!(" {:>14}", progress::bytes(bytes));
        }
        println!();
    }
    println!();
}

/// A row for each crate, the heaviest first; a column for each module.
fn table(weights: &Weights) -> Vec<(&str, Vec<u64>)> {
    let owners: BTreeSet<&str> = weights.values().flat_map(BTreeMap::keys).map(String::as_str).collect();
    let row = |owner| weights.values().map(|crates| crates.get(owner).copied().unwrap_or_default()).collect();
    let mut rows: Vec<(&str, Vec<u64>)> = owners.into_iter().map(|owner| (owner, row(owner))).collect();
    rows.sort_by_key(|(_, row)| Reverse(row.iter().sum::<u64>()));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_stand_in_the_order_of_their_weight() {
        let weights = Weights::from([
            ("portal".to_owned(), BTreeMap::from([("core".to_owned(), 2), ("leptos".to_owned(), 9)])),
            ("sign-in".to_owned(), BTreeMap::from([("core".to_owned(), 8), ("std".to_owned(), 1)])),
        ]);
        assert_eq!(table(&weights), [("core", vec![2, 8]), ("leptos", vec![9, 0]), ("std", vec![0, 1])]);
    }
}
