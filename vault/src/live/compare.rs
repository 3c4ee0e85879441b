//! The differences between the vault and the registry, as findings.

use std::collections::HashMap;

use jiff::civil::Date;

use super::{LiveEnvironment, LiveSecret};
use crate::{
    finding::{Finding, Place, Severity},
    registry::{Cell, Class, Kind, Placement, Registry, Status, Store, Token},
    rules::{Cadence, Rule, cadence_days, days_between},
};

/// Every difference. Only active tokens that are kept in Infisical are looked for.
pub fn compare(registry: &Registry, environments: &[LiveEnvironment], today: Date) -> Vec<Finding> {
    let mut findings = Vec::new();
    let wanted: Vec<&Token> = registry
        .tokens
        .iter()
        .filter(|token| {
            token.class != Class::Outside && token.store.value == Store::Infisical && token.status == Status::Active
        })
        .collect();
    for environment in environments {
        let look = Look::new(registry, environment, today);
        for token in &wanted {
            look.token(token, &mut findings);
        }
        look.folders(&wanted, &mut findings);
        look.unexplained(&mut findings);
        look.deleted(&mut findings);
    }
    findings
}

struct Look<'a> {
    registry: &'a Registry,
    environment: &'a LiveEnvironment,
    secrets: HashMap<(&'a str, &'a str), &'a LiveSecret>,
    today: Date,
}

impl<'a> Look<'a> {
    fn new(registry: &'a Registry, environment: &'a LiveEnvironment, today: Date) -> Self {
        let secrets =
            environment.secrets.iter().map(|secret| ((secret.folder.as_str(), secret.key.as_str()), secret)).collect();
        Self { registry, environment, secrets, today }
    }

    fn finding(&self, rule: u8, subject: &str, folder: &str, message: String, help: &str) -> Finding {
        let place = Place::Remote(format!("{} {folder}{subject}", self.environment.name));
        Finding::new(Rule::r(rule), subject, place, message, help)
    }

    /// R28, R30, R31, and what hangs on a secret that is there.
    fn token(&self, token: &Token, findings: &mut Vec<Finding>) {
        let Some(folder) = token.folder(self.registry).map(|folder| folder.value.as_str()) else { return };
        let environment = &self.environment.name;
        let name = &token.name.value;
        let held = token.cell(environment).is_some_and(Cell::is_held);
        let parts = parts(token);
        let bearer = parts.iter().find(|part| part.carries_the_tags);
        let there = parts.iter().find_map(|part| self.secrets.get(&(folder, part.key.as_str())));
        match (held, there) {
            (true, None) => {
                let message = format!("`{name}` is not in {environment}");
                findings.push(self.finding(
                    30,
                    name,
                    folder,
                    message,
                    "store it, or correct its environments in the registry",
                ));
            }
            (false, Some(_)) => {
                let live_trading = token.tag_or_unknown("function") == "trading-live" && environment == "staging";
                let copied = environment == "staging" && token.placement == Some(Placement::AccountWide);
                let rule = if live_trading {
                    31
                } else if copied {
                    28
                } else {
                    30
                };
                let message = format!("`{name}` is in {environment}, where the registry has none");
                findings.push(self.finding(
                    rule,
                    name,
                    folder,
                    message,
                    "take it out, or correct its environments in the registry",
                ));
            }
            (true, Some(_)) => {
                for part in parts.iter().filter(|part| !self.secrets.contains_key(&(folder, part.key.as_str()))) {
                    let message = format!("{} of `{name}` is not in {environment}", part.key);
                    findings.push(self.finding(part.rule, name, folder, message, "store it beside the others"));
                }
                if let Some(secret) = bearer.and_then(|part| self.secrets.get(&(folder, part.key.as_str()))) {
                    self.tags(token, secret, findings);
                    self.age(token, secret, findings);
                }
            }
            (false, None) => {}
        }
    }

    /// R19 to R21: tags by slug, or metadata by key.
    fn tags(&self, token: &Token, secret: &LiveSecret, findings: &mut Vec<Finding>) {
        let separator = &self.registry.vault.tag_separator;
        let name = &token.name.value;
        for (dimension, _) in &self.registry.tags.dimensions {
            let of_dimension = format!("{dimension}{separator}");
            let by_slug = secret.tags.iter().filter_map(|slug| slug.strip_prefix(&of_dimension));
            let by_metadata =
                secret.metadata.iter().filter(|(key, _)| key == dimension).map(|(_, value)| value.as_str());
            let mut live: Vec<&str> = by_slug.chain(by_metadata).collect();
            live.sort_unstable();
            live.dedup();
            let wanted = token.tag_or_unknown(dimension);
            let message = match live[..] {
                [only] if only == wanted => continue,
                [] => format!("`{name}` has no {dimension} tag in {}", self.environment.name),
                [only] => format!(
                    "`{name}` is tagged {dimension}:{only} in {}, the registry says {wanted}",
                    self.environment.name
                ),
                _ => format!("`{name}` has {} {dimension} tags in {}", live.len(), self.environment.name),
            };
            let help = format!("tag it {of_dimension}{wanted}");
            findings.push(self.finding(21, name, &secret.folder, message, &help));
        }
        let known = |slug: &str| {
            self.registry
                .tags
                .dimensions
                .iter()
                .any(|(dimension, _)| slug.starts_with(&format!("{dimension}{separator}")))
        };
        for slug in secret.tags.iter().filter(|slug| !known(slug)) {
            let message = format!("`{name}` has the tag {slug}, which belongs to none of the four dimensions");
            findings.push(self.finding(20, name, &secret.folder, message, "take it off"));
        }
    }

