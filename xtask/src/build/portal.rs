//! The portal: from Rust, JavaScript, CSS and a page template to `support-spa/dist/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::release::Release;
use super::{Effort, assets, earlier, html, parts, wasm};
use crate::fingerprint::{self, Fingerprint, hexadecimal};
use crate::machine::{node, rust};
use crate::{process, progress, workspace};

/// Browsers for which scripts and styles are written: the oldest with passkeys, WebAssembly under a CSP, and `:has`.
const BROWSERS: &str = "--target=chrome111,firefox121,safari16.4";

/// The script that makes demo customers, where the page stands on a development system.
pub(crate) const DEMO: &str = "demo";

/// The portal's source.
const SOURCE: &str = "support-spa";

/// Builds `support-spa/dist/`.
///
/// # Errors
/// A tool is missing or fails, or the page's template and the build do not fit.
pub(crate) fn build(effort: Effort) -> Result<()> {
    let _alone = fingerprint::alone("portal")?;
    let digest = inputs(effort)?;
    let dist = workspace::path(SOURCE).join("dist");
    if fingerprint::is_current("portal", &digest) && dist.join("index.html").is_file() {
        progress::skipped("portal");
        return Ok(());
    }
    let modules = wasm::compile(effort)?;
    let prerendered = progress::step("portal: shell and languages", prerender)?;
    // Built beside the old one and then put in its place, so that a half-built site is never served.
    let next = workspace::target().join("xtask/dist");
    workspace::empty(&next)?;
    progress::step("portal: page, scripts, styles, compression", || assemble(effort, &modules, &prerendered, &next))?;
    replace(&next, &dist)?;
    fingerprint::remember("portal", &digest)
}

fn inputs(effort: Effort) -> Result<String> {
    Ok(Fingerprint::of("portal 1")
        .setting("stamp", &stamp())
        .setting("effort", &format!("{effort:?}"))
        .setting("compiler", &rust::compiler_version()?)
        .files(&workspace::path("Cargo.toml"))?
        .files(&workspace::path("Cargo.lock"))?
        .files(&workspace::path("package-lock.json"))?
        .files(&workspace::path("shared/Cargo.toml"))?
        .files(&workspace::path("shared/src"))?
        .files(&workspace::path(SOURCE))?
        .files(&workspace::path("edge-worker/src/policy"))?
        .files(&workspace::path("xtask/src/build"))?
        .files(&workspace::path("xtask/wasm-parts"))?
        .finish())
}

/// Renders the shell and writes the languages, on this machine, from the same components. Returns the folder.
fn prerender() -> Result<PathBuf> {
    let folder = workspace::target().join("xtask/prerendered");
    workspace::empty(&folder)?;
    let mut command = rust::cargo();
    command.args([
        "run",
        "--quiet",
        "--locked",
        "--package",
        SOURCE,
        "--bin",
        "prerender",
        "--no-default-features",
        "--features",
        "ssr",
        "--",
    ]);
    process::run(command.arg(&folder))?;
    Ok(folder)
}

