//! Where a deployment goes, and what each of its steps is there.

use std::fmt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use super::rehearsal;
use crate::machine::node;
use crate::{process, progress, workspace};

/// The Pages project.
const PROJECT: &str = "raxx-support";
/// Deploys pages and nothing else.
const PAGES_TOKEN: &str = "CF_PAGES_DEPLOY";
/// Deploys the worker of this zone and nothing else.
const WORKER_TOKEN: &str = "CF_WORKERS_DEPLOY_RAXX_APP";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Environment {
    Staging,
    Production,
    /// A system on this machine that was started for it: the same steps, with copying in place of uploading
    #[value(hide = true)]
    Rehearsal,
}

/// An environment, and where it answers.
pub(super) struct Destination {
    environment: Environment,
    url: String,
}

/// One step of a deployment.
pub(super) struct Step {
    what: &'static str,
    /// The secret that allows it; none where nothing is uploaded.
    token: Option<&'static str>,
    command: Command,
}

impl Destination {
    /// `url` is the address of a rehearsal; the others have theirs.
    ///
    /// # Errors
    /// A rehearsal without an address, or another environment with one.
    pub(super) fn new(environment: Environment, url: Option<&str>) -> Result<Self> {
        let url = match (environment, url) {
            (Environment::Staging, None) => "https://support-staging.raxx.app",
            (Environment::Production, None) => "https://support.raxx.app",
            (Environment::Rehearsal, Some(url)) => url,
            _ => bail!("`--url` is for rehearsals, which need it; staging and production have addresses of their own"),
        };
        Ok(Self { environment, url: url.to_owned() })
    }

    pub(super) const fn name(&self) -> &'static str {
        match self.environment {
            Environment::Staging => "staging",
            Environment::Production => "production",
            Environment::Rehearsal => "a rehearsal",
        }
    }

    /// Where customers, or testers, open it.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// The new worker.
    pub(super) fn worker(&self) -> Step {
        let command = self.rehearsed(rehearsal::worker).unwrap_or_else(|| self.wrangler(&["deploy"]));
        self.step("the worker, which admits this release and those before it", WORKER_TOKEN, command)
    }

    /// Waiting until that worker answers: the pages of a release do not run under a worker that does not know them.
    pub(super) fn worker_is_there(&self) -> Step {
        let mut command = Command::new("node");
        command.arg(workspace::path("xtask/src/deploy/wait-for-worker.mjs"));
        command.arg(&self.url).arg(workspace::path("support-spa/dist/release.json"));
        Step { what: "the worker answers, and admits the release", token: None, command }
    }

    /// The worker before it.
    pub(super) fn worker_back(&self) -> Step {
        let command = self
            .rehearsed(rehearsal::worker_back)
            .unwrap_or_else(|| self.wrangler(&["rollback", "--yes", "--message", "the smoke test failed"]));
        self.step("back: the worker of the release before", WORKER_TOKEN, command)
    }

    /// The new pages, which lie in this folder.
    pub(super) fn pages(&self, folder: &Path) -> Step {
        self.step("the pages, with the files of the releases before them", PAGES_TOKEN, self.pages_from(folder))
    }

    /// The pages before them.
    pub(super) fn pages_back(&self, folder: &Path) -> Step {
        self.step("back: the pages of the release before", PAGES_TOKEN, self.pages_from(folder))
    }

    fn pages_from(&self, folder: &Path) -> Command {
        if self.environment == Environment::Rehearsal {
            return rehearsal::pages(folder);
        }
        let mut command = node::wrangler();
        command.args(["pages", "deploy"]).arg(folder).args(["--project-name", PROJECT, "--branch"]);
        command.args([
            if self.environment == Environment::Production { "main" } else { "staging" },
            "--commit-dirty=true",
        ]);
        command
    }

    /// Whether wrangler would take the configuration and what is built.
    ///
    /// # Errors
    /// It would not; its own words were printed.
    pub(super) fn check(&self) -> Result<()> {
        let bundle = workspace::target().join("xtask/wrangler");
        process::run_quietly(&mut self.wrangler(&["deploy", "--dry-run", "--outdir", &bundle.display().to_string()]))
    }

    /// Keeps the worker that runs now, where the platform does not do that itself.
    ///
    /// # Errors
    /// It cannot be copied.
    pub(super) fn remember_worker(&self) -> Result<()> {
        if self.environment == Environment::Rehearsal { rehearsal::remember_worker() } else { Ok(()) }
    }

    /// # Errors
    /// Something that authorises the steps is missing.
    pub(super) fn require_credentials(&self) -> Result<()> {
        if self.environment == Environment::Rehearsal {
            return Ok(());
        }
        let missing: Vec<_> = [PAGES_TOKEN, WORKER_TOKEN, "CLOUDFLARE_ACCOUNT_ID"]
            .into_iter()
            .filter(|name| std::env::var_os(name).is_none_or(|value| value.is_empty()))
            .collect();
        if !missing.is_empty() {
            bail!("not set: {}. The vault has them; `--dry-run` shows every step without", missing.join(", "));
        }
        Ok(())
    }

    fn rehearsed(&self, command: fn() -> Command) -> Option<Command> {
        (self.environment == Environment::Rehearsal).then(command)
    }

    fn step(&self, what: &'static str, token: &'static str, command: Command) -> Step {
        Step { what, token: (self.environment != Environment::Rehearsal).then_some(token), command }
    }

    fn wrangler(&self, arguments: &[&str]) -> Command {
        let mut command = node::wrangler();
        // Production is what wrangler.toml says outside its environments; naming none at all would make wrangler ask.
        let name = match self.environment {
            Environment::Staging => "staging",
            Environment::Production => "",
            Environment::Rehearsal => "dev",
        };
        command.args(arguments).arg(format!("--env={name}"));
        command
    }
}

impl Step {
    /// # Errors
    /// Its secret is not set, or it failed.
    pub(super) fn run(self) -> Result<()> {
        let Self { what, token, mut command } = self;
        // Each step has the one token that it needs, and not the other's.
        command.env_remove(PAGES_TOKEN).env_remove(WORKER_TOKEN);
        if let Some(token) = token {
            let value = std::env::var(token).with_context(|| format!("{token} is not set"))?;
            command.env("CLOUDFLARE_API_TOKEN", value);
        }
        progress::step(what, || process::run(&mut command))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}\n             ({}", process::line(&self.command), self.what)?;
        if let Some(token) = self.token {
            write!(formatter, "; authorised by {token}")?;
        }
        formatter.write_str(")")
    }
}
