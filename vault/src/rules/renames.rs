//! R41 to R50 and R62: the rename window, in the corrected order: copy, switch, rotate into the new name, prove, delete and
//! revoke. (T §6 rotates the old name only and revokes it while the new one still holds the same value: decisions X17, X18.)

use std::collections::HashMap;

use jiff::civil::Date;
use toml_span::{Span, Spanned};

use super::{Context, Rule};
use crate::{
    finding::{Finding, Severity},
    name::split_companion,
    registry::{Registry, Rename},
};

type Day = Option<Spanned<Date>>;

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for rename in &context.registry.renames {
        steps(context, rename, findings);
        window(context, rename, findings);
    }
    pull_requests(context, findings);
    order(context, findings);
    unmapped(context, findings);
}

fn span(day: &Day, rename: &Rename) -> Span {
    day.as_ref().map_or(rename.old.span, |day| day.span)
}

/// Whether `later` is there although `earlier` is not, or lies before it.
fn out_of_order(earlier: &Day, later: &Day) -> bool {
    match (earlier, later) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(earlier), Some(later)) => later.value < earlier.value,
    }
}

/// R41, R43 to R46 and R62.
fn steps(context: &Context<'_>, rename: &Rename, findings: &mut Vec<Finding>) {
    let s = &rename.steps;
    let (old, new) = (&rename.old.value, &rename.new.value);
    let mut report = |rule: u8, day: &Day, message: String, help: &str| {
        findings.push(Finding::in_registry(Rule::r(rule), old, span(day, rename), message, help));
    };
    let first = [&s.smoke_tested, &s.merged].into_iter().find(|day| out_of_order(&s.copied, day));
    if let Some(day) = first {
        report(
            41,
            day,
            format!("`{new}` is used before it was created with the value of `{old}`"),
            "create the new name first",
        );
    }
    if out_of_order(&s.smoke_tested, &s.merged) {
        report(
            43,
            &s.merged,
            format!("the change to `{new}` was merged without a try in staging"),
            "try it in staging first",
        );
    }
    let rotated_old_inside = s.copied.is_some() && !out_of_order(&s.copied, &s.rotated_old) && s.rotated_old.is_some();
    if rotated_old_inside {
        report(
            44,
            &s.rotated_old,
            format!("`{old}` was rotated after it was copied, so `{new}` holds a dead value"),
            "rotate into the new name, after the switch",
        );
    } else if out_of_order(&s.deployed, &s.rotated_new) {
        report(
            44,
            &s.rotated_new,
            format!("`{new}` was rotated before its consumers had switched"),
            "wait for the deploy",
        );
    }
    if out_of_order(&s.merged, &s.deleted) || out_of_order(&s.deployed, &s.deleted) {
        report(
            45,
            &s.deleted,
            format!("`{old}` was deleted before the merge and the deploy after it"),
            "put it back until the deploy has succeeded",
        );
    }
    let own_value = s.rotated_new.is_some() && !out_of_order(&s.rotated_new, &s.revoked);
    let same_day = match (&s.deleted, &s.revoked) {
        (Some(deleted), Some(revoked)) => deleted.value == revoked.value,
        (Some(deleted), None) => deleted.value == context.today,
        (None, Some(_)) => false,
        (None, None) => true,
    };
    if !same_day {
        let day = if s.revoked.is_some() { &s.revoked } else { &s.deleted };
        report(46, day, format!("`{old}` was not deleted and revoked on one day"), "revoke it today, and note the day");
    }
    if s.revoked.is_some() && !own_value {
        report(
            62,
            &s.revoked,
            format!("`{old}` was revoked before `{new}` had a value of its own"),
            "rotate into the new name and prove it",
        );
    } else if s.revoked.as_ref().is_some_and(|revoked| match &s.revocation_proved {
        Some(proved) => proved.value < revoked.value,
        // The day of the revocation is the day to see to it.
        None => revoked.value < context.today,
    }) {
        report(
            62,
            &s.revoked,
            format!("nobody has seen the old value of `{old}` refused"),
            "try it once and note the day of the 401",
        );
    }
}

/// R47.
fn window(context: &Context<'_>, rename: &Rename, findings: &mut Vec<Finding>) {
    let Some(copied) = &rename.steps.copied else { return };
    let end = rename.steps.deleted.as_ref().map_or(context.today, |day| day.value);
    let days = days_between(copied.value, end);
    let limit = context.registry.policy.rename_window_days;
    if days > limit {
        let state = if rename.steps.deleted.is_some() { "were" } else { "have been" };
        let message = format!(
            "`{}` and `{}` {state} both valid for {days} days, and {limit} are allowed",
            rename.old.value, rename.new.value
        );
        let help = "finish the rename: `raxx-vault migrate status` says what is next";
        findings.push(Finding::in_registry(Rule::r(47), &rename.old.value, copied.span, message, help));
    }
}

/// Whole days from one day to another.
pub(crate) fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// Which renames must share a pull request: a vendor's, or at some vendors a function's.
fn unit(registry: &Registry, rename: &Rename) -> Option<(String, String)> {
    let base = split_companion(&rename.new.value).0;
    let vendor = registry.vendor(base.split('_').next()?)?;
    let function = if vendor.pr_per_function {
        registry.grammar().parse(base).ok().map(|name| name.function)
    } else {
        Some(String::new())
    };
    Some((vendor.code.value.clone(), function?))
}

/// R42.
fn pull_requests(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut known: HashMap<(String, String), &str> = HashMap::new();
    for rename in &context.registry.renames {
        let (Some(pr), Some(unit)) = (&rename.pr, unit(context.registry, rename)) else { continue };
        let vendor = unit.0.clone();
        let first = *known.entry(unit).or_insert(pr.value.as_str());
        if first != pr.value {
            let message = format!("the references of {vendor} change in {first} and in {}", pr.value);
            let help = "one pull request per vendor; at Cloudflare one per function";
            findings.push(Finding::in_registry(Rule::r(42), &rename.old.value, pr.span, message, help));
        }
    }
}

/// R48.
fn order(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let registry = context.registry;
    let vendor = |rename: &Rename| rename.new.value.split('_').next().unwrap_or_default().to_owned();
    let place =
        |vendor: &str| registry.policy.rename_order.iter().position(|group| group.iter().any(|code| code == vendor));
    let unfinished = registry
        .renames
        .iter()
        .filter(|rename| rename.steps.revoked.is_none())
        .filter_map(|rename| place(&vendor(rename)).map(|place| (place, vendor(rename))))
        .min();
    let Some((first, waiting)) = unfinished else { return };
    for rename in &registry.renames {
        let Some(copied) = &rename.steps.copied else { continue };
        if place(&vendor(rename)).is_some_and(|place| place > first) {
            let message = format!("the rename of `{}` has begun before those of {waiting} are done", rename.old.value);
            let help = "finish the vendors in the order of policy.rename_order";
            findings.push(Finding::in_registry(Rule::r(48), &rename.old.value, copied.span, message, help));
        }
    }
}

/// R50.
fn unmapped(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let begun = context.registry.renames.iter().any(|rename| rename.steps.copied.is_some());
    for unmapped in context.registry.unmapped.iter().filter(|unmapped| unmapped.audited.is_none()) {
        let message = format!("`{}` is in the vault, and no row explains it", unmapped.name.value);
        let help = "audit it before the renames begin, and note the day in `audited`";
        let finding = Finding::in_registry(Rule::r(50), &unmapped.name.value, unmapped.name.span, message, help);
        findings.push(if begun { finding } else { finding.with_severity(Severity::Advice) });
    }
}
