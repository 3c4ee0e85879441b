//! The rules: what they are, and the ones that the registry alone can answer.

mod catalogue;
mod companions;
mod consumers;
mod environments;
mod exceptions;
mod naming;
mod renames;
mod service_tokens;
mod stores;
mod tags;

use jiff::civil::Date;

pub use catalogue::{Rule, RuleInfo, Stage};
pub use exceptions::{Outcome, apply_exceptions};
pub(crate) use renames::days_between;
pub use tags::{Cadence, cadence_days};

use crate::{
    finding::Finding,
    name::{Grammar, NameError, TokenName},
    registry::{Class, Registry, Text, Token},
};

/// What the rules look at.
pub struct Context<'a> {
    /// The registry.
    pub registry: &'a Registry,
    /// Its grammar.
    pub grammar: Grammar,
    /// Each token with its name taken apart; `None` for a name that follows no grammar by intent.
    pub tokens: Vec<(&'a Token, Option<Result<TokenName, NameError>>)>,
    /// The day on which the check is made.
    pub today: Date,
}

impl<'a> Context<'a> {
    /// Takes all names apart.
    pub fn new(registry: &'a Registry, today: Date) -> Self {
        let grammar = registry.grammar();
        let tokens = registry
            .tokens
            .iter()
            .map(|token| (token, (token.class == Class::Vendor).then(|| grammar.parse(&token.name.value))))
            .collect();
        Self { registry, grammar, tokens, today }
    }

    /// The tokens that follow the taxonomy: all but those that are recorded as outside of it.
    fn ruled(&self) -> impl Iterator<Item = &'a Token> {
        self.tokens.iter().map(|(token, _)| *token).filter(|token| token.class != Class::Outside)
    }
}

/// Every finding that the registry alone gives, in the order of the file. Exceptions are not applied yet.
///
/// ```
/// use raxx_vault::{registry::Source, rules};
/// let source = Source::parse("registry.toml".as_ref(), include_str!("../../registry.toml"))?;
/// let findings = rules::lint(&source.registry, jiff::civil::date(2026, 11, 22));
/// let outcome = rules::apply_exceptions(&source.registry, findings, &[rules::Stage::Registry]);
/// assert!(outcome.findings.iter().all(|finding| !finding.fails()));
/// # Ok::<(), raxx_vault::registry::RegistryError>(())
/// ```
pub fn lint(registry: &Registry, today: Date) -> Vec<Finding> {
    let context = Context::new(registry, today);
    let mut findings = Vec::new();
    for check in [
        naming::check,
        companions::check,
        tags::check,
        environments::check,
        consumers::check,
        stores::check,
        service_tokens::check,
        renames::check,
    ] {
        check(&context, &mut findings);
    }
    findings.sort_by_key(|finding| match finding.place {
        crate::finding::Place::Registry { start, .. } => (start, finding.rule),
        _ => (usize::MAX, finding.rule),
    });
    findings
}

/// The finding about a token, at a place in the registry.
fn about(rule: Rule, token: &Token, at: &Text, message: String, help: &str) -> Finding {
    Finding::in_registry(rule, &token.name.value, at.span, message, help)
}
