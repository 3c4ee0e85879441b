//! R1 to R10, R39 and R40: names, folders and what may be provisioned.

use std::collections::HashMap;

use super::{Context, Rule, about};
use crate::{
    finding::Finding,
    name::{NameError, TokenName, check_shape, split_companion},
    registry::{Class, Disposition, Kind, Text, Token},
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    vendors(context, findings);
    for (token, name) in &context.tokens {
        match name {
            Some(Ok(name)) => well_formed(context, token, name, findings),
            Some(Err(error)) => ill_formed(token, error, findings),
            None if token.class == Class::Internal => internal(context, token, findings),
            None => outside(context, token, findings),
        }
        folder(context, token, findings);
        provisioning(context, token, findings);
    }
    scopes(context, findings);
    duplicates(context, findings);
}

/// R2 for the table itself.
fn vendors(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for vendor in &context.registry.vendors {
        let code = &vendor.code;
        if !(2..=4).contains(&code.value.len()) || !code.value.bytes().all(|byte| byte.is_ascii_uppercase()) {
            let message = format!("the vendor code `{}` is not two to four capital letters", code.value);
            findings.push(Finding::in_registry(Rule::r(2), &code.value, code.span, message, "choose a shorter code"));
        }
    }
}

/// R3 and R6.
fn well_formed(context: &Context<'_>, token: &Token, name: &TokenName, findings: &mut Vec<Finding>) {
    let keyword = context.grammar.keyword(&name.vendor, &name.function);
    if let (Some(keyword), Some(tag)) = (keyword, token.tag("function"))
        && keyword.tag != tag.value
    {
        let message = format!(
            "the name says `{}` (function:{}), the tag says function:{}",
            name.function, keyword.tag, tag.value
        );
        findings.push(about(Rule::r(3), token, tag, message, "make the tag and the name agree"));
    }
    if name.is_full() {
        let message = format!("`{name}` has unrestricted access in its domain");
        findings.push(about(Rule::r(6), token, &token.name, message, "plan a scoped replacement"));
    }
}

/// R1, R2, R3 and R17 for names that cannot be taken apart.
fn ill_formed(token: &Token, error: &NameError, findings: &mut Vec<Finding>) {
    let name = &token.name.value;
    let (rule, help) = match error {
        NameError::EmptyPart if split_companion(name).1.is_some() => {
            let message = format!("`{name}` is a companion registered as a token of its own");
            let help = "list its suffix in `companions` of its base";
            findings.push(about(Rule::r(17), token, &token.name, message, help));
            return;
        }
        NameError::UnknownVendor(_) => {
            (2, "use a code of the [[vendor]] table, or class = \"internal\" for our own services")
        }
        NameError::UnknownFunction(_) => {
            (3, "use a keyword of the [[function]] table, or propose a new one there first")
        }
        _ => (1, "name it <VENDOR>_<FUNCTION>[_<SCOPE>]"),
    };
    findings.push(about(Rule::r(rule), token, &token.name, format!("`{name}` is not a name: {error}"), help));
}

/// R1 and R2 for secrets of our own services.
fn internal(context: &Context<'_>, token: &Token, findings: &mut Vec<Finding>) {
    let name = &token.name.value;
    if let Err(error) = check_shape(name) {
        let help = "name it <SERVICE>_<PURPOSE>";
        findings.push(about(Rule::r(1), token, &token.name, format!("`{name}` is not a name: {error}"), help));
        return;
    }
    let service = name.split('_').next().unwrap_or_default();
    if !context.registry.services.iter().any(|known| known.code.value == service) {
        let message = format!("`{service}` is not a service of the registry");
        findings.push(about(Rule::r(2), token, &token.name, message, "add it to the [[service]] table"));
    }
}

/// R10.
fn outside(context: &Context<'_>, token: &Token, findings: &mut Vec<Finding>) {
    let Some(begin) = context.registry.policy.taxonomy_date else { return };
    if let Some(provisioned) = token.provisioned.as_ref().filter(|day| day.value >= begin) {
        let message = format!(
            "`{}` was provisioned on {}, after the taxonomy, and does not follow it",
            token.name.value, provisioned.value
        );
        findings.push(about(Rule::r(10), token, &token.name, message, "give it a taxonomy name, tags and companions"));
    }
}

