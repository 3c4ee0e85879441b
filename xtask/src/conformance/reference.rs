//! Our own Raptor before the help desk's double, started for one run and ended after it.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::machine::rust;
use crate::{fingerprint, http, process, workspace};

/// How long a program may take until it answers.
const START: Duration = Duration::from_secs(30);

/// A running Raptor. It ends when this is dropped.
pub(super) struct Reference {
    /// Where it answers.
    pub(super) url: String,
    /// The origin that it expects passkeys from.
    pub(super) origin: &'static str,
    /// What the edge would prove itself with.
    pub(super) service_token: String,
    programs: Vec<Child>,
}

impl Reference {
    /// Starts both, with data of their own that an earlier run has not touched.
    ///
    /// # Errors
    /// They do not build, start or answer.
    pub(super) fn start() -> Result<Self> {
        let double = rust::built("helpdesk-double", "helpdesk-double")?;
        let raptor = rust::built("raptor", "raptor")?;
        let data = workspace::target().join("conformance");
        if data.exists() {
            fs::remove_dir_all(&data).with_context(|| format!("cannot remove {}", workspace::shown(&data)))?;
        }
        fs::create_dir_all(&data)?;
        let (desk_port, port) = (free_port()?, free_port()?);
        let (api_key, service_token) = (fingerprint::hexadecimal(&random::<16>()?), token()?);
        let keys = process::capture(Command::new(&raptor).arg("generate-key"))?;
        let origin = "http://localhost:8787";
        let mut reference =
            Self { url: format!("http://127.0.0.1:{port}"), origin, service_token, programs: Vec::new() };
        let mut command = Command::new(double);
        command.args(["--listen", &format!("127.0.0.1:{desk_port}"), "--api-key", &api_key, "--mailbox", "1"]);
        reference.run(&mut command, &data.join("helpdesk.log"), desk_port, "/operator/counters")?;
        let mut command = Command::new(raptor);
        command
            .env("RAPTOR_LISTEN", format!("127.0.0.1:{port}"))
            .env("RAPTOR_RP_ID", "localhost")
            .env("RAPTOR_ORIGINS", origin)
            .env("RAPTOR_JWT_KEYS", keys.trim())
            .env("RAPTOR_DEV_ENROLMENT", "1")
            .env("RAPTOR_DEV_SEED_URL", format!("http://127.0.0.1:{desk_port}/operator/seed-demo"))
            .env("DATABASE_URL", format!("sqlite:{}", data.join("raptor.db").display()))
            .env("EDGE_SERVICE_TOKEN", &reference.service_token)
            .env("FREESCOUT_BASE_URL", format!("http://127.0.0.1:{desk_port}"))
            .env("FREESCOUT_API_TOKEN", &api_key)
            .env("FREESCOUT_SUPPORT_MAILBOX_ID", "1")
            .env("FREESCOUT_PORTAL_USER_ID", "1")
            .env("FREESCOUT_VISIBLE_FIELD_IDS", "18,19");
        reference.run(&mut command, &data.join("raptor.log"), port, "/readyz")?;
        Ok(reference)
    }

    fn run(&mut self, command: &mut Command, log: &Path, port: u16, path: &str) -> Result<()> {
        let output = fs::File::create(log).with_context(|| format!("cannot write {}", workspace::shown(log)))?;
        let errors = output.try_clone()?;
        let child = command.stdin(Stdio::null()).stdout(output).stderr(errors).spawn();
        self.programs.push(child.with_context(|| format!("cannot start `{}`", process::line(command)))?);
        let deadline = Instant::now() + START;
        while http::status(port, path) != Some(200) {
            let ended = self.programs.last_mut().is_some_and(|child| !matches!(child.try_wait(), Ok(None)));
            if ended || Instant::now() > deadline {
                bail!("`{}` does not answer; {} may say why", process::line(command), workspace::shown(log));
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Reference {
    fn drop(&mut self) {
        for program in self.programs.iter_mut().rev() {
            // It may have ended already, which is what we want.
            let _ = program.kill();
            let _ = program.wait();
        }
    }
}

/// A port that nobody listens on at this moment.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn token() -> Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(random::<32>()?))
}

fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("the system gives no random bytes: {error}"))?;
    Ok(bytes)
}
