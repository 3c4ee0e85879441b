//! The published document is the one that the types give. `UPDATE_GOLDEN=1` writes it anew.
#![cfg(feature = "schema")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

#[test]
fn the_committed_document_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let mut current = serde_json::to_string_pretty(&shared::openapi::document()).unwrap();
    current.push('\n');
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &current).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == current,
        "shared/openapi.json does not match the types. If the change is meant, run\n  UPDATE_GOLDEN=1 cargo test -p shared --features schema --test published\nand commit the result."
    );
}

#[test]
fn nothing_breaks_those_built_against_the_last_release() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("released");
    let mut released: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    // File names carry the version in three numbers of one digit each, so that their order is that of the versions.
    released.sort();
    let last = fs::read_to_string(released.last().unwrap()).unwrap();
    let last: serde_json::Value = serde_json::from_str(&last).unwrap();
    let current = shared::openapi::document();
    let major = |document: &serde_json::Value| {
        document["info"]["version"].as_str().unwrap().split('.').next().unwrap().to_owned()
    };
    let broken = shared::openapi::breaking_changes(&last, &current);
    assert!(
        broken.is_empty() || major(&last) != major(&current),
        "these break whoever was built against the last release; raise the first number of CONTRACT_VERSION if they are meant:\n{}",
        broken.join("\n")
    );
}
