//! Cutting a program into what is loaded first and what is loaded when it is needed.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use serde_json::Value;
use wasm_split_cli_support::{Options, transform};

/// Cuts a program that was linked with `--emit-relocs`. The folder then holds `main.wasm`, for wasm-bindgen; the parts; and `parts.js`,
/// by which the first loads the others. Prints which files each part needs, without `.wasm`: its own, and those it shares.
///
/// # Errors
/// The program cannot be read, was linked without relocations, or the folder cannot be written to.
pub(super) fn cut(program: &Path, folder: &Path) -> Result<Value> {
    let content = fs::read(program).with_context(|| format!("cannot read {}", program.display()))?;
    let main = folder.join("main.wasm");
    let mut options = Options::new(&content);
    options.output_dir = folder;
    options.main_out_path = &main;
    options.link_name = "./parts.js";
    options.main_module = "./portal.js";
    options.emit_dwarf = false;
    let parts = transform(options)
        .map_err(|error| anyhow!("{error:#}"))
        .with_context(|| format!("{} cannot be cut into parts", program.display()))?;
    Ok(serde_json::to_value(parts.prefetch_map)?)
}
