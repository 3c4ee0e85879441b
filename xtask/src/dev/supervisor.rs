//! Starting the parts one after the other, and leaving none behind.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
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
/// How often a part is started again that is known to end by itself. One that ends again and again is broken.
const AGAIN: u32 = 5;

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
    /// What is known to end it by itself, if anything: it is then started again.
    pub(super) known_to_end: Option<&'static str>,
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
        running.check_or_start_again()?;
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

struct Running(Vec<Started>);

struct Started {
    name: &'static str,
    command: Command,
    child: Child,
    known_to_end: Option<&'static str>,
    /// How often it was started again.
    again: u32,
}

impl Running {
    fn start(&mut self, part: Part) -> Result<()> {
        let Part { name, mut command, known_to_end, .. } = part;
        // A group of its own: whatever the program starts (wrangler starts Node, Node starts workerd) ends with it.
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let child = spawn(name, &mut command)?;
        self.0.push(Started { name, command, child, known_to_end, again: 0 });
        Ok(())
    }

    /// # Errors
    /// A part has ended.
    fn check(&mut self) -> Result<()> {
        self.ended()?.map_or(Ok(()), |(started, how)| Err(ended_by_itself(started.name, &how)))
    }

    /// Starts a part again that is known to end by itself.
    ///
    /// # Errors
    /// Another part has ended, or this one too often.
    fn check_or_start_again(&mut self) -> Result<()> {
        let Some((Started { name, command, child, known_to_end, again }, how)) = self.ended()? else { return Ok(()) };
        let Some(reason) = known_to_end.filter(|_| *again < AGAIN) else { return Err(ended_by_itself(name, &how)) };
        *again += 1;
        eprintln!(
            "{name} ended by itself ({how}), as it does when {reason}; starting it again, {again} of at most {AGAIN} times"
        );
        // What it had started may still hold its port.
        if let Some(group) = group_of(child) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        *child = spawn(name, command)?;
        Ok(())
    }

    /// The first part that has ended, and how.
    fn ended(&mut self) -> Result<Option<(&mut Started, String)>> {
        for started in &mut self.0 {
            if let Some(status) = started.child.try_wait()? {
                return Ok(Some((started, described(status))));
            }
        }
        Ok(None)
    }
}

fn ended_by_itself(name: &str, how: &str) -> anyhow::Error {
    anyhow!("{name} ended by itself ({how}); its own lines above say why")
}

/// Starts a program whose lines are printed with its name.
fn spawn(name: &'static str, command: &mut Command) -> Result<Child> {
    let mut child = command.spawn().with_context(|| format!("cannot start {name} (`{}`)", process::line(command)))?;
    if let Some(stdout) = child.stdout.take() {
        print_lines(name, stdout);
    }
    if let Some(stderr) = child.stderr.take() {
        print_lines(name, stderr);
    }
    Ok(child)
}

/// A program's group has its number.
fn group_of(child: &Child) -> Option<Pid> {
    Pid::from_raw(i32::try_from(child.id()).ok()?)
}

/// Runs also when we panic, so that no program outlives us.
impl Drop for Running {
    fn drop(&mut self) {
        let groups: Vec<Pid> = self.0.iter().filter_map(|started| group_of(&started.child)).collect();
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
        for Started { child, .. } in &mut self.0 {
            let _ = child.wait();
        }
    }
}

impl Running {
    /// Whether anybody is left in the groups. Our children are waited for first, because a dead one stays in its group until then.
    fn remain(&mut self, groups: &[Pid]) -> bool {
        for Started { child, .. } in &mut self.0 {
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
mod tests;
