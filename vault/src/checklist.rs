//! The provisioning steps of one token (taxonomy, section 5 and Appendix B), filled in.

use std::fmt::Write;

use crate::{
    matrix::{self, Due},
    refs::runbook_name,
    registry::{Class, Kind, Registry, Status, Token},
};

/// The checklist as Markdown.
pub fn markdown(registry: &Registry, token: &Token) -> String {
    let mut text = format!("# Provision {}\n\n", token.name.value);
    // Writing to a String cannot fail.
    let mut step = |line: String| _ = writeln!(text, "- [ ] {line}");
    let name = &token.name.value;
    let folder = token.folder(registry).map_or("(no folder: see R9)", |folder| folder.value.as_str());

    match registry.grammar().parse(name) {
        Ok(parsed) => step(format!(
            "Name: vendor {}, function {}, scope {}",
            parsed.vendor,
            parsed.function,
            parsed.scope.as_deref().unwrap_or("none")
        )),
        Err(_) => step(format!("Name: {name} ({} class, no vendor)", token.class)),
    }
    step(format!("Folder {folder} exists in the vault; if not, create it first"));
    let vendor = registry.vendor_of(token);
    match vendor.and_then(|vendor| vendor.provisioning.iter().find(|step| step.kind == token.kind.value)) {
        Some(made) => step(format!("Make it: {}. {}", made.page, made.note)),
        None if token.kind.value == Kind::ServiceToken => {
            step("Make it: `head -c 32 /dev/urandom | basenc --base64url | tr -d =` (32 random bytes, 43 characters), straight into the vault".to_owned());
        }
        None => step(format!("Make it ({})", token.kind.value)),
    }
    let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.value.as_str()).collect();
    step(format!("Grant exactly: {}", if scopes.is_empty() { "(none stated)".to_owned() } else { scopes.join("; ") }));
    if let Some(principal) = &token.principal {
        step(format!("For the user {}, and no other", principal.value));
    }
    for (environment, cell) in &token.environments.value {
        let what = if cell.is_held() { "store it" } else { "store nothing" };
        step(format!("{}: {what} ({cell})", environment.value));
    }
    for companion in &token.companions.value {
        let what = match companion.value.as_str() {
            "__EXPIRES_AT" => ": ISO-8601 UTC, or `non-expiring`".to_owned(),
            "__SCOPES" => format!(": {}", scopes_text(&scopes)),
            _ => String::new(),
        };
        step(format!("Store {}{what}", token.companion_name(&companion.value)));
    }
    let separator = &registry.vault.tag_separator;
    let tags: Vec<String> = registry
        .tags
        .dimensions
        .iter()
        .map(|(dimension, _)| format!("{dimension}{separator}{}", token.tag_or_unknown(dimension)))
        .collect();
    step(format!("Tag it: {}", tags.join(", ")));
    if token.tag_or_unknown("sensitivity") == "critical" {
        step("Critical: have the pull request reviewed by a second person of ops; say there who was notified; no solo provisioning".to_owned());
    }
    for mapping in &token.heroku {
        step(format!("Deliver it to {} as a config var", mapping.value.replacen(':', " as ", 1)));
    }
    for consumer in &token.consumers.value {
        let files = registry.consumer_files.iter().find(|files| files.consumer == consumer.value);
        let files = files.map_or_else(|| "(not listed)".to_owned(), |files| files.files.join(", "));
        step(format!("Register the consumer {} in {files}", consumer.value));
    }
    if token.class != Class::Outside {
        let row = matrix::row(registry, token, Due::Unknown);
        step(format!("Add the row to {}: `{row}`", registry.policy.rotation_index));
    }
    if let Some(vendor) = vendor {
        step(format!("{}/{}.md exists", registry.policy.runbooks, runbook_name(vendor)));
    }
    step(format!("Prove it: `raxx-vault verify {name}`"));
    if token.status == Status::Planned {
        step("In the registry: status = \"active\", provisioned = today, last_rotated = today".to_owned());
    }
    text
}

/// How `__SCOPES` is written: separated by spaces as the taxonomy says, unless a scope itself holds a space.
pub fn scopes_text(scopes: &[&str]) -> String {
    let separator = if scopes.iter().any(|scope| scope.contains(' ')) { "; " } else { " " };
    scopes.join(separator)
}
