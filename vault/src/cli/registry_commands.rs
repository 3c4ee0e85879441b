//! `matrix`, `checklist`, `migrate status`, `new` and `export`: what the registry alone answers.

use std::{io::Write, path::Path};

use super::{
    Exit, Failure,
    arguments::{Arguments, New},
    check::open,
    output::Output,
};
use raxx_vault::{
    checklist, export, matrix, migrate,
    provision::{self, Wishes},
    registry::Source,
    rules,
};

pub(crate) fn matrix(arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let source = open(arguments)?;
    output.print(&matrix::markdown(&source.registry, arguments.today()));
    Ok(clean_unless(matrix::overdue(&source.registry, arguments.today())))
}

pub(crate) fn checklist(arguments: &Arguments, output: &Output, name: &str) -> Result<Exit, Failure> {
    let source = open(arguments)?;
    let token = source
        .registry
        .token(name)
        .ok_or_else(|| Failure::Usage("that name is not registered: `raxx-vault new` registers it".to_owned()))?;
    output.print(&checklist::markdown(&source.registry, token));
    Ok(Exit::Clean)
}

pub(crate) fn migrate_status(arguments: &Arguments, output: &Output) -> Result<Exit, Failure> {
    let source = open(arguments)?;
    output.print(&migrate::markdown(&source.registry, arguments.today()));
    Ok(clean_unless(migrate::late(&source.registry, arguments.today())))
}

pub(crate) fn infisical_rules(arguments: &Arguments, output: &Output, project: &str) -> Result<Exit, Failure> {
    let source = open(arguments)?;
    output.print(&format!("{:#}\n", export::infisical_rules(&source.registry, project)));
    Ok(Exit::Clean)
}

pub(crate) fn new(arguments: &Arguments, output: &Output, new: &New) -> Result<Exit, Failure> {
    let source = open(arguments)?;
    let wishes = Wishes {
        kind: new.kind,
        consumers: new.consumers.clone(),
        scopes: new.scopes.clone(),
        sensitivity: new.sensitivity.clone(),
        rotation: new.rotation.clone(),
        target: new.target.clone(),
        pair: new.pair.clone(),
        path: new.path.clone(),
        function: new.function.clone(),
        principal: new.principal.clone(),
    };
    let row =
        provision::row(&source.registry, &new.name, &wishes).map_err(|error| Failure::Usage(error.to_string()))?;

    // Written only if the registry reads with it, and breaks no rule that it did not break before.
    let original = std::fs::read_to_string(&source.path).map_err(|error| unwritten(&source.path, &error))?;
    let text = format!("{}\n{row}", original.trim_end());
    let next = Source::parse(&source.path, &text)?;
    if let Some((span, looks_like)) =
        next.registry.values.iter().find(|(span, _)| span.start >= original.trim_end().len())
    {
        let _ = span;
        return Err(Failure::Usage(format!(
            "something that was given looks like {looks_like}: a value has no place in the registry"
        )));
    }
    let failing = |source: &Source| {
        rules::lint(&source.registry, arguments.today())
            .into_iter()
            .filter(|finding| finding.fails() && finding.subject == new.name)
            .collect::<Vec<_>>()
    };
    if let Some(finding) = failing(&next).first() {
        return Err(Failure::Usage(format!(
            "the new row would break {}: {}; {}",
            finding.rule, finding.message, finding.help
        )));
    }
    if new.dry_run {
        output.print(row.trim_start());
        return Ok(Exit::Clean);
    }
    replace(&source.path, &text).map_err(|error| unwritten(&source.path, &error))?;
    output.print(row.trim_start());
    output.complain(&format!("added to {}; next: raxx-vault checklist {}\n", source.path.display(), new.name));
    Ok(Exit::Clean)
}

/// Writes beside the file and renames over it: a reader meets the old file or the new one, never half of it.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let draft = folder.join(format!(".registry.{}.toml", std::process::id()));
    let written = std::fs::OpenOptions::new().write(true).create_new(true).open(&draft).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let renamed = written.and_then(|()| std::fs::rename(&draft, path));
    if renamed.is_err() {
        let _ = std::fs::remove_file(&draft); // the first error is the one to tell
    }
    renamed
}

fn unwritten(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Usage(format!(
        "{} was not changed ({}): check that it may be read and written",
        path.display(),
        error.kind()
    ))
}

fn clean_unless(count: usize) -> Exit {
    if count == 0 { Exit::Clean } else { Exit::Findings }
}
