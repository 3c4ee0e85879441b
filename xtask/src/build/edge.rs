//! The worker: from Rust to what wrangler uploads.

use std::process::Command;

use anyhow::{Context, Result};

use super::Effort;
use crate::fingerprint::{self, Fingerprint};
use crate::machine::{node, rust};
use crate::{process, progress, workspace};

/// How the worker is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// As it is shipped.
    Shipped,
    /// Quickly, for development and tests of behaviour.
    Quick,
}

impl From<Effort> for Profile {
    fn from(effort: Effort) -> Self {
        if effort == Effort::Quick { Self::Quick } else { Self::Shipped }
    }
}

/// Builds `edge-worker/build/`.
///
/// # Errors
/// A tool is missing or fails.
pub(crate) fn build(profile: Profile) -> Result<()> {
    let _alone = fingerprint::alone("worker")?;
    let digest = inputs(profile)?;
    if fingerprint::is_current("edge", &digest) && workspace::path("edge-worker/build/index.js").is_file() {
        progress::skipped("worker");
        return Ok(());
    }
    let worker_build = rust::worker_build()?;
    let wasm_bindgen = rust::wasm_bindgen()?;
    progress::step("worker: Rust to WebAssembly, bindings, bundle", || {
        let mut command = Command::new(worker_build);
        match profile {
            Profile::Shipped => command.args(["--profile", "wasm-edge"]).env("RUSTFLAGS", rust::without_paths()?),
            Profile::Quick => command.arg("--dev"),
        };
        process::run_quietly(
            command
                .current_dir(workspace::path("edge-worker"))
                .env("WASM_BINDGEN_BIN", wasm_bindgen)
                .env("WASM_OPT_BIN", node::program("wasm-opt"))
                .env("ESBUILD_BIN", node::program("esbuild")),
        )
    })
    .context("the worker does not build")?;
    fingerprint::remember("edge", &digest)
}

fn inputs(profile: Profile) -> Result<String> {
    Ok(Fingerprint::of("worker 1")
        .setting("profile", if profile == Profile::Shipped { "shipped" } else { "quick" })
        .setting("compiler", &rust::compiler_version()?)
        .files(&workspace::path("Cargo.toml"))?
        .files(&workspace::path("Cargo.lock"))?
        .files(&workspace::path("shared/Cargo.toml"))?
        .files(&workspace::path("shared/src"))?
        .files(&workspace::path("edge-worker"))?
        .files(&workspace::path("support-spa/dist/release.json"))?
        .finish())
}
