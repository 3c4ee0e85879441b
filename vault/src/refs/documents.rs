//! R36, R37 and R49: the rotation index and the runbooks, in the repository that holds them.

use std::path::Path;

use crate::{
    finding::{Finding, Place},
    registry::{Class, Registry, Status},
    rules::Rule,
};

pub(super) fn check(registry: &Registry, root: &Path, findings: &mut Vec<Finding>, notes: &mut Vec<String>) {
    let policy = &registry.policy;
    if !root.join(&policy.runbooks).is_dir() {
        notes.push(format!("R36, R37 and R49 were not checked: {} is in another repository", policy.runbooks));
        return;
    }
    let index = std::fs::read_to_string(root.join(&policy.rotation_index)).unwrap_or_default();
    let rows: Vec<(usize, Vec<&str>)> = index
        .lines()
        .enumerate()
        .filter(|(_, line)| line.trim_start().starts_with('|'))
        .map(|(number, line)| (number, line.trim().trim_matches('|').split('|').map(str::trim).collect()))
        .collect();
    let row =
        |name: &str| rows.iter().find(|(_, cells)| cells.first().is_some_and(|cell| cell.trim_matches('`') == name));
    let at = |line: usize| Place::File {
        path: policy.rotation_index.clone().into(),
        line: u32::try_from(line).unwrap_or(0) + 1,
        column: 1,
    };

    let in_use = registry.tokens.iter().filter(|token| token.class != Class::Outside && token.status == Status::Active);
    for token in in_use.clone().filter(|token| row(&token.name.value).is_none()) {
        let name = &token.name.value;
        let message = format!("`{name}` has no row in the rotation index");
        findings.push(Finding::new(Rule::r(36), name, at(0), message, "`raxx-vault matrix` prints the rows"));
    }
    for vendor in &registry.vendors {
        let needed = in_use
            .clone()
            .any(|token| registry.vendor_of(token).is_some_and(|own| own.code.value == vendor.code.value));
        let file = format!("{}/{}.md", policy.runbooks, runbook_name(vendor));
        if needed && !root.join(&file).is_file() {
            let place = Place::File { path: file.clone().into(), line: 1, column: 1 };
            let message = format!("{} has no rotation runbook", vendor.name);
            let help = format!("write {file}");
            findings.push(Finding::new(Rule::r(37), &vendor.code.value, place, message, help));
        }
    }
    for rename in registry.renames.iter().filter(|rename| rename.steps.deleted.is_some()) {
        if let Some((line, cells)) = row(&rename.old.value)
            && !cells.iter().any(|cell| cell.contains("[archived]"))
        {
            let old = &rename.old.value;
            let message = format!("`{old}` is renamed, and its row in the index is not marked [archived]");
            findings.push(Finding::new(Rule::r(49), old, at(*line), message, "mark it, and add the new name's row"));
        }
    }
}

/// The name of a vendor's runbook: that of its folder.
pub(crate) fn runbook_name(vendor: &crate::registry::Vendor) -> String {
    let folder = vendor.folder.as_ref().map(|folder| folder.value.trim_matches('/').to_owned());
    let last = folder.as_deref().and_then(|folder| folder.rsplit('/').next()).map(str::to_owned);
    last.unwrap_or_else(|| vendor.name.to_lowercase().replace(' ', "-"))
}
