//! Findings with an excerpt of the registry, in the manner of a compiler.

use std::fmt::Write;

use codespan_reporting::{
    diagnostic::{Diagnostic, Label, Severity as Level},
    files::SimpleFile,
    term::{self, Config, Styles, StylesWriter, termcolor::Ansi},
};

use super::Report;
use crate::{
    finding::{Finding, Place, Severity},
    registry::Source,
};

/// The report as text; `colour` adds terminal colours.
pub fn human(report: &Report, source: &Source, colour: bool) -> String {
    let file = SimpleFile::new(source.path.display().to_string(), source.text.as_str());
    let mut text = String::new();
    for finding in &report.findings {
        text.push_str(&emit(&file, &diagnostic(finding), colour));
    }
    for note in &report.notes {
        let _ = writeln!(text, "note: {note}"); // writing to a String cannot fail
    }
    let count = |severity: Severity| report.findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings, advice) = (count(Severity::Error), count(Severity::Warning), count(Severity::Advice));
    let _ = writeln!(
        text,
        "{errors} {}, {warnings} {}, {advice} advice, {} allowed",
        plural(errors, "error", "errors"),
        plural(warnings, "warning", "warnings"),
        report.allowed
    );
    text
}

/// What is wrong with a registry that could not be read, with excerpts of its masked text.
pub fn invalid_registry(path: &str, text: &str, errors: &[(toml_span::Span, String)], colour: bool) -> String {
    let file = SimpleFile::new(path, text);
    let mut shown = String::new();
    for (span, message) in errors {
        let label = Label::primary((), clamp(text, span.start)..clamp(text, span.end));
        let diagnostic = Diagnostic::error().with_message(message).with_label(label);
        shown.push_str(&emit(&file, &diagnostic, colour));
    }
    shown
}

fn plural<'a>(count: usize, one: &'a str, more: &'a str) -> &'a str {
    if count == 1 { one } else { more }
}

/// The nearest offset that an excerpt can begin or end at.
fn clamp(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn diagnostic(finding: &Finding) -> Diagnostic<()> {
    let level = match finding.severity {
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
        Severity::Advice => Level::Note,
    };
    let info = finding.rule.info();
    let mut diagnostic = Diagnostic::new(level)
        .with_code(format!("{} {}", finding.rule, info.slug))
        .with_message(&finding.message)
        .with_note(format!("rule: {} [{}]", info.title, info.source))
        .with_note(format!("help: {}", finding.help));
    match &finding.place {
        Place::Registry { start, end } => diagnostic = diagnostic.with_label(Label::primary((), *start..*end)),
        Place::File { path, line, column } => {
            diagnostic.notes.insert(0, format!("at {}:{line}:{column}", path.display()));
        }
        Place::Remote(place) => diagnostic.notes.insert(0, format!("at {place}")),
    }
    diagnostic
}

fn emit(file: &SimpleFile<impl std::fmt::Display + Clone, &str>, diagnostic: &Diagnostic<()>, colour: bool) -> String {
    let config = Config::default();
    let written = if colour {
        let styles = Styles::default();
        let mut ansi = Ansi::new(Vec::new());
        let result = term::emit_to_write_style(&mut StylesWriter::new(&mut ansi, &styles), &config, file, diagnostic);
        result.ok().and_then(|()| String::from_utf8(ansi.into_inner()).ok())
    } else {
        term::emit_into_string(&config, file, diagnostic).ok()
    };
    // An excerpt that cannot be drawn must not lose the finding.
    written.unwrap_or_else(|| format!("{}\n", diagnostic.message))
}
