//! From Rust to small WebAssembly modules and their JavaScript.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{Effort, exports};
use crate::fingerprint::{self, Fingerprint};
use crate::machine::{node, rust};
use crate::{process, progress, workspace};

/// The program that a first visit loads.
pub(crate) const FIRST: &str = "sign-in";

/// The programs of the portal, by the names of their binaries; the second is for whoever is signed in.
const PROGRAMS: [&str; 2] = [FIRST, "portal"];

/// What wasm-bindgen and wasm-opt made of a program.
pub(super) struct Module {
    /// The program's name.
    pub(super) name: &'static str,
    /// The module.
    pub(super) wasm: PathBuf,
    /// The JavaScript that starts it and that it calls.
    pub(super) glue: PathBuf,
}

/// Features that workerd and every browser we support have. Never `--all-features`: binaryen then writes compact imports, which Chromium refuses
/// to compile.
pub(super) const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// `-Os` and not `-Oz`: a little more code, of which brotli makes less.
const PASSES: [&str; 4] = ["-Os", "--converge", "--strip-debug", "--strip-producers"];

/// Compiles the programs.
///
/// # Errors
/// A tool fails.
pub(super) fn compile(effort: Effort) -> Result<Vec<Module>> {
    let compiled = progress::step("portal: Rust to WebAssembly", || cargo_build(effort))?;
    let folder = workspace::target().join("xtask/portal");
    fs::create_dir_all(&folder)?;
    let wasm_bindgen = rust::wasm_bindgen()?;
    PROGRAMS
        .into_iter()
        .map(|name| {
            let from = compiled.join(name).with_extension("wasm");
            progress::step(&format!("{name}: bindings"), || bindgen(&wasm_bindgen, name, &from, &folder))?;
            let bound = folder.join(format!("{name}_bg.wasm"));
            let glue = folder.join(format!("{name}.js"));
            if effort == Effort::Quick {
                return Ok(Module { name, wasm: bound, glue });
            }
            let wasm = folder.join(format!("{name}_optimised.wasm"));
            optimise(name, &glue, &bound, &wasm)?;
            Ok(Module { name, wasm, glue })
        })
        .collect()
}

/// Makes a module small; the longest step of all, so it is left out where the module is the one of last time.
fn optimise(name: &str, glue: &Path, bound: &Path, optimised: &Path) -> Result<()> {
    let step = format!("{name}: wasm-opt");
    let exports = exports::of_glue(glue)?;
    let digest = Fingerprint::of(&[&FEATURES[..], &PASSES].concat().join(" "))
        .setting("exports", &exports.join(" "))
        .files(bound)?
        .finish();
    if optimised.is_file() && fingerprint::is_current(&format!("wasm-opt-{name}"), &digest) {
        progress::skipped(&step);
        return Ok(());
    }
    progress::step(&step, || {
        let trimmed = optimised.with_extension("trimmed.wasm");
        exports::keep(&exports, bound, &FEATURES, &trimmed)?;
        let mut wasm_opt = Command::new(node::program("wasm-opt"));
        process::run_quietly(wasm_opt.args(FEATURES).args(PASSES).arg(&trimmed).arg("-o").arg(optimised))
    })?;
    fingerprint::remember(&format!("wasm-opt-{name}"), &digest)
}

/// Compiles the programs' Rust and returns the folder where they lie.
fn cargo_build(effort: Effort) -> Result<PathBuf> {
    let mut command = rust::cargo();
    command.args(["build", "--locked", "--package", "support-spa", "--target", rust::WASM]);
    command.args(PROGRAMS.iter().flat_map(|name| ["--bin", *name]));
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
            // `{:?}` writes nothing: it is for developers, and what derives `Debug` otherwise carries the names of its fields.
            flags.push_str(" -Zunstable-options -Cpanic=immediate-abort -Zfmt-debug=none -Zlocation-detail=none");
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
    Ok(folder.join(rust::WASM).join(profile_folder))
}

fn bindgen(program: &Path, name: &str, compiled: &Path, folder: &Path) -> Result<()> {
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
            .arg(name)
            .arg("--out-dir")
            .arg(folder)
            .arg(compiled),
    )
}
