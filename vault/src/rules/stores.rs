//! R51, R52, R54 and R62 to R66: where secrets are kept, and who else holds them.

use super::{Context, Rule, about};
use crate::{
    finding::{Finding, Severity},
    registry::{Class, Host, Kind, Store, Text, Token},
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (token, _) in &context.tokens {
        store(context, token, findings);
        delivery(context, token, findings);
        copies(context, token, findings);
        sides(token, findings);
        interim(token, findings);
        billing(context, token, findings);
    }
}

fn hosts<'a>(context: &'a Context<'_>, token: &'a Token) -> impl Iterator<Item = Host> + 'a {
    let files = &context.registry.consumer_files;
    token
        .consumers
        .value
        .iter()
        .filter_map(|consumer| files.iter().find(|files| files.consumer == consumer.value).map(|files| files.host))
}

/// R51 and R52.
fn store(context: &Context<'_>, token: &Token, findings: &mut Vec<Finding>) {
    let name = &token.name.value;
    let mut report = |rule: u8, message: String, help: &str| {
        findings.push(Finding::in_registry(Rule::r(rule), name, token.store.span, message, help));
    };
    let is_interim = token.interim.as_ref().is_some_and(|interim| interim.value);
    match token.store.value {
        Store::HerokuConfig => {
            report(
                51,
                format!("`{name}` is in Heroku config and nowhere else"),
                "keep it in Infisical and let the config var be a copy",
            );
        }
        Store::Ssm if !is_interim && hosts(context, token).any(|host| host == Host::Heroku) => {
            report(
                52,
                format!("`{name}` is in SSM, and a consumer runs on Heroku"),
                "move it to Infisical, or mark it `interim` with its target",
            );
        }
        Store::Infisical
            if hosts(context, token).next().is_some() && hosts(context, token).all(|host| host == Host::Aws) =>
        {
            report(
                52,
                format!("`{name}` is in Infisical, and all its consumers run on AWS"),
                "AWS-native workloads use SSM",
            );
        }
        _ => {}
    }
}

/// R54.
fn delivery(context: &Context<'_>, token: &Token, findings: &mut Vec<Finding>) {
    let names = token.names();
    for mapping in &token.heroku {
        let fits = mapping
            .value
            .split_once(':')
            .is_some_and(|(app, variable)| !app.is_empty() && names.iter().any(|name| name == variable));
        if !fits {
            let message = format!("`{}` is not app:VARIABLE with a name of `{}`", mapping.value, token.name.value);
            findings.push(about(Rule::r(54), token, mapping, message, "write it as raxx-api-prod:NAME"));
        }
    }
    let paged = token.tag("consumer").map(|tag| tag.value.as_str());
    let on_heroku = context
        .registry
        .consumer_files
        .iter()
        .any(|files| Some(files.consumer.as_str()) == paged && files.host == Host::Heroku);
    if token.class == Class::Internal && on_heroku && token.heroku.is_empty() {
        let message =
            format!("`{}` is for a Heroku app, and no config var is named that receives it", token.name.value);
        findings.push(about(Rule::r(54), token, &token.name, message, "add heroku = [\"app:VARIABLE\"]"));
    }
}

/// R63.
fn copies(context: &Context<'_>, token: &Token, findings: &mut Vec<Finding>) {
    if token.kind.value != Kind::Heroku || token.class != Class::Vendor {
        return;
    }
    let wanted = context.registry.vendor_of(token).map_or(&[][..], |vendor| vendor.copies.as_slice());
    let absent: Vec<&str> = wanted
        .iter()
        .map(String::as_str)
        .filter(|place| !token.copies.iter().any(|copy| copy.value == *place))
        .collect();
    if !absent.is_empty() {
        let message = format!("a rotation of `{}` would not reach {}", token.name.value, absent.join(", "));
        findings.push(about(Rule::r(63), token, &token.name, message, "list every holder in `copies`"));
    }
}

/// R65.
fn sides(token: &Token, findings: &mut Vec<Finding>) {
    let Some((_, first)) = token.sides.first() else { return };
    let sorted = |sides: &[Text]| {
        let mut sides: Vec<String> = sides.iter().map(|side| side.value.clone()).collect();
        sides.sort_unstable();
        sides
    };
    for (environment, sides) in &token.sides {
        if sides.len() < 2 || sorted(sides) != sorted(first) {
            let message = format!("in {} `{}` is not at both of its sides", environment.value, token.name.value);
            findings.push(about(
                Rule::r(65),
                token,
                environment,
                message,
                "give both sides the same value in each environment",
            ));
        }
    }
}

/// R66.
fn interim(token: &Token, findings: &mut Vec<Finding>) {
    let Some(interim) = token.interim.as_ref().filter(|interim| interim.value) else { return };
    let name = &token.name.value;
    let finding = match &token.interim_target {
        Some(target) => {
            let message = format!("`{name}` is an interim copy; it is to move to {}", target.value);
            Finding::in_registry(Rule::r(66), name, interim.span, message, "move it").with_severity(Severity::Advice)
        }
        None => {
            let message = format!("`{name}` is an interim copy without a target");
            Finding::in_registry(
                Rule::r(66),
                name,
                interim.span,
                message,
                "name the Infisical path in `interim_target`",
            )
        }
    };
    findings.push(finding);
}

/// R64.
fn billing(context: &Context<'_>, token: &Token, findings: &mut Vec<Finding>) {
    let Some(other) = &token.same_credential_as else { return };
    let Some(partner) = context.registry.token(&other.value) else {
        let message = format!("`{}` is not registered", other.value);
        findings.push(about(Rule::r(64), token, other, message, "name a registered token"));
        return;
    };
    let is_billing = |token: &Token| token.tag_or_unknown("function").starts_with("billing-");
    if is_billing(token) != is_billing(partner) {
        let message = format!(
            "`{}` and `{}` are one credential, for billing and for something else",
            token.name.value, other.value
        );
        findings.push(about(Rule::r(64), token, other, message, "issue a separate credential for billing"));
    }
}
