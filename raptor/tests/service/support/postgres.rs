//! A Postgres to test against.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A throw-away Postgres of this machine's packages, or the one that `RAPTOR_TEST_POSTGRES` names.
pub(crate) struct Postgres {
    pub(crate) url: String,
    server: Option<(PathBuf, tempfile::TempDir)>,
}

impl Postgres {
    /// `None` when this machine has none.
    pub(crate) fn start() -> Option<Self> {
        if let Ok(url) = std::env::var("RAPTOR_TEST_POSTGRES") {
            return Some(Self { url, server: None });
        }
        let programs = std::fs::read_dir("/usr/lib/postgresql").ok()?;
        let programs = programs
            .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
            .find(|path| path.join("initdb").exists())?;
        let directory = tempfile::tempdir().unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let data = directory.path().join("data");
        let path = |path: &Path| path.to_str().unwrap().to_owned();
        run_as_somebody(
            directory.path(),
            &programs.join("initdb"),
            &["-D", &path(&data), "-U", "raptor", "-A", "trust", "-N"],
        );
        let options = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c fsync=off",
            path(directory.path())
        );
        let log = path(&directory.path().join("log"));
        run_as_somebody(
            directory.path(),
            &programs.join("pg_ctl"),
            &["-D", &path(&data), "-w", "-l", &log, "-o", &options, "start"],
        );
        Some(Self { url: format!("postgres://raptor@127.0.0.1:{port}/postgres"), server: Some((programs, directory)) })
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some((programs, directory)) = &self.server {
            let data = directory.path().join("data");
            run_as_somebody(
                directory.path(),
                &programs.join("pg_ctl"),
                &["-D", data.to_str().unwrap(), "-m", "immediate", "stop"],
            );
        }
    }
}

/// Postgres refuses to run as root, so root lends it the account that its package has made.
fn run_as_somebody(directory: &Path, program: &Path, arguments: &[&str]) {
    let root = std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    let mut command = if root {
        let owned = Command::new("chown").args(["-R", "postgres", directory.to_str().unwrap()]).status().unwrap();
        assert!(owned.success());
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    let status = command.args(arguments).current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).status().unwrap();
    assert!(status.success(), "{} {arguments:?}", program.display());
}
