//! Where a deployment goes, and what each of its steps is there.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use serde::Deserialize;

use super::rehearsal;
use crate::machine::node;
use crate::{process, progress, workspace};

/// The Pages project.
const PROJECT: &str = "raxx-support";
/// Deploys pages, of any project of the account: there is no narrower scope.
const PAGES_TOKEN: &str = "CF_PAGES_DEPLOY";
/// Deploys workers, any of the account: there is no narrower scope.
const WORKER_TOKEN: &str = "CF_WORKERS_DEPLOY_RAXX_APP";
/// Whose account; no secret.
const ACCOUNT: &str = "CLOUDFLARE_ACCOUNT_ID";

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

    /// The worker before it, by the version that it is: doing this twice goes back once.
    pub(super) fn worker_back(&self, version: &str) -> Step {
        let command = self
            .rehearsed(rehearsal::worker_back)
            .unwrap_or_else(|| self.wrangler(&["rollback", version, "--yes", "--message", "the release did not hold"]));
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

    /// Which version of the worker is live, remembered for going back.
    ///
    /// # Errors
    /// The platform does not say, or it cannot be kept.
    pub(super) fn live_worker(&self) -> Result<String> {
        if self.environment == Environment::Rehearsal {
            rehearsal::remember_worker()?;
            return Ok(String::new());
        }
        let mut command = self.wrangler(&["deployments", "status", "--json"]);
        let status = progress::step("the worker that is live, to go back to", || {
            authorise(&mut command, Some(WORKER_TOKEN))?;
            process::capture(&mut command)
        })?;
        let version = live_version(&status)?;
        fs::write(self.memory(), &version)
            .with_context(|| format!("cannot write {}", workspace::shown(&self.memory())))?;
        Ok(version)
    }

    /// The worker that was live before the last deployment from here.
    ///
    /// # Errors
    /// There was none.
    pub(super) fn remembered_worker(&self) -> Result<String> {
        if self.environment == Environment::Rehearsal {
            return Ok(String::new());
        }
        fs::read_to_string(self.memory()).with_context(|| format!("cannot read {}", workspace::shown(&self.memory())))
    }

    fn memory(&self) -> PathBuf {
        workspace::target().join(format!("xtask/worker-before-{}", self.folder()))
    }

    /// What is kept for it is below this.
    pub(super) const fn folder(&self) -> &'static str {
        match self.environment {
            Environment::Staging => "staging",
            Environment::Production => "production",
            Environment::Rehearsal => "rehearsal",
        }
    }

    /// # Errors
    /// Something that authorises the steps is missing.
    pub(super) fn require_credentials(&self) -> Result<()> {
        if self.environment == Environment::Rehearsal {
            return Ok(());
        }
        let is_missing = |name: &&str| std::env::var_os(name).is_none_or(|value| value.is_empty());
        let missing: Vec<_> = [PAGES_TOKEN, WORKER_TOKEN, ACCOUNT].into_iter().filter(is_missing).collect();
        if !missing.is_empty() {
            bail!(
                "not set: {}. The vault has the tokens, the dashboard shows the account's id; `--dry-run` shows every step without them",
                missing.join(", ")
            );
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
        // Production is what wrangler.toml says outside its environments; naming none at all makes wrangler warn.
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
        authorise(&mut command, token)?;
        progress::step(what, || process::run(&mut command))
    }
}

/// Each step has the one token that it needs, and not the other's.
fn authorise(command: &mut Command, token: Option<&str>) -> Result<()> {
    command.env_remove(PAGES_TOKEN).env_remove(WORKER_TOKEN);
    if let Some(token) = token {
        let value = std::env::var(token).with_context(|| format!("{token} is not set"))?;
        command.env("CLOUDFLARE_API_TOKEN", value);
    }
    Ok(())
}

/// The version that has all traffic, out of what `wrangler deployments status --json` prints.
fn live_version(status: &str) -> Result<String> {
    #[derive(Deserialize)]
    struct Deployment {
        versions: Vec<Version>,
    }
    #[derive(Deserialize)]
    struct Version {
        version_id: String,
        percentage: f64,
    }
    let deployment: Deployment =
        serde_json::from_str(status).context("wrangler did not say which version of the worker is live")?;
    match deployment.versions.as_slice() {
        [only] if only.percentage >= 100.0 => Ok(only.version_id.clone()),
        _ => bail!(
            "the worker's traffic is split among versions; end that before deploying (`npx wrangler versions deploy`)"
        ),
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

#[cfg(test)]
mod tests {
    use super::live_version;

    #[test]
    fn the_version_that_has_all_traffic_is_the_one_to_go_back_to() {
        let status = |versions: &str| {
            format!(r#"{{"id":"d1","source":"wrangler","strategy":"percentage","versions":[{versions}]}}"#)
        };
        let one = r#"{"version_id":"0f1c","percentage":100}"#;
        assert_eq!(live_version(&status(one)).unwrap(), "0f1c");
        let split = r#"{"version_id":"0f1c","percentage":90},{"version_id":"77aa","percentage":10}"#;
        assert!(live_version(&status(split)).unwrap_err().to_string().contains("split"));
        for nothing in [status(""), String::new(), "The Worker has no deployments.".to_owned()] {
            assert!(live_version(&nothing).is_err());
        }
    }
}
