//! Running other programs.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::workspace;

/// Runs a program to its end; its output goes to ours.
///
/// # Errors
/// It could not be started, or it ended with a failure.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("cannot start `{}`", line(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status}); its own message is above", line(command));
    }
    Ok(())
}

/// Runs a program to its end and shows its output only if it fails.
///
/// # Errors
/// It could not be started, or it ended with a failure.
pub(crate) fn run_quietly(command: &mut Command) -> Result<()> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start `{}`", line(command)))?;
    if !output.status.success() {
        let mut stderr = std::io::stderr().lock();
        let _ = stderr.write_all(&output.stdout).and_then(|()| stderr.write_all(&output.stderr));
        bail!("`{}` failed ({}); its own message is above", line(command), output.status);
    }
    Ok(())
}

/// Runs a program to its end and returns what it printed; its errors go to ours.
///
/// # Errors
/// It could not be started, it ended with a failure, or printed something else than text.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{}`", line(command)))?;
    let mut text = String::new();
    if let Some(mut stdout) = child.stdout.take() {
        stdout.read_to_string(&mut text).with_context(|| format!("`{}` printed no readable text", line(command)))?;
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("`{}` failed ({status}); its own message is above", line(command));
    }
    Ok(text)
}

/// What a program prints, or nothing if it is not there or fails. For asking whether something exists.
pub(crate) fn ask(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The command as one would type it, for messages.
pub(crate) fn line(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    // As somebody in the repository's root would type it.
    text.replace(&format!("{}/", workspace::root().display()), "").replace("node_modules/.bin/", "npx ")
}

/// Runs a program to its end, passes its lines on to ours as they come, and shows each to `see` on the way.
///
/// # Errors
/// It could not be started.
pub(crate) fn watch(command: &mut Command, mut see: impl FnMut(&str)) -> Result<bool> {
    let (lines, mut written) = std::io::pipe().map(|(read, write)| (BufReader::new(read), Some(write)))?;
    let second = written.as_ref().map(std::io::PipeWriter::try_clone).transpose()?;
    command.stdin(Stdio::null());
    if let (Some(first), Some(second)) = (written.take(), second) {
        // Both into one pipe, so that errors stand where they belong between the other lines.
        command.stdout(first).stderr(second);
    }
    let mut child = command.spawn().with_context(|| format!("cannot start `{}`", line(command)))?;
    // The command keeps copies of the pipe's writing end; as long as they are open, reading does not end.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut out = std::io::stdout().lock();
    for text in lines.split(b'\n') {
        let text = text?;
        out.write_all(&text)?;
        out.write_all(b"\n")?;
        see(&String::from_utf8_lossy(&text));
    }
    drop(out);
    Ok(child.wait()?.success())
}
