//! Knowing that nothing has to be done: a digest over everything that a result depends on.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::{progress, workspace};

/// Collects what a result depends on.
pub(crate) struct Fingerprint(Sha256);

impl Fingerprint {
    /// Starts with a name and the version of the recipe, so that a changed recipe counts as a change.
    pub(crate) fn of(recipe: &str) -> Self {
        let mut digest = Sha256::new();
        digest.update(recipe.as_bytes());
        Self(digest)
    }

    /// A setting, by name.
    pub(crate) fn setting(mut self, name: &str, value: &str) -> Self {
        self.0.update([0]);
        self.0.update(name.as_bytes());
        self.0.update([1]);
        self.0.update(value.as_bytes());
        self
    }

    /// A file, or every file in a folder, by path and content. One that does not exist counts as absent.
    ///
    /// # Errors
    /// A file cannot be read.
    pub(crate) fn files(mut self, path: &Path) -> Result<Self> {
        for file in files_below(path)? {
            let content = fs::read(&file).with_context(|| format!("cannot read {}", workspace::shown(&file)))?;
            self.0.update([2]);
            self.0.update(workspace::shown(&file).as_bytes());
            self.0.update((content.len() as u64).to_le_bytes());
            self.0.update(&content);
        }
        Ok(self)
    }

    /// The digest, in hexadecimal.
    pub(crate) fn finish(self) -> String {
        hexadecimal(&self.0.finalize())
    }
}

/// Whether the digest is the one that [`remember`] wrote last under this name.
pub(crate) fn is_current(name: &str, digest: &str) -> bool {
    fs::read_to_string(stamp(name)).is_ok_and(|last| last == digest)
}

/// Writes the digest down after the work is done.
///
/// # Errors
/// The file cannot be written.
pub(crate) fn remember(name: &str, digest: &str) -> Result<()> {
    let file = stamp(name);
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&file, digest).with_context(|| format!("cannot write {}", workspace::shown(&file)))
}

/// Waits until nobody else is making the same thing, and keeps others waiting until the returned file is dropped.
///
/// # Errors
/// The lock file cannot be made.
pub(crate) fn alone(name: &str) -> Result<fs::File> {
    let path = workspace::target().join("xtask").join(format!("{name}.lock"));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let file = fs::File::create(&path).with_context(|| format!("cannot make {}", workspace::shown(&path)))?;
    if file.try_lock().is_err() {
        progress::note(&format!("waiting for another run that is building the {name}"));
        file.lock()?;
    }
    Ok(file)
}

/// Every file below a folder, or the file itself, in a fixed order, without what was built or fetched.
///
/// # Errors
/// A folder cannot be read.
pub(crate) fn files_below(path: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![path.to_path_buf()];
    while let Some(next) = waiting.pop() {
        if next.is_file() {
            found.push(next);
        } else if next.is_dir() {
            for entry in fs::read_dir(&next).with_context(|| format!("cannot read {}", workspace::shown(&next)))? {
                let entry = entry?.path();
                let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
                if !matches!(name.as_str(), "target" | "node_modules" | "dist" | "build" | ".wrangler" | ".git")
                    || entry.is_file()
                {
                    waiting.push(entry);
                }
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Bytes as hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn stamp(name: &str) -> PathBuf {
    workspace::target().join("xtask").join(format!("{name}.fingerprint"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_change_of_name_content_or_setting_changes_the_digest() {
        let folder = tempfile::tempdir().unwrap();
        let digest =
            |setting: &str| Fingerprint::of("test").setting("profile", setting).files(folder.path()).unwrap().finish();
        fs::write(folder.path().join("a"), "1").unwrap();
        let first = digest("dev");
        assert_eq!(first, digest("dev"));
        assert_ne!(first, digest("release"));
        fs::write(folder.path().join("a"), "2").unwrap();
        let second = digest("dev");
        assert_ne!(first, second);
        fs::rename(folder.path().join("a"), folder.path().join("b")).unwrap();
        assert_ne!(second, digest("dev"));
    }
}