    /// R25: a secret that has not changed for longer than its cadence has certainly not been rotated.
    fn age(&self, token: &Token, secret: &LiveSecret, findings: &mut Vec<Finding>) {
        let cadence = token.tag("rotation").and_then(|tag| cadence_days(&tag.value));
        let (Some(Cadence::Days(limit)), Some(updated)) = (cadence, secret.updated) else { return };
        let days = days_between(updated, self.today);
        if days > limit {
            let name = &token.name.value;
            let message = format!(
                "`{name}` has not changed in {} for {days} days, and is to be rotated every {limit}",
                self.environment.name
            );
            findings
                .push(self.finding(25, name, &secret.folder, message, "rotate it").with_severity(Severity::Warning));
        }
    }

    /// R9.
    fn folders(&self, wanted: &[&Token], findings: &mut Vec<Finding>) {
        let mut folders: Vec<&str> = wanted
            .iter()
            .filter(|token| token.cell(&self.environment.name).is_some_and(Cell::is_held))
            .filter_map(|token| token.folder(self.registry))
            .map(|folder| folder.value.as_str())
            .collect();
        folders.sort_unstable();
        folders.dedup();
        for folder in folders.into_iter().filter(|folder| !self.environment.folders.iter().any(|live| live == folder)) {
            let place = Place::Remote(format!("{} {folder}", self.environment.name));
            let message = format!("the folder {folder} is not in {}", self.environment.name);
            findings.push(Finding::new(Rule::r(9), folder, place, message, "create it before the first write"));
        }
    }

    /// R50: what is in the vault and in no row.
    fn unexplained(&self, findings: &mut Vec<Finding>) {
        let registry = self.registry;
        for secret in &self.environment.secrets {
            let explained = registry.tokens.iter().any(|token| {
                let folder = token.folder(registry).map(|folder| folder.value.as_str());
                // Bot folders hold the same three names each: only the folder tells them apart.
                let here = token.kind.value != Kind::GithubApp || folder == Some(secret.folder.as_str());
                here && (parts(token).iter().any(|part| part.key == secret.key) || token.names().contains(&secret.key))
            });
            let old = registry.renames.iter().any(|rename| rename.old.value == secret.key);
            let audited = registry
                .unmapped
                .iter()
                .any(|unmapped| unmapped.name.value == secret.key && unmapped.audited.is_some());
            if !explained && !old && !audited {
                let message = format!("`{}` is in {}, and no row explains it", secret.key, self.environment.name);
                findings.push(self.finding(
                    50,
                    &secret.key,
                    &secret.folder,
                    message,
                    "register it, or audit it and take it out",
                ));
            }
        }
    }

    /// R45: an old name that is said to be gone.
    fn deleted(&self, findings: &mut Vec<Finding>) {
        for rename in self.registry.renames.iter().filter(|rename| rename.steps.deleted.is_some()) {
            let old = &rename.old.value;
            if let Some(secret) = self.environment.secrets.iter().find(|secret| secret.key == *old) {
                let message = format!("`{old}` is said to be deleted, and is still in {}", self.environment.name);
                findings.push(self.finding(45, old, &secret.folder, message, "delete it, or correct the step"));
            }
        }
    }
}

/// A key that a token has in the vault, and the rule that its absence breaks.
struct Part {
    key: String,
    rule: u8,
    carries_the_tags: bool,
}

fn parts(token: &Token) -> Vec<Part> {
    let base = token.key.as_deref().unwrap_or(&token.name.value);
    let mut parts = Vec::new();
    // A pair's name and a bot's are only logical: their parts are what is stored.
    let logical = matches!(token.kind.value, Kind::Aws | Kind::Alpaca | Kind::GithubApp);
    if !logical {
        parts.push(Part { key: base.to_owned(), rule: 30, carries_the_tags: true });
    }
    let mut tagged = !logical;
    for companion in &token.companions.value {
        let suffix = companion.value.as_str();
        let rule = match (suffix, token.kind.value) {
            ("__EXPIRES_AT", _) => 11,
            ("__SCOPES", _) => 12,
            (_, Kind::Aws) => 14,
            (_, Kind::Alpaca) => 15,
            (_, Kind::GithubApp) => 16,
            ("__CLIENT_ID", _) => 13,
            _ => 17,
        };
        let is_secret_part = matches!(suffix, "__SECRET_ACCESS_KEY" | "__SECRET_KEY" | "PRIVATE_KEY_PEM");
        let key = if suffix.starts_with("__") { format!("{base}{suffix}") } else { suffix.to_owned() };
        parts.push(Part { key, rule, carries_the_tags: !tagged && is_secret_part });
        tagged |= is_secret_part;
    }
    parts
}
