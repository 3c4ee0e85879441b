//! `release.json`: what the worker must know about the portal that it serves.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::workspace;

/// The portal's release, as the worker's build script reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Release {
    /// Digest over everything shipped; also names the release in logs.
    pub(crate) version: String,
    /// `sha256-…` of every script that the pages may run.
    pub(crate) script_hashes: Vec<String>,
    /// `sha256-…` of every inline style sheet.
    pub(crate) style_hashes: Vec<String>,
    /// Modules that the pages where people arrive announce in their `Link` header.
    pub(crate) preload: Vec<String>,
    /// Releases whose pages may still be open somewhere: their scripts and files stay allowed and reachable.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) previous: Vec<Self>,
}

impl Release {
    /// The release that lies built in `support-spa/dist`.
    ///
    /// # Errors
    /// There is none, or it is not readable.
    pub(crate) fn built() -> Result<Self> {
        Self::read(&workspace::path("support-spa/dist"))
            .context("the portal is not built; run `cargo xtask build portal`")
    }

    /// The release in a folder.
    ///
    /// # Errors
    /// There is none, or it is not readable.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let file = folder.join("release.json");
        let text = fs::read(&file).with_context(|| format!("there is no {}", workspace::shown(&file)))?;
        serde_json::from_slice(&text).with_context(|| format!("{} is not a release", workspace::shown(&file)))
    }
}
