//! R26 to R31 and R33: which environment holds what.

use super::{Context, Rule, about};
use crate::{
    finding::Finding,
    registry::{Cell, Kind, Placement, Token},
};

const ENVIRONMENTS: [&str; 3] = ["prod", "staging", "dev"];

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for token in context.ruled() {
        let mut report = |rule: u8, message: String, help: &str| {
            let span = token.environments.span;
            findings.push(Finding::in_registry(Rule::r(rule), &token.name.value, span, message, help));
        };
        let name = &token.name.value;
        let cell = |environment: &str| token.cell(environment);

        let unstated = ENVIRONMENTS.iter().filter(|name| cell(name).is_none_or(|cell| cell == Cell::Unstated));
        let unstated: Vec<&str> = unstated.copied().collect();
        if !unstated.is_empty() {
            report(
                30,
                format!("`{name}` does not say what {} holds", unstated.join(", ")),
                "state every cell of the classification table",
            );
        }
        let live = token.tag_or_unknown("function") == "trading-live";
        let staging_held = cell("staging").is_some_and(Cell::is_held);
        if live && staging_held {
            report(31, format!("`{name}` moves real money and is in staging"), "take it out of staging today");
        }
        match token.placement {
            Some(Placement::PerEnvironment)
                if cell("prod") != Some(Cell::Present) || cell("staging") != Some(Cell::DifferentValue) =>
            {
                report(
                    27,
                    format!("`{name}` is environment-specific but not in prod and staging with different values"),
                    "issue one for each environment",
                );
            }
            Some(Placement::AccountWide) if staging_held && !live => {
                report(
                    28,
                    format!("`{name}` serves the whole account and has a copy in staging"),
                    "keep it in prod; let staging read the prod path",
                );
            }
            _ => {}
        }
        let sandbox = context.registry.vendor_of(token).is_some_and(|vendor| vendor.sandbox);
        if cell("dev").is_some_and(Cell::is_held) && !sandbox {
            report(
                29,
                format!("`{name}` is in dev, and its vendor has no sandbox"),
                "take it out; local work uses an ignored .env file",
            );
        }
        stripe(token, &mut report);
        for (environment, _) in
            token.environments.value.iter().filter(|(name, _)| !ENVIRONMENTS.contains(&name.value.as_str()))
        {
            let message = format!("`{}` is not an environment", environment.value);
            findings.push(about(Rule::r(26), token, environment, message, "use prod, staging and dev"));
        }
    }
}

/// R33.
fn stripe(token: &Token, report: &mut impl FnMut(u8, String, &str)) {
    let name = &token.name.value;
    match token.kind.value {
        Kind::StripeSecret => {
            report(
                33,
                format!("`{name}` is an unrestricted Stripe key"),
                "issue a restricted key with the scopes it needs",
            );
        }
        Kind::StripeRestricted
            if token.cell("dev") != Some(Cell::TestKey) || token.cell("prod") != Some(Cell::Present) =>
        {
            report(33, format!("`{name}` needs a live key in prod and a test key in dev"), "issue the missing one");
        }
        _ => {}
    }
}
