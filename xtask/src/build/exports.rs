//! Taking out of a program what only its exports hold on to.
//!
//! Libraries export classes to JavaScript that our pages never touch, and an export is a root for every optimiser. What the glue offers
//! beside plain functions goes, and then every export that the glue no longer names.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
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
            .arg(module)
            .arg("--graph-file")
            .arg(&file)
            .arg("-o")
            .arg(trimmed),
    )
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
}
