//! `cargo xtask conformance`: any Raptor, by address, against the contract; first with our own cases, then with schemathesis. Without an
//! address, our own Raptor is started for it.

mod reference;

use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::machine::{python, rust};
use crate::{process, progress, workspace};
use reference::Reference;

/// The version that the options below belong to.
const SCHEMATHESIS: &str = "schemathesis==4.32.5";

/// The header in which an edge proves itself, `shared::SERVICE_AUTHORIZATION`.
const SERVICE_AUTHORIZATION: &str = "x-raxx-service-authorization";

/// Ends the session that all other requests need.
const SIGN_OUT: &str = "endSession";

/// Arguments of `cargo xtask conformance`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Where the Raptor, or the edge before it, answers; without it, our own is started
    #[arg(long)]
    url: Option<String>,
    /// A customer's session token
    #[arg(long, env = "CONFORMANCE_TOKEN", hide_env_values = true, conflicts_with = "enrol")]
    token: Option<String>,
    /// Make demo customers first; needs demo enrolment switched on at that address
    #[arg(long)]
    enrol: bool,
    /// With --enrol: the origin that passkeys are expected from
    #[arg(long, value_name = "URL", default_value = "http://localhost:8787")]
    origin: String,
    /// What the edge proves itself with, for a Raptor that is asked directly
    #[arg(long, env = "EDGE_SERVICE_TOKEN", hide_env_values = true, requires = "url", allow_hyphen_values = true)]
    service_token: Option<String>,
    /// Examples that schemathesis makes for each route
    #[arg(long, value_name = "COUNT", default_value_t = 25)]
    examples: u32,
    /// How long schemathesis may take
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    max_time: u32,
    /// Only our own cases
    #[arg(long)]
    without_schemathesis: bool,
}

/// Whom to try, and as whom.
struct Subject {
    url: String,
    origin: String,
    token: Option<String>,
    enrol: bool,
    service_token: Option<String>,
}

/// Runs both, and says which did not pass.
///
/// # Errors
/// The Raptor does not conform, or cannot be tried.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let program = rust::built("conformance", "conformance")?;
    // Lives until everything has been tried.
    let reference = arguments.url.is_none().then(Reference::start).transpose()?;
    let subject = match (&reference, &arguments.url) {
        (None, Some(url)) => Subject {
            url: url.clone(),
            origin: arguments.origin.clone(),
            token: arguments.token.clone(),
            enrol: arguments.enrol,
            service_token: arguments.service_token.clone(),
        },
        (Some(reference), _) => Subject {
            url: reference.url.clone(),
            origin: reference.origin.to_owned(),
            token: None,
            enrol: true,
            service_token: Some(reference.service_token.clone()),
        },
        (None, None) => bail!("there is nothing to try: give --url"),
    };
    let own = process::run(&mut subject.own_cases(&program));
    if arguments.without_schemathesis {
        return own;
    }
    let generated = generated_requests(arguments, &subject, &program);
    match (own, generated) {
        (Ok(()), Ok(())) => Ok(()),
        (own, generated) => {
            let failures: Vec<_> =
                [own.err(), generated.err()].into_iter().flatten().map(|error| format!("{error:#}")).collect();
            bail!("{} does not conform: {}", subject.url, failures.join("; "))
        }
    }
}

impl Subject {
    fn own_cases(&self, program: &std::path::Path) -> Command {
        let mut own = Command::new(program);
        own.args(["--url", &self.url]);
        if self.enrol {
            own.args(["--enrol", "--origin", &self.origin]);
        }
        // Not as arguments: other users of the machine can read those.
        if let Some(token) = &self.token {
            own.env("CONFORMANCE_TOKEN", token);
        }
        match &self.service_token {
            Some(token) => own.env("EDGE_SERVICE_TOKEN", token),
            None => own.env_remove("EDGE_SERVICE_TOKEN"),
        };
        own
    }

    /// A session token: the one that was given, or a new customer's.
    fn session(&self, program: &std::path::Path) -> Result<Option<String>> {
        if self.token.is_some() || !self.enrol {
            return Ok(self.token.clone());
        }
        let token = process::capture(self.own_cases(program).arg("--print-token"));
        Ok(Some(token.context("cannot make a customer for schemathesis")?.trim().to_owned()))
    }
}

/// Every route but the one that ends the session, and then that one, so that it ends nothing that others need.
fn generated_requests(arguments: &Arguments, subject: &Subject, program: &std::path::Path) -> Result<()> {
    let schemathesis = python::program("schemathesis", SCHEMATHESIS)?;
    for (choice, time) in [("--exclude-operation-id", arguments.max_time), ("--include-operation-id", 10)] {
        if choice == "--include-operation-id" && subject.token.is_some() {
            progress::note("signing out is not tried with a token that was given: it may be needed");
            continue;
        }
        let mut command = Command::new(&schemathesis);
        command
            .arg("--config-file")
            .arg(workspace::path("tests/conformance/schemathesis.toml"))
            .arg("run")
            .arg(workspace::path("shared/openapi.json"))
            .args(["--url", &subject.url, "--checks", "all", "--max-examples", &arguments.examples.to_string()])
            // The same requests every time; a stream of events has no end.
            .args(["--seed", "1", "--workers", "1", "--request-timeout", "20", "--max-time", &time.to_string()])
            .args(["--exclude-path", "/api/v1/support/events", choice, SIGN_OUT])
            // A limiter that refuses is waited for.
            .args(["--rate-limit", "auto", "--continue-on-failure", "--no-color"])
            .current_dir(workspace::target());
        if let Some(token) = subject.session(program)? {
            command.args(["--header", &format!("Authorization: Bearer {token}")]);
        }
        if let Some(token) = &subject.service_token {
            command.args(["--header", &format!("{SERVICE_AUTHORIZATION}: Bearer {token}")]);
        }
        progress::step("schemathesis over shared/openapi.json", || process::run(&mut command))?;
    }
    Ok(())
}
