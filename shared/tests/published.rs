//! The published document is the one that the types give. `UPDATE_GOLDEN=1` writes it anew.
#![cfg(feature = "schema")]

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
