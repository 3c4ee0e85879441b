//! `cargo xtask dev`: the whole system on this machine's loopback.

mod plan;
mod ports;
mod secrets;
mod supervisor;

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Args;

use crate::build::{self, Effort};
use crate::machine::{node, rust};
use crate::{process, progress, workspace};

/// Arguments of `cargo xtask dev`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Forget the data of earlier runs: tickets, passkeys, keys
    #[arg(long)]
    fresh: bool,
    /// Use this help desk instead of the double
    #[arg(long, value_name = "URL", requires_all = ["helpdesk_token", "mailbox"])]
    helpdesk_url: Option<String>,
    /// API key of that help desk
    #[arg(long, value_name = "KEY", requires = "helpdesk_url", allow_hyphen_values = true)]
    helpdesk_token: Option<String>,
    /// Mailbox of that help desk
    #[arg(long, value_name = "ID", requires = "helpdesk_url")]
    mailbox: Option<u64>,
    /// Let the worker verify sessions against this key set instead of Raptor's
    #[arg(long, value_name = "URL")]
    jwks_url: Option<String>,
    /// Port of the edge: what the browser opens
    #[arg(long, value_name = "PORT", default_value_t = 8787)]
    port: u16,
    /// Port of the static site
    #[arg(long, value_name = "PORT", default_value_t = 8788)]
    pages_port: u16,
    /// Port of Raptor
    #[arg(long, value_name = "PORT", default_value_t = 8789)]
    raptor_port: u16,
    /// Port of the help-desk double
    #[arg(long, value_name = "PORT", default_value_t = 8790)]
    helpdesk_port: u16,
    /// Folder of the data, the keys and the database
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// Serve what lies in this folder's `site` and `worker`, which begin as what is built: for rehearsing a deployment
    #[arg(long, value_name = "FOLDER", hide = true)]
    place: Option<PathBuf>,
    /// Build the portal and the worker as they are shipped: slower to compile, smaller to load
    #[arg(long)]
    shipped: bool,
}

/// Runs until Ctrl-C, or until a part ends by itself.
///
/// # Errors
/// The machine lacks something, a port is taken, a part does not build, start or stay.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let start = Instant::now();
    ports::check(arguments)?;
    let data = data_folder(arguments)?;
    build(if arguments.shipped { Effort::Smallest } else { Effort::Quick })?;

    let secrets = secrets::Secrets::load_or_make(&data)?;
    secrets::session_keys(&plan::program("raptor"), &data)?;
    if let Some(place) = &arguments.place {
        crate::deploy::begin_rehearsal(place)?;
    }
    let parts = plan::parts(arguments, &data, &secrets);
    supervisor::supervise(parts, || {
        println!(
            "\nready  http://localhost:{}   ({}, Ctrl-C stops everything)\n",
            arguments.port,
            progress::seconds(start.elapsed())
        );
    })
}

/// Builds every part of the system.
///
/// # Errors
/// The machine lacks something, or a part does not build.
pub(crate) fn build(effort: Effort) -> Result<()> {
    rust::prepare()?;
    node::prepare()?;
    progress::step("Raptor and the help-desk double", || {
        process::run(rust::cargo().args([
            "build",
            "--quiet",
            "--locked",
            "--bins",
            "--package",
            "raptor",
            "--package",
            "helpdesk-double",
        ]))
    })?;
    build::portal::build(effort)?;
    build::edge::build(effort.into())
}

fn data_folder(arguments: &Arguments) -> Result<PathBuf> {
    let folder = arguments.data.clone().unwrap_or_else(|| workspace::target().join("dev"));
    let folder = std::path::absolute(&folder)?;
    if arguments.fresh && folder.exists() {
        // Only what a run has made is removed: `--data` may point at a folder with other things in it.
        for name in plan::MADE_BY_A_RUN {
            let path = folder.join(name);
            let gone = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            match gone {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error).with_context(|| format!("cannot remove {}", workspace::shown(&path)));
                }
                _ => {}
            }
        }
        progress::note("started afresh: tickets, passkeys and keys of earlier runs are gone");
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", workspace::shown(&folder)))?;
    Ok(folder)
}
