//! Starting the parts one after the other, and leaving none behind.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::{http, process};

/// How long a part may take to answer after it was started.
const START: Duration = Duration::from_secs(120);
/// How long the parts may take to end after they were asked to.
const STOP: Duration = Duration::from_secs(8);
/// How often we look whether a part is there, or still there.
const LOOK: Duration = Duration::from_millis(100);

/// A program that belongs to the system.
pub(super) struct Part {
    /// Name in front of each line that it prints.
    pub(super) name: &'static str,
    /// How to start it.
    pub(super) command: Command,
    /// Where it answers with 200 when it is ready.
    pub(super) port: u16,
    /// And on which path.
    pub(super) path: &'static str,
}

/// Starts the first part, and when it answers all others, calls `ready` when each of them answers, and runs until a signal or until a
/// part ends.
///
/// # Errors
/// A part does not start, does not answer in time, or ends by itself.
pub(super) fn supervise(parts: Vec<Part>, ready: impl FnOnce()) -> Result<()> {
    let interrupted = interruptions()?;
    let mut running = Running(Vec::new());
    let mut unanswered = Vec::new();
    for (place, part) in parts.into_iter().enumerate() {
        unanswered.push((part.name, part.port, part.path));
        running.start(part)?;
        if place == 0 && answers(&mut running, &mut unanswered, &interrupted)? == Answer::Interrupted {
            return Ok(());
        }
    }
    if answers(&mut running, &mut unanswered, &interrupted)? == Answer::Interrupted {
        return Ok(());
    }
    ready();
    while !waited(&interrupted, LOOK) {
        running.check()?;
    }
    eprintln!("\nstopping");
    Ok(())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    All,
    Interrupted,
}

/// Waits until each of these answers with 200, and forgets those that did.
fn answers(
    running: &mut Running,
    unanswered: &mut Vec<(&'static str, u16, &'static str)>,
    interrupted: &Receiver<()>,
) -> Result<Answer> {
    let deadline = Instant::now() + START;
    loop {
        unanswered.retain(|(_, port, path)| http::status(*port, path) != Some(200));
        running.check()?;
        let Some((name, port, _)) = unanswered.first() else { return Ok(Answer::All) };
        if Instant::now() > deadline {
            bail!("{name} did not answer on port {port} within {} s; its own lines above may say why", START.as_secs());
        }
        if waited(interrupted, LOOK) {
            return Ok(Answer::Interrupted);
        }
    }
}

/// Waits a moment; says whether somebody wants us to end.
fn waited(interrupted: &Receiver<()>, time: Duration) -> bool {
    !matches!(interrupted.recv_timeout(time), Err(RecvTimeoutError::Timeout))
}

fn interruptions() -> Result<Receiver<()>> {
    let (tell, told) = mpsc::channel();
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("cannot listen for Ctrl-C")?;
    thread::spawn(move || {
        for _ in signals.forever() {
            if tell.send(()).is_err() {
                return;
            }
        }
    });
    Ok(told)
}

struct Running(Vec<(&'static str, Child)>);

impl Running {
    fn start(&mut self, part: Part) -> Result<()> {
        let Part { name, mut command, .. } = part;
        // A group of its own: whatever the program starts (wrangler starts Node, Node starts workerd) ends with it.
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let mut child =
            command.spawn().with_context(|| format!("cannot start {name} (`{}`)", process::line(&command)))?;
        if let Some(stdout) = child.stdout.take() {
            print_lines(name, stdout);
        }
        if let Some(stderr) = child.stderr.take() {
            print_lines(name, stderr);
        }
        self.0.push((name, child));
        Ok(())
    }

    fn check(&mut self) -> Result<()> {
        for (name, child) in &mut self.0 {
            if let Some(status) = child.try_wait()? {
                bail!("{name} ended by itself ({}); its own lines above say why", described(status));
            }
        }
        Ok(())
    }
}

/// Runs also when we panic, so that no program outlives us.
impl Drop for Running {
    fn drop(&mut self) {
        let groups: Vec<Pid> =
            self.0.iter().filter_map(|(_, child)| Pid::from_raw(i32::try_from(child.id()).ok()?)).collect();
        for group in groups.iter().rev() {
            // It may have ended already, which is what we want.
            let _ = kill_process_group(*group, Signal::TERM);
        }
        let deadline = Instant::now() + STOP;
        while Instant::now() < deadline && self.remain(&groups) {
            thread::sleep(LOOK);
        }
        for group in &groups {
            let _ = kill_process_group(*group, Signal::KILL);
        }
        for (_, child) in &mut self.0 {
            let _ = child.wait();
        }
    }
}

impl Running {
    /// Whether anybody is left in the groups. Our children are waited for first, because a dead one stays in its group until then.
    fn remain(&mut self, groups: &[Pid]) -> bool {
        for (_, child) in &mut self.0 {
            let _ = child.try_wait();
        }
        groups.iter().any(|group| test_kill_process_group(*group).is_ok())
    }
}

fn print_lines(name: &'static str, stream: impl Read + Send + 'static) {
    thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_end();
            if !text.is_empty() {
                println!("{name:<9}│ {text}");
            }
            line.clear();
        }
    });
}

fn described(status: ExitStatus) -> String {
    status.code().map_or_else(|| status.to_string(), |code| format!("exit code {code}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Part {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Part { name: "shell", command, port: 1, path: "/" }
    }

    fn group(running: &Running) -> Pid {
        Pid::from_child(&running.0[0].1)
    }

    #[test]
    fn neither_a_program_nor_what_it_started_outlives_us() {
        let mut running = Running(Vec::new());
        running.start(shell("sleep 1000 & sleep 1000")).unwrap();
        let group = group(&running);
        assert!(test_kill_process_group(group).is_ok());
        drop(running);
        assert!(test_kill_process_group(group).is_err());
    }

    #[test]
    fn a_program_that_will_not_end_is_ended_also_when_we_panic() {
        let mut running = Running(Vec::new());
        running.start(shell("trap '' TERM; while :; do :; done")).unwrap();
        let group = group(&running);
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || {
            let _running = running;
            panic!("as if something went wrong");
        }));
        assert!(panicked.is_err());
        assert!(test_kill_process_group(group).is_err());
    }

    #[test]
    fn a_program_that_ends_by_itself_is_told_of() {
        let mut running = Running(Vec::new());
        running.start(shell("exit 3")).unwrap();
        let deadline = Instant::now() + Duration::from_secs(10);
        let told = loop {
            match running.check() {
                Err(error) => break error.to_string(),
                Ok(()) => assert!(Instant::now() < deadline, "nobody noticed"),
            }
            thread::yield_now();
        };
        assert_eq!(told, "shell ended by itself (exit code 3); its own lines above say why");
    }
}
