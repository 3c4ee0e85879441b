//! Keys and tokens of a development system. They are made on the first run and kept with its data; none is worth anything elsewhere.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::{fingerprint, process, workspace};

/// The file, in the data folder.
pub(super) const FILE: &str = "secrets.json";
/// The private keys that sign session tokens, in the data folder.
pub(super) const SESSION_KEYS: &str = "session-keys.json";

/// What the parts prove themselves to each other with.
#[derive(Serialize, Deserialize)]
pub(super) struct Secrets {
    /// The edge's bearer at Raptor (ADR 0056): 32 bytes, base64url.
    pub(super) edge_service_token: String,
    /// Raptor's key at the help desk.
    pub(super) helpdesk_key: String,
    /// Signs the help desk's webhooks.
    pub(super) webhook_secret: String,
}

impl Secrets {
    /// Reads the secrets of an earlier run, or makes new ones.
    ///
    /// # Errors
    /// The file cannot be read or written, or there is no randomness.
    pub(super) fn load_or_make(data: &Path) -> Result<Self> {
        let file = data.join(FILE);
        if let Ok(text) = fs::read(&file) {
            return serde_json::from_slice(&text)
                .with_context(|| format!("{} is not readable; `--fresh` makes a new one", workspace::shown(&file)));
        }
        let made = Self {
            edge_service_token: token()?,
            helpdesk_key: fingerprint::hexadecimal(&random::<16>()?),
            webhook_secret: token()?,
        };
        fs::write(&file, serde_json::to_vec_pretty(&made)?)
            .with_context(|| format!("cannot write {}", workspace::shown(&file)))?;
        Ok(made)
    }
}

/// Makes the keys that sign session tokens, unless an earlier run has left some. They are Raptor's own form, so Raptor makes them.
///
/// # Errors
/// Raptor does not run, or the file cannot be written.
pub(super) fn session_keys(raptor: &Path, data: &Path) -> Result<()> {
    let file = data.join(SESSION_KEYS);
    if file.is_file() {
        return Ok(());
    }
    let keys = process::capture(Command::new(raptor).arg("generate-key"))?;
    fs::write(&file, keys).with_context(|| format!("cannot write {}", workspace::shown(&file)))
}

fn token() -> Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(random::<32>()?))
}

fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("the system gives no random bytes: {error}"))?;
    Ok(bytes)
}
