//! From Rust to small WebAssembly modules and their JavaScript.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{Effort, exports, parts};
use crate::fingerprint::{self, Fingerprint};
use crate::machine::{node, rust};
use crate::{process, progress, workspace};

/// The program that a first visit loads.
pub(crate) const FIRST: &str = "sign-in";

/// The program for whoever is signed in. It comes in parts.
const SIGNED_IN: &str = "portal";

/// The programs of the portal, by the names of their binaries.
const PROGRAMS: [&str; 2] = [FIRST, SIGNED_IN];

/// What wasm-bindgen and wasm-opt made of a program.
pub(super) struct Module {
    /// The program's name.
    pub(super) name: &'static str,
    /// The module.
    pub(super) wasm: PathBuf,
    /// The JavaScript that starts it and that it calls.
    pub(super) glue: PathBuf,
    /// What it loads later.
    pub(super) parts: Vec<Part>,
}

/// A file of a program that is loaded when somebody goes where it is needed.
pub(super) struct Part {
    /// Its name in the script that loads it.
    pub(super) stem: String,
    /// The pages that need it, sorted.
    pub(super) pages: Vec<String>,
    /// The module.
    pub(super) wasm: PathBuf,
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

/// `-Os` and not `-Oz`: a little more code, of which brotli makes less. Names are kept for `cargo xtask size --crates`.
const PASSES: [&str; 3] = ["-Os", "--converge", "--debuginfo"];

/// What is taken out of a module last: names, and who produced it.
const STRIP: [&str; 2] = ["--strip-debug", "--strip-producers"];

/// Where a program's modules are made.
pub(super) fn folder(program: &str) -> PathBuf {
    workspace::target().join("xtask/portal").join(program)
}

/// Compiles the programs.
///
/// # Errors
/// A tool fails.
pub(super) fn compile(effort: Effort) -> Result<Vec<Module>> {
    let compiled = progress::step("portal: Rust to WebAssembly", || cargo_build(effort))?;
    let wasm_bindgen = rust::wasm_bindgen()?;
    let tool = rust::built("wasm-parts", "wasm-parts")?;
    PROGRAMS
        .into_iter()
        .map(|name| {
            let folder = folder(name);
            let linked = compiled.join(name).with_extension("wasm");
            let module = progress::step(&format!("{name}: bindings"), || {
                // What was optimised last time stays, for when nothing has changed.
                fs::create_dir_all(&folder)?;
                let (main, parts) = if name == SIGNED_IN {
                    (folder.join("main.wasm"), parts::cut(&tool, &linked, &folder)?)
                } else {
                    (linked, Vec::new())
                };
                bindgen(&wasm_bindgen, name, effort, &main, &folder)?;
                let wasm = folder.join(format!("{name}_bg.wasm"));
                Ok(Module { name, wasm, glue: folder.join(format!("{name}.js")), parts })
            })?;
            if effort == Effort::Quick { Ok(module) } else { shorten(&tool, optimise(module)?) }
        })
        .collect()
}

/// Makes a program's modules small; the longest step of all, so it is left out where they are those of last time.
fn optimise(mut module: Module) -> Result<Module> {
    let name = module.name;
    let step = format!("{name}: wasm-opt");
    let mut exports = exports::of_glue(&module.glue)?;
    if !module.parts.is_empty() {
        exports.extend(parts::shared_exports(&folder(name))?);
    }
    let trimmed = module.wasm.with_extension("trimmed.wasm");
    let mut digest = Fingerprint::of(&[&FEATURES[..], &PASSES, &STRIP].concat().join(" "))
        .setting("exports", &exports.join(" "))
        .files(&module.wasm)?;
    let small = optimised(&module.wasm);
    let mut work = vec![(trimmed.clone(), small.clone())];
    let bound = std::mem::replace(&mut module.wasm, small);
    for part in &mut module.parts {
        digest = digest.files(&part.wasm)?;
        let small = optimised(&part.wasm);
        work.push((std::mem::replace(&mut part.wasm, small.clone()), small));
    }
    let digest = digest.finish();
    let stamp = format!("wasm-opt-{name}");
    if work.iter().all(|(_, small)| small.is_file()) && fingerprint::is_current(&stamp, &digest) {
        progress::skipped(&step);
        return Ok(module);
    }
    progress::step(&step, || {
        exports::keep(&exports, &bound, &FEATURES, &trimmed)?;
        work.iter().try_for_each(|(from, small)| {
            let named = named(small);
            let wasm_opt = || Command::new(node::program("wasm-opt"));
            process::run_quietly(wasm_opt().args(FEATURES).args(PASSES).arg(from).arg("-o").arg(&named))?;
            process::run_quietly(wasm_opt().args(FEATURES).args(STRIP).arg(&named).arg("-o").arg(small))
        })
    })?;
    fingerprint::remember(&stamp, &digest)?;
    Ok(module)
}

/// Shortens the names by which the module and its glue know each other.
fn shorten(tool: &Path, mut module: Module) -> Result<Module> {
    let short = module.wasm.with_extension("short.wasm");
    let names = process::capture(Command::new(tool).arg("shorten").arg(&module.wasm).arg(&short))?;
    let names: BTreeMap<String, String> = serde_json::from_str(&names).context("wasm-parts printed no JSON")?;
    exports::rename_in_glue(&module.glue, &names)?;
    module.wasm = short;
    Ok(module)
}

fn optimised(module: &Path) -> PathBuf {
    module.with_extension("optimised.wasm")
}

/// The module as it is shipped, with the names of its functions.
fn named(optimised: &Path) -> PathBuf {
    optimised.with_extension("named.wasm")
}

/// The modules of the programs as they are shipped, with the names of their functions: by program, the first is what is loaded first.
///
/// # Errors
/// They were not built.
pub(crate) fn named_modules() -> Result<Vec<(&'static str, Vec<PathBuf>)>> {
    PROGRAMS
        .into_iter()
        .map(|program| {
            let mut files = fingerprint::files_below(&folder(program))?;
            files.retain(|file| file.to_string_lossy().ends_with(".optimised.named.wasm"));
            Ok((program, files))
        })
        .collect()
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

fn bindgen(program: &Path, name: &str, effort: Effort, linked: &Path, folder: &Path) -> Result<()> {
    let mut command = Command::new(program);
    command.args(["--target", "web", "--no-typescript"]);
    if effort == Effort::Quick {
        command.args(["--remove-name-section", "--remove-producers-section"]);
    }
    if name == SIGNED_IN {
        // The parts share memory, stack and function table with what was loaded before them.
        command.arg("--keep-lld-exports");
    }
    process::run_quietly(command.arg("--out-name").arg(name).arg("--out-dir").arg(folder).arg(linked))
}
