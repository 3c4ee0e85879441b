//! The Rust toolchain's parts, and the tools that cargo builds for us.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::fingerprint::{self, Fingerprint};
use crate::{process, progress, workspace};

/// The target of everything that runs in a browser or in the worker.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Cargo in the repository's root.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace::root());
    // What cargo tells us of our own package would be taken for something that has changed by build scripts that look at it, and what
    // somebody built in a terminal would be built again.
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
            command.env_remove(name);
        }
    }
    command
}

/// Makes sure that a C compiler and the WebAssembly target are there.
///
/// # Errors
/// One is missing and cannot be had.
pub(crate) fn prepare() -> Result<()> {
    if !["cc", "gcc", "clang"].iter().any(|name| process::ask(Command::new(name).arg("--version")).is_some()) {
        bail!(
            "there is no C compiler, and SQLite and the linker need one. Install it (Debian: `apt install build-essential`, \
             macOS: `xcode-select --install`) and run the command again."
        );
    }
    if sysroot()?.join("lib/rustlib").join(WASM).join("lib").is_dir() {
        return Ok(());
    }
    progress::step("Rust's WebAssembly target", || {
        process::run_quietly(Command::new("rustup").args(["target", "add", WASM]).current_dir(workspace::root())).with_context(|| {
            format!("the Rust target {WASM} is missing and could not be added. Run `rustup target add {WASM}` and then this command again")
        })
    })
}

/// Whether the standard library's source is there, with which the portal is built smaller.
pub(crate) fn has_library_source() -> bool {
    let there = || sysroot().is_ok_and(|root| root.join("lib/rustlib/src/rust/library/std/src/lib.rs").is_file());
    // On a fresh machine rustup may not have been asked for it yet; without network the portal is built plainly.
    there()
        || process::ask(Command::new("rustup").args(["component", "add", "rust-src"]).current_dir(workspace::root()))
            .is_some()
            && there()
}

/// The version of the compiler, with its commit.
///
/// # Errors
/// rustc does not run.
pub(crate) fn compiler_version() -> Result<String> {
    process::capture(Command::new("rustc").args(["--version", "--verbose"]).current_dir(workspace::root()))
}

/// wasm-bindgen's own program, built from the workspace's lock file, and kept apart from what cargo rebuilds.
///
/// # Errors
/// It does not build.
pub(crate) fn wasm_bindgen() -> Result<PathBuf> {
    let kept = workspace::target().join("tools/bin/wasm-bindgen");
    let digest = Fingerprint::of("wasm-bindgen 1")
        .files(&workspace::path("xtask/wasm-bindgen-runner"))?
        .setting("compiler", &compiler_version()?)
        .finish();
    if !kept.is_file() || !fingerprint::is_current("wasm-bindgen", &digest) {
        let built = progress::step("wasm-bindgen (once)", || built("wasm-bindgen-runner", "wasm-bindgen-cli"))?;
        std::fs::create_dir_all(workspace::target().join("tools/bin"))?;
        std::fs::copy(&built, &kept).with_context(|| format!("cannot keep {}", workspace::shown(&kept)))?;
        fingerprint::remember("wasm-bindgen", &digest)?;
    }
    Ok(kept)
}

/// Builds one program of the workspace for this machine and says where it is.
///
/// # Errors
/// It does not build.
pub(crate) fn built(package: &str, program: &str) -> Result<PathBuf> {
    process::run(cargo().args(["build", "--quiet", "--locked", "--package", package, "--bin", program]))?;
    Ok(workspace::target().join("debug").join(program))
}

/// Compiler flags by which what is shipped does not say where it was built: panics carry paths.
///
/// # Errors
/// rustc does not run.
pub(crate) fn without_paths() -> Result<String> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home =
        home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo"))).context("there is no home folder")?;
    let places = [(home, "/cargo"), (sysroot()?, "/rust"), (workspace::root(), "/source")];
    let flags = places.iter().map(|(place, name)| format!("--remap-path-prefix={}={name}", place.display()));
    Ok(flags.collect::<Vec<_>>().join(" "))
}

fn sysroot() -> Result<PathBuf> {
    let root = process::capture(Command::new("rustc").args(["--print", "sysroot"]).current_dir(workspace::root()))
        .context("rustc does not run. Install Rust with rustup (https://rustup.rs) and run the command again")?;
    Ok(PathBuf::from(root.trim()))
}
