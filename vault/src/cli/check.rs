//! `lint`, `check refs` and `explain`.

use std::path::{Path, PathBuf};

use super::{
    Exit, Failure,
    arguments::Arguments,
    output::{Format, Output},
};
use raxx_vault::{
    refs,
    registry::Source,
    report::{self, Report},
    rules::{self, Rule, Stage},
};

pub(crate) fn lint(arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let source = open(arguments)?;
    let findings = rules::lint(&source.registry, arguments.today());
    let outcome = rules::apply_exceptions(&source.registry, findings, &[Stage::Registry]);
    let report = Report { findings: outcome.findings, allowed: outcome.allowed, notes: Vec::new() };
    Ok(write(&report, &source, output))
}

pub(crate) fn refs(arguments: &Arguments, output: &Output, root: &Path) -> Result<Exit, Failure> {
    let source = open(arguments)?;
    let checked = refs::check(&source, root, arguments.today())?;
    let mut notes = checked.notes;
    notes.push(format!("{} files read", checked.files));
    let report = Report { findings: checked.outcome.findings, allowed: checked.outcome.allowed, notes };
    Ok(write(&report, &source, output))
}

pub(crate) fn explain(output: &Output, code: &str) -> Result<Exit, Failure> {
    let rule = Rule::from_code(&code.to_ascii_uppercase())
        .ok_or_else(|| Failure::Usage("there is no such rule: codes are R1 to R66, A1 and A2".to_owned()))?;
    let info = rule.info();
    let found_by = match info.stage {
        Stage::Registry => "lint",
        Stage::Repository => "check refs",
        Stage::RegistryAndRepository => "lint and check refs",
    };
    output.print(&format!(
        "{rule} {} ({})\n{}\nSource: {}\nFound by: {found_by}\n",
        info.slug, info.severity, info.title, info.source
    ));
    Ok(Exit::Clean)
}

/// Reads the registry that the arguments name, or the one that lies here or further up.
pub(crate) fn open(arguments: &Arguments) -> Result<Source, Failure> {
    let path = match &arguments.registry {
        Some(path) => path.clone(),
        None => find().ok_or_else(|| {
            Failure::Usage("there is no registry.toml here or further up: name it with --registry".to_owned())
        })?,
    };
    Ok(Source::open(&path)?)
}

fn find() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    here.ancestors()
        .find_map(|folder| {
            ["registry.toml", "vault/registry.toml"].iter().map(|name| folder.join(name)).find(|path| path.is_file())
        })
        .map(|path| path.strip_prefix(&here).map(Path::to_owned).unwrap_or(path))
}

/// Writes a report in the wanted format.
pub(crate) fn write(report: &Report, source: &Source, output: &Output) -> Exit {
    match output.format {
        Format::Human => output.print(&report::human(report, source, output.colour())),
        Format::Json => output.print(&format!("{:#}\n", report::json(report, source))),
        Format::Sarif => output.print(&format!("{:#}\n", report::sarif(report, source))),
    }
    if report.fails() { Exit::Findings } else { Exit::Clean }
}
