//! What a machine must have, how to get what it lacks, and what to say when it cannot be had.

pub(crate) mod browser;
pub(crate) mod node;
pub(crate) mod postgres;
pub(crate) mod python;
pub(crate) mod rust;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::process;

/// Whether packages can be installed here: it is Debian, and we are its administrator.
fn can_apt() -> bool {
    on_path("apt-get").is_some() && rustix::process::geteuid().is_root()
}

/// Installs Debian packages.
fn apt_install(packages: &[&str]) -> Result<()> {
    process::run_quietly(Command::new("apt-get").arg("update"))?;
    let mut command = Command::new("apt-get");
    command.args(["install", "--yes", "--no-install-recommends"]).args(packages);
    process::run_quietly(command.env("DEBIAN_FRONTEND", "noninteractive"))
}

/// The program of this name or path, if there is one.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let direct = Path::new(name);
    if direct.is_absolute() {
        return direct.is_file().then(|| direct.to_path_buf());
    }
    std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(name)).find(|file| file.is_file())
}