fn assemble(effort: Effort, modules: &[wasm::Module], prerendered: &Path, dist: &Path) -> Result<()> {
    let quality = if effort == Effort::Quick { 5 } else { 11 };
    let asset = |stem: &str, extension: &str, content: &[u8]| -> Result<String> {
        let name = assets::hashed_name(stem, extension, content);
        assets::write_compressed(&dist.join(assets::FOLDER), &name, content, quality)?;
        Ok(format!("/{}/{name}", assets::FOLDER))
    };

    let style = bundle("style/main.css", &[])?;
    let style_path = asset("portal", "css", style.as_bytes())?;
    let mut programs = serde_json::Map::new();
    let mut known_parts = Value::Null;
    let mut script_hashes = Vec::new();
    let mut preload = Vec::new();
    for module in modules {
        let module_path = asset(module.name, "wasm", &fs::read(&module.wasm)?)?;
        // What signed-in people need, boot.js asks for: a header does not know who they are.
        if module.name == wasm::FIRST {
            preload.push(module_path.clone());
        }
        if !module.parts.is_empty() {
            let opened_by = prerendered.join("opened-by.json");
            known_parts = parts::publish(module, &wasm::folder(module.name), &opened_by, dist, quality)?;
        }
        let script = bundle_program(module, &module_path)?;
        let script_path = asset(module.name, "js", script.as_bytes())?;
        let integrity = assets::integrity(script.as_bytes());
        let mut program = json!({ "script": script_path, "integrity": integrity, "module": module_path });
        // The sign-in page's style stands in the page.
        if module.name != wasm::FIRST {
            program["style"] = Value::from(style_path.as_str());
            program["style_integrity"] = Value::from(assets::integrity(style.as_bytes()));
        }
        script_hashes.push(integrity);
        programs.insert(module.name.to_owned(), program);
    }
    let demo = bundle("loader/demo.js", &["--format=esm".to_owned()])?;
    let demo_path = asset(DEMO, "js", demo.as_bytes())?;
    let demo_integrity = assets::integrity(demo.as_bytes());
    script_hashes.push(demo_integrity.clone());
    programs.insert(DEMO.to_owned(), json!({ "script": demo_path, "integrity": demo_integrity }));
    let boot = bundle(
        "loader/boot.js",
        &[
            "--format=iife".to_owned(),
            format!("--define:PROGRAMS={}", Value::Object(programs)),
            format!("--define:PARTS={known_parts}"),
        ],
    )?;
    script_hashes.push(assets::integrity(boot.as_bytes()));
    let offline = bundle("loader/offline.js", &["--format=esm".to_owned()])?;
    let offline_path = asset("offline", "js", offline.as_bytes())?;
    let offline_integrity = assets::integrity(offline.as_bytes());
    script_hashes.push(offline_integrity.clone());
    let critical = bundle("style/critical.css", &[])?;
    let languages = languages(&prerendered.join("i18n"), dist, quality)?;

    let template =
        fs::read_to_string(workspace::path(SOURCE).join("index.html")).context("support-spa/index.html is missing")?;
    let shell = fs::read_to_string(prerendered.join("shell.html")).context("`prerender` wrote no shell.html")?;
    let last_resort =
        fs::read_to_string(prerendered.join("last-resort.html")).context("`prerender` wrote no last-resort.html")?;
    let page = html::fill(
        &html::minify(&template),
        &[
            ("boot", &boot),
            ("offline", &offline_path),
            ("offline_integrity", &offline_integrity),
            ("critical_css", &critical),
            ("languages", &languages),
            ("shell", shell.trim()),
            ("last_resort", last_resort.trim()),
        ],
    )?;
    assets::write_compressed(dist, "index.html", page.as_bytes(), quality)?;
    for name in ["robots.txt", "favicon.svg"] {
        let content = fs::read(workspace::path(SOURCE).join("public").join(name))?;
        assets::write_compressed(dist, name, &content, quality)?;
    }

    let release = Release {
        version: hexadecimal(&Sha256::digest(page.as_bytes())[..8]),
        script_hashes,
        style_hashes: vec![assets::integrity(critical.as_bytes())],
        preload,
        previous: Vec::new(),
    };
    assets::write(dist, "release.json", &serde_json::to_vec_pretty(&release)?)?;
    let hashed = fingerprint::files_below(&dist.join(assets::FOLDER))?;
    let hashed = hashed.iter().filter(|file| file.extension().is_some_and(|extension| extension != "br"));
    let paths: Vec<String> =
        hashed.filter_map(|file| Some(format!("/{}", file.strip_prefix(dist).ok()?.display()))).collect();
    let kept: Vec<&str> = paths.iter().map(String::as_str).filter(|path| *path != demo_path).collect();
    let worker = bundle_offline_worker(&release.version, &page, &kept)?;
    assets::write_compressed(dist, "offline-worker.js", worker.as_bytes(), quality)?;
    earlier::list(dist, &release.version, paths)?;

    write_headers(dist)?;
    Ok(())
}

