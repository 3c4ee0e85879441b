//! R19 to R25: tags, sensitivity and cadence.

use super::{Context, Rule, about};
use crate::{
    finding::Finding,
    registry::{Kind, Status, Token},
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for token in context.ruled() {
        vocabulary(context, token, findings);
        consumers(token, findings);
        review(context, token, findings);
        sensitivity(context, token, findings);
        cadence(token, findings);
    }
}

/// R19, R20 and R21.
fn vocabulary(context: &Context<'_>, token: &Token, findings: &mut Vec<Finding>) {
    let registry = context.registry;
    for (dimension, values) in &token.tags.entries {
        if !registry.tags.dimensions.iter().any(|(known, _)| *known == dimension.value) {
            let message = format!("`{}` is not one of the four tag dimensions", dimension.value);
            findings.push(about(
                Rule::r(20),
                token,
                dimension,
                message,
                "use function, sensitivity, consumer and rotation",
            ));
            continue;
        }
        for value in
            values.iter().filter(|value| !registry.tag_values(&dimension.value).any(|known| known == value.value))
        {
            let message = format!("`{}:{}` is not in the vocabulary", dimension.value, value.value);
            findings.push(about(
                Rule::r(19),
                token,
                value,
                message,
                "use a listed value, or propose a new one in tags.proposed",
            ));
        }
    }
    for consumer in &token.consumers.value {
        if !registry.tag_values("consumer").any(|known| known == consumer.value) {
            let message = format!("`{}` is not a consumer of the vocabulary", consumer.value);
            findings.push(about(
                Rule::r(19),
                token,
                consumer,
                message,
                "use a listed value, or propose a new one in tags.proposed",
            ));
        }
    }
    for (dimension, _) in &registry.tags.dimensions {
        let count = token.tags.values(dimension).len();
        if count != 1 {
            let message = format!("`{}` has {count} {dimension} tags", token.name.value);
            let help = "give exactly one; all consumers go into `consumers`";
            findings.push(Finding::in_registry(Rule::r(21), &token.name.value, token.tags.span, message, help));
        }
    }
}

/// R22.
fn consumers(token: &Token, findings: &mut Vec<Finding>) {
    let list = &token.consumers.value;
    for (index, consumer) in list.iter().enumerate() {
        if list[..index].iter().any(|earlier| earlier.value == consumer.value) {
            let message = format!("`{}` lists the consumer {} twice", token.name.value, consumer.value);
            findings.push(about(Rule::r(22), token, consumer, message, "list it once"));
        }
    }
    if let Some(paged) = token.tag("consumer")
        && !list.is_empty()
        && !list.iter().any(|consumer| consumer.value == paged.value)
    {
        let message = format!("`{}` pages {}, which is not among its consumers", token.name.value, paged.value);
        findings.push(about(Rule::r(22), token, paged, message, "add it to `consumers`, or page one of them"));
    }
}

/// R23.
fn review(context: &Context<'_>, token: &Token, findings: &mut Vec<Finding>) {
    let after = |begin| token.provisioned.as_ref().filter(|day| day.value >= begin);
    let Some(provisioned) = context.registry.policy.taxonomy_date.and_then(after) else { return };
    let unreviewed = token.ops_review.as_deref().is_none_or(|review| review.trim().is_empty());
    if token.tag_or_unknown("sensitivity") == "critical" && token.status == Status::Active && unreviewed {
        let message = format!(
            "`{}` is critical and was provisioned on {} without an ops review",
            token.name.value, provisioned.value
        );
        let help = "have it reviewed by a second person and record who reviewed and who was notified in `ops_review`";
        findings.push(about(Rule::r(23), token, &token.name, message, help));
    }
}

/// R24.
fn sensitivity(context: &Context<'_>, token: &Token, findings: &mut Vec<Finding>) {
    let (Some(function), Some(tag)) = (token.tag("function"), token.tag("sensitivity")) else { return };
    let levels: Vec<&str> = context.registry.tag_values("sensitivity").collect();
    let rank = |level: &str| levels.iter().position(|known| *known == level);
    let minimum = context.registry.tags.minimum_sensitivity.iter().find(|(name, _)| *name == function.value);
    if let (Some((_, minimum)), Some(rank_now)) = (minimum, rank(&tag.value))
        && rank(minimum).is_some_and(|least| rank_now > least)
    {
        let message =
            format!("`{}` is {}, and function:{} is at least {minimum}", token.name.value, tag.value, function.value);
        findings.push(about(Rule::r(24), token, tag, message, "raise the sensitivity"));
    }
}

/// R25.
fn cadence(token: &Token, findings: &mut Vec<Finding>) {
    let Some(rotation) = token.tag("rotation") else { return };
    let Some(days) = cadence_days(&rotation.value) else { return }; // R19
    let function = token.tag_or_unknown("function");
    let long_lived = matches!(function, "agent-identity" | "notify");
    let (limit, why) = match token.kind.value {
        Kind::ConfigValue => (None, "a config value"),
        Kind::Aws => (Some(30), "an IAM key"),
        Kind::GithubApp => (Some(365), "a GitHub App key"),
        _ if function == "trading-live" => (Some(60), "a live trading key"),
        _ if token.tag_or_unknown("sensitivity") == "critical" => (Some(90), "a critical token"),
        _ if long_lived => (Some(365), "a long-lived identity"),
        _ => (Some(180), "such a token"),
    };
    let fits = match (limit, days) {
        (None, Cadence::Never) => true,
        (Some(365), Cadence::Days(days)) if token.kind.value == Kind::GithubApp => days == 365,
        (Some(limit), Cadence::Days(days)) => days <= limit,
        _ => false,
    };
    if !fits {
        let message = format!("rotation:{} does not fit {why}", rotation.value);
        let help = "IAM 30d, live trading 60d, standard 90d, lower risk 180d, GitHub Apps annual, non-rotating for config values only";
        findings.push(about(Rule::r(25), token, rotation, message, help));
    }
}

/// How often a secret is rotated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cadence {
    /// Every so many days.
    Days(i64),
    /// Never: it is not a secret.
    Never,
}

/// What a rotation tag means; `None` for a word outside the vocabulary.
pub fn cadence_days(tag: &str) -> Option<Cadence> {
    match tag {
        "annual" => Some(Cadence::Days(365)),
        "non-rotating" => Some(Cadence::Never),
        other => other.strip_suffix('d')?.parse().ok().filter(|days| *days > 0).map(Cadence::Days),
    }
}
