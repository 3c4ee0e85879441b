//! The program: `raptor` serves, `raptor generate-key` prints a key set for session tokens.

use std::process::ExitCode;
use std::sync::Arc;

use raptor::app::{App, Timing};
use raptor::config::Config;
use raptor::server::Server;
use tracing_subscriber::EnvFilter;

const USAGE: &str = "usage: raptor [serve]            serve, configured by the environment (see raptor/README.md)
       raptor migrate            bring the database of the environment up to date, and end
       raptor generate-key       print a JWK Set with one new private key for RAPTOR_JWT_KEYS
       raptor delete-customer ID delete everything that is kept of a customer here";

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        [] | ["serve"] => serve().await,
        ["migrate"] => migrate().await,
        ["generate-key"] => {
            println!("{}", raptor::sessions::generate_key_set());
            Ok(())
        }
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        ["delete-customer", id] => delete_customer(id).await,
        _ => Err(USAGE.to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn start_logging() {
    let filter =
        EnvFilter::try_from_env("RAPTOR_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,webauthn_rs_core=off"));
    tracing_subscriber::fmt().json().flatten_event(true).with_env_filter(filter).init();
}

async fn serve() -> Result<(), String> {
    start_logging();
    let config = Config::from_environment().map_err(|error| error.to_string())?;
    let timing = Timing::configured(&config);
    let server = Server::bind(config, timing).await.map_err(|error| error.to_string())?;
    let address = server.address().map_err(|error| error.to_string())?;
    tracing::info!(%address, "listening");
    let hangups = tokio::spawn(reload_on_hangup(server.app.clone()));
    let result = server.run(stop_signal()).await;
    hangups.abort();
    result.map_err(|error| error.to_string())
}

/// Opening the store runs what migrations are missing; a platform's release phase does it before the new program takes over.
async fn migrate() -> Result<(), String> {
    let config = Config::from_environment().map_err(|error| error.to_string())?;
    raptor::store::Store::open(&config.database).await.map(drop).map_err(|error| error.to_string())
}

async fn delete_customer(id: &str) -> Result<(), String> {
    let id = shared::CustomerId::parse(id).map_err(|_| "the id must look like cu_… and 26 characters".to_owned())?;
    let config = Config::from_environment().map_err(|error| error.to_string())?;
    let store = raptor::store::Store::open(&config.database).await.map_err(|error| error.to_string())?;
    match store.delete_customer(id).await {
        Ok(true) => Ok(()),
        Ok(false) => Err("there is no such customer here".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// `SIGTERM` as platforms send it, or Ctrl-C.
async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = interrupt => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(_) => {
                let _ = interrupt.await;
            }
        }
    }
    #[cfg(not(unix))]
    {
        let _ = interrupt.await;
    }
}

/// Reads keys and secrets again on `SIGHUP`. What came from the environment itself cannot change while the process runs; what came from
/// files can.
async fn reload_on_hangup(app: Arc<App>) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut hangups) = signal(SignalKind::hangup()) else { return };
        while hangups.recv().await.is_some() {
            match Config::from_environment() {
                Ok(config) => {
                    app.reload(config);
                    tracing::info!("keys and secrets were read again");
                }
                Err(error) => tracing::error!(%error, "nothing was changed: the configuration cannot be used"),
            }
        }
    }
    #[cfg(not(unix))]
    {
        let _ = app;
        std::future::pending::<()>().await;
    }
}