/// Writes `_headers` for the release in a folder: what the Pages project sends to whoever asks it past the worker.
///
/// # Errors
/// The release does not read, or the file cannot be written.
pub(crate) fn write_headers(folder: &Path) -> Result<()> {
    let mut policy = rust::cargo();
    policy.args(["run", "--quiet", "--locked", "--package", "pages-headers", "--"]).arg(folder.join("release.json"));
    assets::write(folder, "_headers", process::capture(&mut policy)?.as_bytes())?;
    Ok(())
}

/// A program's glue and the lines that start it, as one module: one request, one hash in the policy.
fn bundle_program(module: &wasm::Module, module_path: &str) -> Result<String> {
    let options = [
        "--format=esm".to_owned(),
        format!("--alias:program={}", module.glue.display()),
        format!("--define:PROGRAM_MODULE={}", Value::from(module_path)),
    ];
    let script = bundle(if module.name == wasm::FIRST { "loader/program.js" } else { "loader/portal.js" }, &options)?;
    Ok(if stamp().is_empty() { script } else { format!("{script}\n/* {} */", stamp()) })
}

/// Makes another release of the same source, for rehearsals of a deployment.
fn stamp() -> String {
    std::env::var("PORTAL_STAMP").unwrap_or_default()
}

/// The service worker with the files that it keeps: those that the page names, and the parts that come later. Of the languages only the
/// chosen one is kept, and the page sees to that.
fn bundle_offline_worker(version: &str, page: &str, paths: &[&str]) -> Result<String> {
    let loaded = paths.iter().copied().filter(|path| !path.ends_with(".json"));
    let (named, later): (Vec<&str>, Vec<&str>) = loaded.partition(|path| page.contains(path));
    let named: Vec<&str> = ["/favicon.svg"].into_iter().chain(named).collect();
    let options = [
        "--format=iife".to_owned(),
        format!("--define:FILES={}", Value::from(named)),
        format!("--define:PARTS={}", Value::from(later)),
        format!("--define:CACHE={}", Value::from(version)),
    ];
    bundle("loader/offline-worker.js", &options)
}

/// Bundles and minifies a script or a style sheet.
fn bundle(entry: &str, options: &[String]) -> Result<String> {
    let name = Path::new(entry).file_name().unwrap_or_default();
    let out = workspace::target().join("xtask/portal").join(name);
    let mut command = Command::new(node::program("esbuild"));
    command
        .arg(workspace::path(SOURCE).join(entry))
        .args(["--bundle", "--minify", "--charset=utf8", "--legal-comments=none", "--log-level=warning", BROWSERS])
        .args(options)
        .arg(format!("--outfile={}", out.display()));
    process::run_quietly(command.current_dir(workspace::root()))?;
    let bundled = fs::read_to_string(&out).with_context(|| format!("esbuild wrote no {}", workspace::shown(&out)))?;
    // An inline script's hash is over exactly what stands between its tags.
    Ok(bundled.trim_end().to_owned())
}

/// Writes the languages' files and says in the page where they are. They have one digest: their texts change together.
fn languages(folder: &Path, dist: &Path, quality: i32) -> Result<String> {
    let files = fingerprint::files_below(folder)?;
    let contents = files.iter().map(|file| Ok(fs::read(file)?)).collect::<Result<Vec<_>>>()?;
    let digest = assets::digest(&contents.concat());
    for (file, content) in files.iter().zip(&contents) {
        let tag = file.file_stem().unwrap_or_default().to_string_lossy();
        assets::write_compressed(&dist.join(assets::FOLDER), &format!("{tag}-{digest}.json"), content, quality)?;
    }
    Ok(format!("<meta name=\"i18n\" content=\"/{}/*-{digest}.json\">", assets::FOLDER))
}

fn replace(next: &Path, dist: &Path) -> Result<()> {
    if dist.exists() {
        fs::remove_dir_all(dist).with_context(|| format!("cannot replace {}", workspace::shown(dist)))?;
    }
    fs::rename(next, dist).with_context(|| format!("cannot put {} in place", workspace::shown(dist)))
}
