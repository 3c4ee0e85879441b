//! Bakes the portal's release into the worker: the hashes of its Content Security Policy and what to preload.

use std::path::{Path, PathBuf};
use std::{env, fs};

#[allow(unreachable_pub, dead_code, reason = "a module of the library, where all of it is reached")]
#[path = "src/policy/release.rs"]
mod release;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-env-changed=PORTAL_RELEASE");
    let path = env::var_os("PORTAL_RELEASE")
        .map_or_else(|| Path::new("../support-spa/dist/release.json").to_path_buf(), PathBuf::from);
    println!("cargo:rerun-if-changed={}", path.display());
    println!("cargo:rerun-if-changed=src/policy/release.rs");

    let baked = if path.exists() {
        let release = release::Release::from_json(&fs::read_to_string(&path)?)
            .map_err(|error| format!("{}: {error}; build the portal again", path.display()))?;
        serde_json::to_string(&release)?
    } else {
        if env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|target| target == "wasm32") {
            println!(
                "cargo:warning={} is missing: this worker admits no script at all. Build the portal first, or name its release in PORTAL_RELEASE.",
                path.display()
            );
        }
        // Read back as an empty release.
        String::from("{}")
    };
    fs::write(Path::new(&env::var("OUT_DIR")?).join("release.json"), baked)?;
    Ok(())
}
