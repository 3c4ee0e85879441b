//! Taking out of a program what only its exports hold on to.
//!
//! Libraries export classes to JavaScript that our pages never touch, and an export is a root for every optimiser. What the glue offers
//! beside plain functions goes, and then every export that the glue no longer names.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::machine::node;
use crate::process;

/// Takes classes out of the glue, and says which exports of the module what is left of it names.
///
/// # Errors
/// The glue cannot be read or written.
pub(super) fn of_glue(glue: &Path) -> Result<Vec<String>> {
    let text = fs::read_to_string(glue).with_context(|| format!("wasm-bindgen wrote no {}", glue.display()))?;
    let text = without_classes(&text);
    fs::write(glue, &text)?;
    Ok(exports(&text))
}

/// Removes every other export from the module, with all that only they needed.
///
/// # Errors
/// binaryen fails.
pub(super) fn keep(exports: &[String], module: &Path, features: &[&str], trimmed: &Path) -> Result<()> {
    let mut graph = vec![json!({ "name": "page", "root": true, "reaches": exports })];
    graph.extend(exports.iter().map(|name| json!({ "name": name, "export": name })));
    let file = trimmed.with_extension("graph.json");
    fs::write(&file, Value::from(graph).to_string())?;
    process::run_quietly(
        Command::new(node::program("wasm-metadce"))
            .args(features)
            .arg("--debuginfo")
            .arg(module)
            .arg("--graph-file")
            .arg(&file)
            .arg("-o")
            .arg(trimmed),
    )
}

/// Gives what the module imports and exports other names in the glue, too.
///
/// # Errors
/// The glue cannot be read or written, or does not name one of them.
pub(super) fn rename_in_glue(glue: &Path, names: &BTreeMap<String, String>) -> Result<()> {
    fs::write(glue, renamed(&fs::read_to_string(glue)?, names)?)?;
    Ok(())
}

/// Names are replaced as whole words, so that one which begins like another stays itself.
fn renamed(glue: &str, names: &BTreeMap<String, String>) -> Result<String> {
    let mut text = String::with_capacity(glue.len());
    let mut met = BTreeSet::new();
    let mut rest = glue;
    while !rest.is_empty() {
        let is_word = |letter: char| letter.is_ascii_alphanumeric() || "_$./-".contains(letter);
        let end = match rest.find(is_word) {
            Some(0) => rest.find(|letter| !is_word(letter)).unwrap_or(rest.len()),
            Some(start) => start,
            None => rest.len(),
        };
        let (word, after) = rest.split_at(end);
        // `wasm.name` is one word of this kind.
        let (owner, name) = word.strip_prefix("wasm.").map_or(("", word), |name| ("wasm.", name));
        match names.get_key_value(name) {
            Some((name, short)) => {
                met.insert(name);
                text.extend([owner, short]);
            }
            None => text.push_str(word),
        }
        rest = after;
    }
    if let Some(name) = names.keys().find(|name| !met.contains(name)) {
        bail!("the glue does not name {name}");
    }
    Ok(text)
}

/// wasm-bindgen writes a class as `export class … {` up to a line of `}`, then a line for `Symbol.dispose`, and further down a constant
/// that frees what was forgotten. Our programs offer functions only, so no class is needed.
fn without_classes(glue: &str) -> String {
    let mut kept = String::with_capacity(glue.len());
    let mut end = None;
    for line in glue.lines() {
        if line.starts_with("export class ") {
            end = Some("}");
        } else if line.starts_with("const ") && line.contains("Finalization = ") {
            end = Some(";");
        }
        match end {
            Some(last) if line.ends_with(last) && (last == ";" || line == last) => end = None,
            Some(_) => {}
            None if line.starts_with("if (Symbol.dispose) ") => {}
            None => {
                kept.push_str(line);
                kept.push('\n');
            }
        }
    }
    kept
}

/// What the glue takes from the module, as `wasm.name`, and the module's memory.
fn exports(glue: &str) -> Vec<String> {
    let named = glue.split("wasm.").skip(1).map(|rest| {
        let length = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && !"_$".contains(letter));
        rest[..length.unwrap_or(rest.len())].to_owned()
    });
    let mut names: Vec<_> = named.chain(["memory".to_owned()]).filter(|name| !name.is_empty()).collect();
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLUE: &str = "export class Sink {\n    free() {\n        wasm.__wbg_sink_free(0);\n    }\n}\n\
        if (Symbol.dispose) Sink.prototype[Symbol.dispose] = Sink.prototype.free;\n\
        export function start() {\n    wasm.start();\n}\n\
        const SinkFinalization = (typeof FinalizationRegistry === 'undefined')\n    ? { register: () => {} }\n    \
        : new FinalizationRegistry(ptr => wasm.__wbg_sink_free(ptr, 1));\n\
        const view = wasm.memory.buffer;\n";

    #[test]
    fn keeps_functions_and_what_they_call() {
        let glue = without_classes(GLUE);
        assert_eq!(glue, "export function start() {\n    wasm.start();\n}\nconst view = wasm.memory.buffer;\n");
        assert_eq!(exports(&glue), ["memory", "start"]);
        assert_eq!(exports(GLUE), ["__wbg_sink_free", "memory", "start"]);
    }

    #[test]
    fn names_are_replaced_as_whole_words() {
        let names = |list: &[(&str, &str)]| list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let both = names(&[("push_1", "$0"), ("./x_bg.js", "_")]);
        let glue = "{ push_1: function() { wasm.push_1(push_12, a.push_1); }, \"./x_bg.js\": import0 }";
        let expected = "{ $0: function() { wasm.$0(push_12, a.push_1); }, \"_\": import0 }";
        assert_eq!(renamed(glue, &both).unwrap(), expected);
        assert!(renamed(glue, &names(&[("pop_1", "$0")])).is_err());
    }
}
