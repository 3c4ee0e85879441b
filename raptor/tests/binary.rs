//! The program as it is shipped: real signals, real files, a real end.

#![expect(clippy::unwrap_used, reason = "a test that meets something unexpected is to fail there")]

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use helpdesk_double::{Handle, HelpDeskDouble};
use serde_json::Value;
use service_auth::ServiceToken;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

const NOTICES: &str = "/api/v1/support/notices";
const KEYS: &str = "/.well-known/jwks.json";

/// A running program.
struct Program {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    base: String,
    http: reqwest::Client,
}

fn token() -> String {
    ServiceToken::generate().unwrap().expose().to_owned()
}

/// Exchanges a file as deployments do: whole, or not at all.
fn exchange(path: &Path, content: &str) {
    let new = path.with_extension("new");
    std::fs::write(&new, content).unwrap();
    std::fs::rename(new, path).unwrap();
}

struct Place {
    directory: TempDir,
    desk: Handle,
}

impl Place {
    async fn new() -> Self {
        let desk = HelpDeskDouble::start(helpdesk_double::Config::default()).await.unwrap();
        Self { directory: tempfile::tempdir().unwrap(), desk }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn keys(&self) -> PathBuf {
        let path = self.path("keys.json");
        exchange(&path, &raptor::sessions::generate_key_set());
        path
    }

    async fn start(&self, environment: &[(&str, &str)]) -> Program {
        let mut child = self.command(environment).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut program = Program { child, lines, base: String::new(), http: reqwest::Client::new() };
        let address = program.log("listening").await["address"].as_str().unwrap().to_owned();
        program.base = format!("http://{address}");
        program
    }

    fn command(&self, environment: &[(&str, &str)]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_raptor"));
        command
            .env_clear()
            .env("RAPTOR_LISTEN", "127.0.0.1:0")
            .env("RAPTOR_RP_ID", "localhost")
            .env("RAPTOR_ORIGINS", "http://localhost:8787")
            .env("DATABASE_URL", format!("sqlite:{}", self.path("raptor.sqlite3").display()))
            .env("FREESCOUT_BASE_URL", &self.desk.base_url)
            .env("FREESCOUT_API_TOKEN", &self.desk.api_key)
            .env("FREESCOUT_SUPPORT_MAILBOX_ID", "1")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }
}

impl Program {
    /// The next line of the log with this message.
    async fn log(&mut self, message: &str) -> Value {
        let find = async {
            loop {
                let line =
                    self.lines.next_line().await.unwrap().unwrap_or_else(|| panic!("it ended before {message:?}"));
                let line: Value = serde_json::from_str(&line).unwrap();
                if line["message"].as_str().is_some_and(|text| text.contains(message)) {
                    return line;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(20), find).await.unwrap()
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    async fn status(&self, token: &str) -> u16 {
        let request = self.http.get(format!("{}{NOTICES}", self.base));
        let request = request.header(shared::SERVICE_AUTHORIZATION, format!("Bearer {token}"));
        request.send().await.unwrap().status().as_u16()
    }

    async fn key_id(&self) -> String {
        let text = self.http.get(format!("{}{KEYS}", self.base)).send().await.unwrap().text().await.unwrap();
        let set: Value = serde_json::from_str(&text).unwrap();
        set["keys"][0]["kid"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn hangup_reads_keys_and_tokens_again_and_keeps_them_when_they_are_wrong() {
    let place = Place::new().await;
    let (keys, edge) = (place.keys(), place.path("edge"));
    let (first, second) = (token(), token());
    exchange(&edge, &first);
    let environment =
        [("RAPTOR_JWT_KEYS", keys.to_str().unwrap()), ("EDGE_SERVICE_TOKEN_FILE", edge.to_str().unwrap())];
    let mut program = place.start(&environment).await;
    let before = program.key_id().await;
    assert_eq!((program.status(&first).await, program.status(&second).await), (200, 401));

    exchange(&edge, &second);
    place.keys();
    program.signal("-HUP");
    program.log("keys and secrets were read again").await;
    let after = program.key_id().await;
    assert_ne!(before, after);
    // The edge's token is read by a watch of its own, which hears the same signal.
    while program.status(&second).await != 200 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(program.status(&first).await, 200, "the token before is accepted for a while");

    exchange(&keys, "{}");
    exchange(&edge, "no token");
    program.signal("-HUP");
    program.log("nothing was changed").await;
    assert_eq!(program.key_id().await, after);
    assert_eq!(program.status(&second).await, 200);

    program.signal("-TERM");
    program.log("stopped").await;
    assert!(program.child.wait().await.unwrap().success());
}

#[tokio::test]
async fn an_exchanged_token_counts_without_any_signal() {
    let place = Place::new().await;
    let (keys, edge) = (place.keys(), place.path("edge"));
    let (first, second) = (token(), token());
    exchange(&edge, &first);
    let environment =
        [("RAPTOR_JWT_KEYS", keys.to_str().unwrap()), ("EDGE_SERVICE_TOKEN_FILE", edge.to_str().unwrap())];
    let mut program = place.start(&environment).await;
    exchange(&edge, &second);
    program.log("service token reloaded").await;
    assert_eq!((program.status(&first).await, program.status(&second).await), (200, 200));
}

#[tokio::test]
async fn a_process_that_starts_within_a_rotation_knows_both_tokens() {
    let place = Place::new().await;
    let keys = place.keys();
    let (old, new) = (token(), token());
    let mut environment = vec![("RAPTOR_JWT_KEYS", keys.to_str().unwrap()), ("EDGE_SERVICE_TOKEN", new.as_str())];
    let program = place.start(&environment).await;
    assert_eq!((program.status(&new).await, program.status(&old).await), (200, 401));
    drop(program);
    environment.push(("EDGE_SERVICE_TOKEN_PREVIOUS", &old));
    let program = place.start(&environment).await;
    assert_eq!(
        (program.status(&new).await, program.status(&old).await, program.status(&token()).await),
        (200, 200, 401)
    );
}

#[tokio::test]
async fn a_configuration_that_cannot_be_used_ends_it_with_every_problem() {
    let place = Place::new().await;
    let mut command = Command::new(env!("CARGO_BIN_EXE_raptor"));
    command.env_clear().env("RAPTOR_JWT_KEYS", place.keys()).env("EDGE_SERVICE_TOKEN_PREVIOUS", "short");
    let output = command.output().await.unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stderr).unwrap();
    for variable in
        ["RAPTOR_RP_ID", "RAPTOR_ORIGINS", "EDGE_SERVICE_TOKEN", "EDGE_SERVICE_TOKEN_PREVIOUS", "FREESCOUT_BASE_URL"]
    {
        assert!(text.contains(&format!("\n  {variable}: ")), "{variable} in {text}");
    }
}

#[tokio::test]
async fn whoever_asks_for_help_gets_it_and_whoever_mistypes_is_told() {
    let run = |word: &'static str| Command::new(env!("CARGO_BIN_EXE_raptor")).env_clear().arg(word).output();
    let help = run("--help").await.unwrap();
    assert!(help.status.success());
    assert!(String::from_utf8(help.stdout).unwrap().starts_with("usage: raptor"));
    let mistyped = run("mirgate").await.unwrap();
    assert_eq!((mistyped.status.code(), mistyped.stdout.len()), (Some(1), 0));
    assert!(String::from_utf8(mistyped.stderr).unwrap().starts_with("usage: raptor"));
}

#[tokio::test]
async fn migrating_brings_the_database_up_to_date_and_ends() {
    let place = Place::new().await;
    let keys = place.keys();
    let edge = token();
    let environment = [("RAPTOR_JWT_KEYS", keys.to_str().unwrap()), ("EDGE_SERVICE_TOKEN", edge.as_str())];
    // Twice: a release without a migration has the phase too.
    for _ in 0..2 {
        assert!(place.command(&environment).arg("migrate").status().await.unwrap().success());
    }
    assert!(place.path("raptor.sqlite3").metadata().unwrap().len() > 0);

    let nowhere = [("DATABASE_URL", "sqlite:/nowhere/raptor.sqlite3")];
    let refused =
        place.command(&environment).envs(nowhere).arg("migrate").stderr(Stdio::piped()).output().await.unwrap();
    assert!(!refused.status.success());
    assert!(!refused.stderr.is_empty());
}
