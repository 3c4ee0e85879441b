//! The parts of the system, in the order in which they start, and what each is told.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Arguments;
use super::secrets::{self, Secrets};
use super::supervisor::Part;
use crate::machine::node;
use crate::workspace;

/// What a run leaves in the data folder; `--fresh` removes it.
pub(super) const MADE_BY_A_RUN: [&str; 7] =
    [secrets::FILE, secrets::SESSION_KEYS, "helpdesk.json", "raptor.db", "raptor.db-wal", "raptor.db-shm", "wrangler"];

/// The mailbox of the double.
const MAILBOX: u64 = 1;

/// What makes `wrangler dev` end with an empty error: <https://github.com/cloudflare/workers-sdk/issues/15451>
const BROKEN: &str = "a browser goes away in the middle of a request";

/// The parts, in order: each needs those before it.
pub(super) fn parts(arguments: &Arguments, data: &Path, secrets: &Secrets) -> Vec<Part> {
    let mut parts = Vec::new();
    if arguments.helpdesk_url.is_none() {
        parts.push(double(arguments, data, secrets));
    }
    parts.push(raptor(arguments, data, secrets));
    parts.push(pages(arguments, data));
    parts.push(edge(arguments, data, secrets));
    parts
}

fn double(arguments: &Arguments, data: &Path, secrets: &Secrets) -> Part {
    let mut command = Command::new(program("helpdesk-double"));
    command
        .args(["--listen", &address(arguments.helpdesk_port), "--api-key", &secrets.helpdesk_key])
        .args(["--mailbox", &MAILBOX.to_string()])
        .arg("--state")
        .arg(data.join("helpdesk.json"))
        // Somebody who tries the portal sees an agent's answer arrive, within seconds instead of hours.
        .args(["--auto-agent", "6", "--undo-window", "2"])
        .args(["--webhook-url", &format!("http://{}/api/v1/support/webhooks/helpdesk", address(arguments.raptor_port))])
        .args(["--webhook-secret", &secrets.webhook_secret]);
    Part { name: "helpdesk", command, port: arguments.helpdesk_port, path: "/operator/counters", known_to_end: None }
}

fn raptor(arguments: &Arguments, data: &Path, secrets: &Secrets) -> Part {
    let double = format!("http://{}", address(arguments.helpdesk_port));
    let mut command = Command::new(program("raptor"));
    command
        .env("RAPTOR_LISTEN", address(arguments.raptor_port))
        .env("RAPTOR_RP_ID", "localhost")
        .env("RAPTOR_ORIGINS", format!("http://localhost:{}", arguments.port))
        .env("RAPTOR_JWT_KEYS", data.join(secrets::SESSION_KEYS))
        .env("RAPTOR_DEV_ENROLMENT", "1")
        .env("DATABASE_URL", format!("sqlite:{}", data.join("raptor.db").display()))
        .env("FLAG_SUPPORT_PORTAL_API", "1")
        .env("EDGE_SERVICE_TOKEN", &secrets.edge_service_token)
        .env("FREESCOUT_BASE_URL", arguments.helpdesk_url.as_deref().unwrap_or(&double))
        .env("FREESCOUT_API_TOKEN", arguments.helpdesk_token.as_deref().unwrap_or(&secrets.helpdesk_key))
        .env("FREESCOUT_SUPPORT_MAILBOX_ID", arguments.mailbox.unwrap_or(MAILBOX).to_string())
        .env("FREESCOUT_SUPPORT_WEBHOOK_SECRET", &secrets.webhook_secret);
    if arguments.helpdesk_url.is_none() {
        // A new demo customer finds tickets; the double's portal user acts for customers; two of its fields are for customers.
        command
            .env("RAPTOR_DEV_SEED_URL", format!("{double}/operator/seed-demo"))
            .env("FREESCOUT_PORTAL_USER_ID", "1")
            .env("FREESCOUT_VISIBLE_FIELD_IDS", "18,19")
            // The double's agents can take a message back for two seconds only.
            .env("RAPTOR_AGENT_HOLD_BACK_SECONDS", "3");
    }
    Part { name: "raptor", command, port: arguments.raptor_port, path: "/readyz", known_to_end: None }
}

fn pages(arguments: &Arguments, data: &Path) -> Part {
    let mut command = wrangler(arguments, data);
    command
        .args(["pages", "dev"])
        .arg(arguments.place.as_ref().map_or_else(|| "support-spa/dist".into(), |place| place.join("site")))
        .args(["--ip", "127.0.0.1", "--port", &arguments.pages_port.to_string()])
        // A date that the workerd of this wrangler knows.
        .args(["--compatibility-date", "2026-04-20", "--log-level", "warn"])
        .args(free_inspector_port())
        .arg("--persist-to")
        .arg(data.join("wrangler/pages"));
    Part { name: "pages", command, port: arguments.pages_port, path: "/", known_to_end: Some(BROKEN) }
}

fn edge(arguments: &Arguments, data: &Path, secrets: &Secrets) -> Part {
    let raptor = format!("http://{}", address(arguments.raptor_port));
    let jwks = arguments.jwks_url.clone().unwrap_or_else(|| format!("{raptor}/.well-known/jwks.json"));
    let mut command = wrangler(arguments, data);
    command
        .arg("dev")
        .args(arguments.place.iter().flat_map(|place| ["--config".into(), place.join("wrangler.toml")]))
        .args(["--env", "dev", "--ip", "127.0.0.1", "--port", &arguments.port.to_string()])
        .args(["--log-level", "warn", "--show-interactive-dev-session=false"])
        .args(free_inspector_port())
        .args(["--var", &format!("PAGES_ORIGIN:http://{}", address(arguments.pages_port))])
        .args(["--var", &format!("RAPTOR_ORIGIN:{raptor}")])
        .args(["--var", &format!("JWKS_URL:{jwks}")])
        .args(["--var", &format!("EDGE_SERVICE_TOKEN:{}", secrets.edge_service_token)])
        .arg("--persist-to")
        .arg(data.join("wrangler/edge"));
    Part { name: "edge", command, port: arguments.port, path: "/", known_to_end: Some(BROKEN) }
}

/// Where debuggers connect to. Two wranglers that start at the same time would both take the usual port, and one would end.
fn free_inspector_port() -> Option<String> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).ok()?;
    listener.local_addr().ok().map(|address| format!("--inspector-port={}", address.port()))
}

fn wrangler(arguments: &Arguments, data: &Path) -> Command {
    let mut command = node::wrangler();
    command
        .env("WRANGLER_LOG_PATH", data.join("wrangler/logs"))
        .env("NO_COLOR", "1")
        // What workerd tells a worker about a connection is made up here; asking for it would need the network.
        .env("CLOUDFLARE_CF_FETCH_ENABLED", "false");
    if !arguments.shipped {
        // Both wranglers run the build command of `wrangler.toml`, also the one that serves the static site. It has to find what was
        // just built, and not begin with the shipped form of it.
        command.env("XTASK_BUILD_DEV", "true");
    }
    command
}

pub(super) fn program(name: &str) -> PathBuf {
    workspace::target().join("debug").join(name)
}

fn address(port: u16) -> String {
    format!("127.0.0.1:{port}")
}
