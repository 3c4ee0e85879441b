//! Files that never change under their name: the name carries a digest of the content.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::fingerprint::hexadecimal;
use crate::workspace;

/// Where hashed files are served. The edge gives everything below it a year in caches.
pub(super) const FOLDER: &str = "assets";

/// `<stem>-<digest>.<extension>`.
pub(super) fn hashed_name(stem: &str, extension: &str, content: &[u8]) -> String {
    format!("{stem}-{}.{extension}", digest(content))
}

/// 12 hexadecimal digits of the content's SHA-256: enough that two contents never share a name.
pub(super) fn digest(content: &[u8]) -> String {
    hexadecimal(&Sha256::digest(content)[..6])
}

/// A content's digest as Subresource Integrity and CSP write it: `sha256-…`. A longer one would cost every first visit 16 bytes for
/// each file that the page names.
pub(super) fn integrity(content: &[u8]) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(content)))
}

/// Writes a file below a folder, and makes the folders on the way.
///
/// # Errors
/// The file cannot be written.
pub(super) fn write(folder: &Path, name: &str, content: &[u8]) -> Result<PathBuf> {
    let file = folder.join(name);
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(&file, content).with_context(|| format!("cannot write {}", workspace::shown(&file)))?;
    Ok(file)
}

/// Writes a file with its compressed sibling `<name>.br`.
///
/// # Errors
/// A file cannot be written.
pub(super) fn write_compressed(folder: &Path, name: &str, content: &[u8], quality: i32) -> Result<()> {
    write(folder, name, content)?;
    write(folder, &format!("{name}.br"), &brotli(content, quality)?)?;
    Ok(())
}

/// Compresses with brotli; 11 is the smallest and slowest.
///
/// # Errors
/// Never for memory; the compressor's own otherwise.
pub(super) fn brotli(content: &[u8], quality: i32) -> Result<Vec<u8>> {
    let parameters =
        brotli::enc::BrotliEncoderParams { quality, lgwin: 22, size_hint: content.len(), ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &parameters).context("brotli failed")?;
    Ok(compressed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_content() {
        let name = hashed_name("app", "js", b"1");
        assert_eq!(name, "app-6b86b273ff34.js");
        assert_ne!(name, hashed_name("app", "js", b"2"));
    }

    #[test]
    fn integrity_is_what_browsers_compute() {
        // SHA-256 of nothing, from FIPS 180-4's examples.
        assert_eq!(integrity(b""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[test]
    fn compressed_files_come_back() {
        let content = b"the same words, the same words, the same words".repeat(20);
        let compressed = brotli(&content, 11).unwrap();
        assert!(compressed.len() * 4 < content.len());
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut &compressed[..], &mut back).unwrap();
        assert_eq!(back, content);
    }
}