/// R8, R9 and R39.
fn folder(context: &Context<'_>, token: &Token, findings: &mut Vec<Finding>) {
    if token.class == Class::Outside || token.name.value.contains("__") {
        return;
    }
    if token.kind.value == Kind::GithubApp {
        let known = token.path.as_ref().is_some_and(|path| context.registry.policy.bot_paths.contains(&path.value));
        if !known {
            let at = token.path.as_ref().unwrap_or(&token.name);
            let message =
                format!("the bot folder of `{}` is not one that mint_github_token.py reads", token.name.value);
            findings.push(about(
                Rule::r(39),
                token,
                at,
                message,
                "change the script first, then `bot_paths`, then the path",
            ));
            return;
        }
    } else if let (Some(path), Some(vendor)) = (&token.path, context.registry.vendor_of(token))
        && vendor.folder.as_ref().is_none_or(|folder| folder.value != path.value)
    {
        let message = format!("`{}` is kept in {}, not in the folder of its vendor", token.name.value, path.value);
        findings.push(about(Rule::r(8), token, path, message, "leave `path` out: the vendor's folder is meant"));
        return;
    }
    let unregistered_vendor = token.class == Class::Vendor && context.registry.vendor_of(token).is_none();
    if unregistered_vendor {
        return; // R1 or R2 says so already
    }
    match token.folder(context.registry) {
        Some(folder) if context.registry.folders.iter().any(|known| known.value == folder.value) => {}
        Some(folder) => {
            let message = format!("the folder {} of `{}` is not known to exist", folder.value, token.name.value);
            let at = token.path.as_ref().unwrap_or(&token.name);
            findings.push(about(
                Rule::r(9),
                token,
                at,
                message,
                "create the folder in the vault, then list it in `folders`",
            ));
        }
        None => {
            let message = format!("`{}` has no folder", token.name.value);
            findings.push(about(
                Rule::r(9),
                token,
                &token.name,
                message,
                "create a folder and name it in `path` or at the vendor",
            ));
        }
    }
}

/// R40.
fn provisioning(context: &Context<'_>, token: &Token, findings: &mut Vec<Finding>) {
    let kind_span = &token.kind;
    let forbidden = match kind_span.value {
        Kind::CloudflareGlobal => Some("make a custom token, limited to the zone"),
        Kind::GithubClassic => Some("make a fine-grained token, limited to the organisation"),
        _ => None,
    };
    if let Some(help) = forbidden {
        let message = format!("`{}` is a {}, which may not be provisioned", token.name.value, kind_span.value);
        findings.push(Finding::in_registry(Rule::r(40), &token.name.value, kind_span.span, message, help));
    }
    if kind_span.value == Kind::Aws {
        let approved = context.registry.vendor("AWS").map_or(&[][..], |vendor| vendor.principals.as_slice());
        let principal = token.principal.as_ref();
        if !principal.is_some_and(|principal| approved.contains(&principal.value)) {
            let at: &Text = principal.unwrap_or(&token.name);
            let who = principal.map_or("no user", |principal| principal.value.as_str());
            let message = format!("`{}` belongs to {who}, which is not an approved IAM user", token.name.value);
            findings.push(about(Rule::r(40), token, at, message, "have the user approved and list it in `principals`"));
        }
    }
}

/// R4 and R5.
fn scopes(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut groups: HashMap<(&str, &str), Vec<(&Token, &TokenName)>> = HashMap::new();
    for (token, name) in &context.tokens {
        if let Some(Ok(name)) = name {
            groups.entry((&name.vendor, &name.function)).or_default().push((token, name));
        }
    }
    for ((vendor, function), members) in groups {
        let per_target = context.grammar.keyword(vendor, function).is_some_and(|keyword| keyword.per_target);
        for (token, name) in &members {
            if name.scope.is_none() && per_target {
                let message = format!("`{name}` does not say for which zone, app or deployment it is");
                findings.push(about(Rule::r(5), token, &token.name, message, "add the scope to the name"));
            } else if name.scope.is_none() && members.len() > 1 {
                let message =
                    format!("`{name}` has no scope, and there are {} tokens of {vendor}_{function}", members.len());
                findings.push(about(Rule::r(4), token, &token.name, message, "add a scope to each of them"));
            } else if name.scope.is_some() && !name.is_full() && !per_target && members.len() == 1 {
                let message = format!("`{name}` has a scope, and it is the only token of {vendor}_{function}");
                findings.push(about(Rule::r(4), token, &token.name, message, "leave the scope out"));
            }
        }
    }
}

/// R7.
fn duplicates(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut seen: HashMap<&str, &Token> = HashMap::new();
    for (token, _) in &context.tokens {
        if seen.insert(&token.name.value, token).is_some() {
            let message = format!("`{}` is registered twice", token.name.value);
            findings.push(about(
                Rule::r(7),
                token,
                &token.name,
                message,
                "keep one row, give the other credential its own name",
            ));
        }
    }
    let mut claimed: HashMap<&str, &Text> = HashMap::new();
    for rename in context.registry.renames.iter().filter(|rename| rename.disposition == Disposition::Rename) {
        if let Some(other) = claimed.insert(&rename.new.value, &rename.old) {
            let message = format!("`{}` and `{}` both become `{}`", other.value, rename.old.value, rename.new.value);
            let help = "decide which one is renamed; the other is deprecated or kept as an export";
            findings.push(Finding::in_registry(Rule::r(7), &rename.new.value, rename.old.span, message, help));
        }
    }
}
