//! The registry as Infisical's secret validation rules, which refuse a wrong name at the moment it is written.
//!
//! They look at single writes and not at what is there already; `lint` and `check live` do the rest.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::registry::{Class, Kind, Registry, Status, Store};

/// One body for `POST /api/v1/secret-validation-rules/static-secrets` for each folder and environment.
pub fn infisical_rules(registry: &Registry, project: &str) -> Value {
    let mut patterns: BTreeMap<String, (String, String)> = BTreeMap::new();
    for vendor in &registry.vendors {
        let Some(folder) = &vendor.folder else { continue };
        let keywords: Vec<&str> = registry
            .functions
            .iter()
            .filter(|f| f.vendor.value == vendor.code.value)
            .map(|f| f.keyword.value.as_str())
            .collect();
        let suffixes = suffixes(registry, &vendor.code.value);
        // Names on their way out may still be updated until they are deleted.
        let old = registry.renames.iter().filter(|rename| {
            rename.steps.deleted.is_none() && rename.new.value.split('_').next() == Some(vendor.code.value.as_str())
        });
        let mut choices =
            vec![format!("{}_({})(_[A-Z0-9]+)*(__({}))?", vendor.code.value, keywords.join("|"), suffixes.join("|"))];
        choices.extend(old.map(|rename| rename.old.value.clone()));
        let about =
            format!("Names of {} secrets: <VENDOR>_<FUNCTION>[_<SCOPE>] and companions (R1, R8, R17)", vendor.name);
        patterns.insert(folder.value.clone(), (format!("^({})$", choices.join("|")), about));
    }
    for (folder, names) in exact(registry) {
        patterns.entry(folder).or_insert_with(|| {
            (format!("^({})$", names.join("|")), "The registered names and no other (R38)".to_owned())
        });
    }
    let rules: Vec<Value> = patterns
        .iter()
        .flat_map(|(folder, (pattern, about))| {
            registry.vault.environments.iter().map(move |(name, slug)| {
                json!({
                    "name": format!("taxonomy-{}-{name}", folder.trim_matches('/').to_lowercase().replace('/', "-")),
                    "projectId": project,
                    "description": about,
                    "environment": slug,
                    "secretPath": folder.trim_end_matches('/'),
                    "isActive": true,
                    "keyConstraints": { "regexPattern": pattern },
                })
            })
        })
        .collect();
    Value::Array(rules)
}

/// The companion suffixes that a vendor's tokens may have, without their underscores.
fn suffixes(registry: &Registry, vendor: &str) -> Vec<String> {
    let mut suffixes: Vec<String> = registry.companions.always.clone();
    for token in registry
        .tokens
        .iter()
        .filter(|token| token.class == Class::Vendor && token.name.value.split('_').next() == Some(vendor))
    {
        suffixes.extend(token.companions.value.iter().map(|companion| companion.value.clone()));
    }
    suffixes.retain(|suffix| suffix.starts_with("__"));
    let mut suffixes: Vec<String> = suffixes.iter().map(|suffix| suffix.trim_start_matches('_').to_owned()).collect();
    suffixes.sort_unstable();
    suffixes.dedup();
    suffixes
}

/// Folders without a grammar: bots' and our own services'.
fn exact(registry: &Registry) -> BTreeMap<String, Vec<String>> {
    let mut folders: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let own = registry.tokens.iter().filter(|token| {
        (token.class == Class::Internal || token.kind.value == Kind::GithubApp)
            && token.store.value == Store::Infisical
            && token.status != Status::Legacy
    });
    for token in own {
        let Some(path) = &token.path else { continue };
        let names = folders.entry(path.value.clone()).or_default();
        let base = token.key.clone().unwrap_or_else(|| token.name.value.clone());
        if token.kind.value != Kind::GithubApp {
            names.push(base.clone());
        }
        names.extend(token.companions.value.iter().map(|companion| {
            if companion.value.starts_with("__") {
                format!("{base}{}", companion.value)
            } else {
                companion.value.clone()
            }
        }));
    }
    folders
}
