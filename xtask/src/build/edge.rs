//! The worker: from Rust to what wrangler uploads.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{Effort, wasm};
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

/// Builds `edge-worker/build/`: `index.js`, which wrangler uploads, and `index_bg.wasm`, which it imports.
///
/// # Errors
/// A tool is missing or fails.
pub(crate) fn build(profile: Profile) -> Result<()> {
    let _alone = fingerprint::alone("worker")?;
    let inputs = inputs(profile)?;
    let built = workspace::path("edge-worker/build");
    // What lies there counts too: somebody may have put another worker into the folder by hand.
    if fingerprint::is_current("edge", &with_output(&inputs, &built)?) {
        progress::skipped("worker");
        return Ok(());
    }
    let wasm_bindgen = rust::wasm_bindgen()?;
    let compiled = progress::step("worker: Rust to WebAssembly", || compile(profile))?;
    progress::step("worker: bindings and bundle", || bundle(profile, &wasm_bindgen, &compiled, &built))
        .context("the worker does not build")?;
    fingerprint::remember("edge", &with_output(&inputs, &built)?)
}

fn with_output(inputs: &str, built: &Path) -> Result<String> {
    Ok(Fingerprint::of(inputs).files(&built.join("index.js"))?.files(&built.join("index_bg.wasm"))?.finish())
}

fn compile(profile: Profile) -> Result<PathBuf> {
    let (name, folder) = match profile {
        Profile::Shipped => ("wasm-edge", "wasm-edge"),
        Profile::Quick => ("dev", "debug"),
    };
    let mut command = rust::cargo();
    command.args(["build", "--quiet", "--locked", "--package", "edge-worker", "--lib", "--target", rust::WASM]);
    command.args(["--profile", name]);
    // What is built here is for the portal that lies here, whatever somebody's shell says.
    command.env_remove("PORTAL_RELEASE");
    if profile == Profile::Shipped {
        command.env("RUSTFLAGS", format!("-Ctarget-feature=+simd128 {}", rust::without_paths()?));
    }
    process::run(&mut command).context("the worker does not compile")?;
    Ok(workspace::target().join(rust::WASM).join(folder).join("edge_worker.wasm"))
}

/// Everything is made beside the result and moved there at the end, so that a running wrangler never reads half of it.
fn bundle(profile: Profile, wasm_bindgen: &Path, compiled: &Path, built: &Path) -> Result<()> {
    let making = workspace::target().join("xtask/worker");
    workspace::empty(&making)?;
    let mut bind = Command::new(wasm_bindgen);
    bind.args(["--target", "module", "--no-typescript", "--out-name", "index", "--out-dir"]).arg(&making).arg(compiled);
    // A dead instance is replaced by a new one (`entry.js`).
    process::run_quietly(bind.args(["--experimental-reset-state-function", "--force-enable-abort-handler"]))?;

    fs::copy(workspace::path("edge-worker/src/workerd/entry.js"), making.join("entry.js"))?;
    let mut esbuild = Command::new(node::program("esbuild"));
    esbuild.current_dir(&making).args(["entry.js", "--bundle", "--format=esm", "--outfile=bundle.js"]);
    esbuild.args(["--external:./index_bg.wasm", "--external:cloudflare:*", "--log-level=warning"]);
    if profile == Profile::Shipped {
        esbuild.arg("--minify");
    }
    process::run_quietly(&mut esbuild)?;

    let wasm = making.join("index_bg.wasm");
    if profile == Profile::Shipped {
        let optimised = making.join("optimised.wasm");
        process::run_quietly(
            Command::new(node::program("wasm-opt"))
                .args(["-O", "--strip-debug", "--enable-exception-handling", "--enable-simd"])
                .args(wasm::FEATURES)
                .arg(&wasm)
                .arg("-o")
                .arg(&optimised),
        )?;
        fs::rename(&optimised, &wasm)?;
    }
    // wrangler makes a compiled module of a plain import; it does not know the source phase yet. The last line is for whoever watches the
    // script alone: it changes with the module beside it.
    let script = fs::read_to_string(making.join("bundle.js"))?.replace("import source ", "import ");
    let digest = Fingerprint::of("index_bg.wasm").files(&wasm)?.finish();
    fs::write(making.join("bundle.js"), format!("{script}// {digest}\n"))?;
    fs::create_dir_all(built)?;
    fs::rename(&wasm, built.join("index_bg.wasm"))?;
    fs::rename(making.join("bundle.js"), built.join("index.js"))?;
    Ok(())
}

fn inputs(profile: Profile) -> Result<String> {
    Ok(Fingerprint::of("worker 4")
        .setting("profile", if profile == Profile::Shipped { "shipped" } else { "quick" })
        .setting("compiler", &rust::compiler_version()?)
        .files(&workspace::path("Cargo.toml"))?
        .files(&workspace::path("Cargo.lock"))?
        .files(&workspace::path("shared/Cargo.toml"))?
        .files(&workspace::path("shared/src"))?
        .files(&workspace::path("edge-worker/Cargo.toml"))?
        .files(&workspace::path("edge-worker/build.rs"))?
        .files(&workspace::path("edge-worker/src"))?
        .files(&workspace::path("support-spa/dist/release.json"))?
        .finish())
}
