//! The double as a program, for `dev` and for tests in other languages.

use clap::Parser;
use helpdesk_double::{Config, HelpDeskDouble, WebhookConfig};
use std::{net::SocketAddr, path::PathBuf, process::ExitCode, time::Duration};

/// A stand-in for the private help desk that behaves as badly as the real one.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Address to listen on; port 0 picks a free one
    #[arg(long, default_value = "127.0.0.1:8790")]
    listen: SocketAddr,
    /// API key; a random one when missing
    // Random values may begin with a hyphen.
    #[arg(long, allow_hyphen_values = true)]
    api_key: Option<String>,
    /// Id of the one mailbox
    #[arg(long, default_value_t = 1)]
    mailbox: u64,
    /// File that keeps everything over a restart
    #[arg(long)]
    state: Option<PathBuf>,
    /// Let an agent answer new tickets after so many seconds
    #[arg(long, value_name = "SECONDS")]
    auto_agent: Option<u64>,
    /// Receiver of webhooks, http only
    #[arg(long)]
    webhook_url: Option<String>,
    /// Secret of the webhooks' signature; a random one when missing
    #[arg(long, allow_hyphen_values = true)]
    webhook_secret: Option<String>,
    /// Seconds between an agent's answer and its webhook: the real help desk waits for an undo
    #[arg(long, value_name = "SECONDS", default_value_t = 15)]
    undo_window: u64,
    /// Put a unique random token into every field that a customer must never see
    #[arg(long)]
    canary: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let config = Config {
        listen: arguments.listen,
        api_key: arguments.api_key,
        mailbox_id: arguments.mailbox,
        state_file: arguments.state,
        auto_agent: arguments.auto_agent.map(Duration::from_secs),
        webhooks: WebhookConfig {
            url: arguments.webhook_url,
            secret: arguments.webhook_secret,
            agent_reply_delay: Duration::from_secs(arguments.undo_window),
            ..WebhookConfig::default()
        },
        canary: arguments.canary,
        ..Config::default()
    };
    let handle = match HelpDeskDouble::start(config).await {
        Ok(handle) => handle,
        Err(error) => {
            eprintln!("helpdesk-double: {error}");
            return ExitCode::FAILURE;
        }
    };
    println!("ready  {}  mailbox {}  key {}", handle.base_url, handle.mailbox_id, handle.api_key);
    wait_for_the_end().await;
    // Dropping it writes the state file.
    drop(handle);
    ExitCode::SUCCESS
}

/// Ctrl-C, or the signal that supervisors send.
async fn wait_for_the_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without a handler the system ends the process itself.
    let _ = tokio::signal::ctrl_c().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_may_begin_with_a_hyphen() {
        let given = ["helpdesk-double", "--api-key", "-key", "--webhook-secret", "--secret", "--canary"];
        let read = Arguments::try_parse_from(given).unwrap();
        assert_eq!((read.api_key.as_deref(), read.webhook_secret.as_deref()), (Some("-key"), Some("--secret")));
        assert!(read.canary);
    }
}
