//! The state file.

use super::state::State;
use crate::StartError;
use std::{fs, io, path::Path};

/// Reads the file; `None` when there is none yet.
pub(crate) fn load(path: &Path) -> Result<Option<State>, StartError> {
    match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|source| StartError::StateFormat { path: path.to_owned(), source }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(StartError::StateFile { path: path.to_owned(), source }),
    }
}

/// Replaces the file at once, so that a crash leaves the old or the new one and never half of one.
pub(crate) fn save(path: &Path, state: &State) -> Result<(), StartError> {
    let failed = |source| StartError::StateFile { path: path.to_owned(), source };
    let bytes =
        serde_json::to_vec(state).map_err(|source| StartError::StateFormat { path: path.to_owned(), source })?;
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        fs::create_dir_all(parent).map_err(failed)?;
    }
    let next = path.with_extension("next");
    fs::write(&next, bytes).map_err(failed)?;
    fs::rename(&next, path).map_err(failed)
}
