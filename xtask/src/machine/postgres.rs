//! A Postgres for the tests of Raptor's store. They start and stop it themselves; it only has to be installed.

use std::path::Path;

use anyhow::{Result, bail};

use super::{apt_install, can_apt};
use crate::progress;

/// Names a server that the tests may use instead of one of their own.
const SERVER: &str = "RAPTOR_TEST_POSTGRES";

/// Makes sure that the tests find one.
///
/// # Errors
/// There is none, and none can be installed.
pub(crate) fn prepare() -> Result<()> {
    let installed = || Path::new("/usr/lib/postgresql").is_dir();
    if std::env::var_os(SERVER).is_some() || installed() {
        return Ok(());
    }
    if can_apt() {
        progress::step("Postgres from Debian (the store is tested on it too)", || apt_install(&["postgresql"]))?;
    }
    if !installed() {
        bail!(
            "Raptor's store is tested on Postgres too, and there is none. Install it (Debian: `apt install postgresql`), or name a \
             server with {SERVER}=postgres://…"
        );
    }
    Ok(())
}
