//! `cargo xtask build`: what is shipped.

mod assets;
mod earlier;
pub(crate) mod edge;
mod exports;
mod html;
pub(crate) mod parts;
pub(crate) mod portal;
mod release;
mod wasm;

pub(crate) use earlier::{carry_over, complete, own_files};
pub(crate) use release::Release;
pub(crate) use wasm::{FIRST, named_modules};

use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};

use crate::deploy;
use crate::machine::{node, rust};

/// Arguments of `cargo xtask build`.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// The portal: `support-spa/dist/`, hashed, compressed and prerendered.
    Portal {
        /// How much work goes into making it small.
        #[command(flatten)]
        effort: EffortFlags,
    },
    /// The worker: `edge-worker/build/`. Builds the portal before it, because the worker carries the portal's hashes.
    Edge {
        /// When wrangler deploys by itself: where, so that the worker admits the pages that are live there.
        #[arg(long, value_name = "URL")]
        live: Option<String>,
        /// How much work goes into making the portal small.
        #[command(flatten)]
        effort: EffortFlags,
    },
}

/// `--dev` or `--stable`.
#[derive(Args, Clone, Copy)]
pub(crate) struct EffortFlags {
    /// Compile quickly and leave the result large: for the loop of editing and looking.
    #[arg(long, env = "XTASK_BUILD_DEV", conflicts_with = "stable")]
    dev: bool,
    /// Make it small with the stable toolchain alone, without rebuilding the standard library.
    #[arg(long)]
    stable: bool,
}

impl EffortFlags {
    pub(crate) const fn effort(self) -> Effort {
        match (self.dev, self.stable) {
            (true, _) => Effort::Quick,
            (false, true) => Effort::Stable,
            (false, false) => Effort::Smallest,
        }
    }
}

/// How much work goes into making the portal small.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Effort {
    /// Little: compiled quickly.
    Quick,
    /// All that the stable toolchain offers.
    Stable,
    /// That, and a standard library rebuilt for size. What is shipped.
    Smallest,
}

/// How many bytes a content has after brotli at its best.
///
/// # Errors
/// The compressor's own.
pub(crate) fn compressed_length(content: &[u8]) -> Result<u64> {
    Ok(assets::brotli(content, 11)?.len() as u64)
}

/// Runs the command.
///
/// # Errors
/// Something is missing on this machine, or does not build.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    rust::prepare()?;
    node::prepare()?;
    match &arguments.what {
        What::Portal { effort } => portal::build(effort.effort()),
        What::Edge { effort, live } => {
            portal::build(effort.effort())?;
            if let Some(url) = live.as_deref().filter(|_| deploy::is_wranglers_own()) {
                deploy::admit_live(url)?;
            }
            edge::build(effort.effort().into())
        }
    }
}
