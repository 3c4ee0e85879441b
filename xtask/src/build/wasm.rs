//! From Rust to a small WebAssembly module and its JavaScript.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::Effort;
use crate::machine::{node, rust};
use crate::{process, progress, workspace};

/// What wasm-bindgen and wasm-opt made of the portal.
pub(super) struct Module {
    /// The module.
    pub(super) wasm: PathBuf,
    /// The JavaScript that starts it and that it calls.
    pub(super) glue: PathBuf,
}

/// Features that every browser we support has. Never `--all-features`: binaryen then writes compact imports, which Chromium refuses
/// to compile.
const WASM_OPT: [&str; 10] = [
    "-Oz",
    "--converge",
    "--strip-debug",
    "--strip-producers",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Compiles the portal.
///
/// # Errors
/// A tool fails.
pub(super) fn compile(effort: Effort) -> Result<Module> {
    let compiled = progress::step("portal: Rust to WebAssembly", || cargo_build(effort))?;
    let folder = workspace::target().join("xtask/portal");
    fs::create_dir_all(&folder)?;
    let wasm_bindgen = rust::wasm_bindgen()?;
    progress::step("portal: bindings", || bindgen(&wasm_bindgen, &compiled, &folder))?;
    let bound = folder.join("support_spa_bg.wasm");
    let wasm = if effort == Effort::Quick {
        bound
    } else {
        let optimised = folder.join("optimised.wasm");
        progress::step("portal: wasm-opt", || {
            process::run_quietly(
                Command::new(node::program("wasm-opt")).args(WASM_OPT).arg(&bound).arg("-o").arg(&optimised),
            )
        })?;
        optimised
    };
    Ok(Module { wasm, glue: folder.join("support_spa.js") })
}

fn cargo_build(effort: Effort) -> Result<PathBuf> {
    let mut command = rust::cargo();
    command.args(["build", "--locked", "--package", "support-spa", "--lib", "--target", rust::WASM]);
    let mut folder = workspace::target();
    let profile = match effort {
        Effort::Quick => "dev",
        Effort::Stable | Effort::Smallest => "wasm-portal",
    };
    command.args(["--profile", profile]);
    // Flags in the environment replace those of `.cargo/config.toml`, which the quick build takes, so `erase_components` is repeated.
    let mut flags = match effort {
        Effort::Quick => String::new(),
        Effort::Stable | Effort::Smallest => format!("--cfg erase_components {}", rust::without_paths()?),
    };
    if effort == Effort::Smallest {
        if rust::has_library_source() {
            // Rebuilding the standard library needs unstable flags; the compiler is still the pinned stable one.
            command
                .env("RUSTC_BOOTSTRAP", "1")
                .args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]);
            flags.push_str(" -Zunstable-options -Cpanic=immediate-abort");
            // Other flags would make cargo throw away what it built with ours, and the other way round.
            folder.push("portal");
            command.arg("--target-dir").arg(&folder);
        } else {
            progress::note(
                "Rust's library source is missing, so the portal will be about a tenth larger: `rustup component add rust-src`",
            );
        }
    }
    if !flags.is_empty() {
        command.env("RUSTFLAGS", flags);
    }
    process::run(&mut command).context("the portal does not compile")?;
    let profile_folder = if profile == "dev" { "debug" } else { profile };
    Ok(folder.join(rust::WASM).join(profile_folder).join("support_spa.wasm"))
}

fn bindgen(program: &Path, compiled: &Path, folder: &Path) -> Result<()> {
    process::run_quietly(
        Command::new(program)
            .args([
                "--target",
                "web",
                "--no-typescript",
                "--remove-name-section",
                "--remove-producers-section",
                "--out-name",
            ])
            .arg("support_spa")
            .arg("--out-dir")
            .arg(folder)
            .arg(compiled),
    )
}
