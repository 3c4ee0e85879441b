//! The 66 checkable rules of the taxonomy and of the decisions around it, each with its source.
//!
//! `T` is the vault token taxonomy, `B` the credential batch report of 2026-05-06, `A46` ADR-0046, `A45` ADR-0045 and `A56`
//! ADR 0056. Codes are stable: a rule that is withdrawn leaves a gap.

use std::fmt;

use crate::finding::Severity::{self, Advice, Error, Warning};

/// One rule, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rule(u8);

/// What is known about a rule.
#[derive(Debug, Clone, Copy)]
pub struct RuleInfo {
    /// A stable name for people.
    pub slug: &'static str,
    /// How much a finding weighs unless said otherwise.
    pub severity: Severity,
    /// Which command looks for it.
    pub stage: Stage,
    /// The rule in one sentence.
    pub title: &'static str,
    /// Where the rule comes from.
    pub source: &'static str,
}

/// Which commands can find a violation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// `lint`: from the registry alone.
    Registry,
    /// `check refs`: in a repository.
    Repository,
    /// Both.
    RegistryAndRepository,
}

impl Rule {
    /// An exception without a reason.
    pub const ALLOW_WITHOUT_REASON: Self = Self(67);
    /// An exception that nothing needed.
    pub const ALLOW_UNMATCHED: Self = Self(68);

    /// Rule `R<number>`.
    ///
    /// # Panics
    /// At compile time, for a number that is not a rule.
    pub const fn r(number: u8) -> Self {
        assert!(number >= 1 && number <= 66, "not a rule");
        Self(number)
    }

    /// All rules in order, those about exceptions last.
    pub fn all() -> impl Iterator<Item = Self> {
        (1..=68).map(Self)
    }

    /// The stable code: `R1` to `R66`, `A1`, `A2`.
    pub fn code(self) -> String {
        match self.0 {
            67 => "A1".to_owned(),
            68 => "A2".to_owned(),
            number => format!("R{number}"),
        }
    }

    /// The rule with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::all().find(|rule| rule.code() == code)
    }

    /// What is known about it.
    pub fn info(self) -> &'static RuleInfo {
        &CATALOGUE[usize::from(self.0) - 1]
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.code())
    }
}

const fn registry(slug: &'static str, severity: Severity, title: &'static str, source: &'static str) -> RuleInfo {
    RuleInfo { slug, severity, stage: Stage::Registry, title, source }
}

const fn repository(slug: &'static str, severity: Severity, title: &'static str, source: &'static str) -> RuleInfo {
    RuleInfo { slug, severity, stage: Stage::Repository, title, source }
}

const fn both(slug: &'static str, severity: Severity, title: &'static str, source: &'static str) -> RuleInfo {
    RuleInfo { slug, severity, stage: Stage::RegistryAndRepository, title, source }
}

#[rustfmt::skip] // one line per rule
static CATALOGUE: [RuleInfo; 68] = [
    registry("name-shape", Error, "A name is <VENDOR>_<FUNCTION>[_<SCOPE>] in upper snake case.", "T §1, §5 step 1, App. B"),
    registry("vendor-code", Error, "VENDOR is a code of Appendix A, two to four letters.", "T §1, App. A"),
    registry("function-tag", Error, "FUNCTION matches the function tag; a new keyword is proposed first.", "T §5 step 1"),
    registry("scope-ambiguous", Error, "SCOPE is left out for a single token, and compulsory on all as soon as there are two.", "T §1 scope rules"),
    registry("scope-missing", Error, "SCOPE names the zone, app or deployment where the vendor can issue one token for each.", "T §1 scope rules"),
    registry("full-access", Advice, "_FULL means that least privilege is not achieved: a scoped replacement is wanted.", "T §1 scope rules"),
    registry("one-name-one-credential", Error, "One canonical name stands for one live credential.", "T §4 notes, §7 Q1"),
    registry("path", Error, "The path is /MooseQuest/<vendor>/, one folder per vendor.", "T §1 Option B, §5 step 1"),
    registry("folder-first", Error, "The folder exists before the first write.", "T §1, §5 steps 1 and 3, App. B; A56 Decision"),
    registry("new-tokens-follow", Error, "Every token provisioned after the taxonomy follows its naming and tags.", "T §6 Phase 1"),
    registry("companion-expires-at", Error, "<NAME>__EXPIRES_AT is always set: ISO-8601 UTC, or `non-expiring`.", "T §1, §5 step 3, App. B"),
    registry("companion-scopes", Error, "<NAME>__SCOPES is always set, to the exact vendor scopes.", "T §1, §5 step 3, App. B"),
    registry("companion-client-id", Error, "An Access service token has its __CLIENT_ID.", "T §1 companions"),
    registry("companion-aws-pair", Error, "An AWS key pair is __ACCESS_KEY_ID and __SECRET_ACCESS_KEY.", "T §4 AWS"),
    registry("companion-alpaca-pair", Error, "An Alpaca key pair is __KEY_ID and __SECRET_KEY.", "T §4 Alpaca"),
    registry("bot-folder-files", Error, "A bot folder holds APP_ID, INSTALLATION_ID and PRIVATE_KEY_PEM.", "T §4 GitHub Apps"),
    registry("companion-suffix", Error, "A companion has a registered base and an allowed suffix.", "T §1; B item 1"),
    registry("scopes-equal", Error, "__SCOPES equals the required vendor scopes.", "T §2 discipline, §4"),
    registry("tag-vocabulary", Error, "Tags come from the closed vocabulary.", "T §2"),
    registry("four-dimensions", Error, "There are four tag dimensions, no more.", "T §2"),
    registry("one-tag-per-dimension", Error, "Every secret has exactly one tag of each dimension; the consumer tag names who is paged.", "T §2 discipline"),
    registry("consumer-list", Error, "Several consumers are listed once each, the paged one among them.", "T §2 consumer"),
    registry("critical-review", Error, "A critical token has a paired ops review and a note of who was notified.", "T §2 discipline, §5 step 4, App. B"),
    registry("sensitivity-criteria", Error, "Sensitivity is at least what its criteria demand.", "T §2 sensitivity"),
    registry("cadence-class", Error, "The cadence fits the kind: IAM 30d, live trading 60d, standard 90d, lower risk 180d, Apps annual.", "T §2 rotation"),
    registry("environment-name", Error, "Environments are prod, staging and dev.", "T §3"),
    registry("per-environment-values", Error, "An environment-specific credential is in prod and staging with different values.", "T §3 Rule 1"),
    registry("account-wide-prod-only", Error, "An account-wide token is in prod only; staging reads the prod path.", "T §3 Rule 2"),
    registry("dev-needs-sandbox", Error, "Dev holds a token only where the vendor has a sandbox.", "T §3 Rule 3"),
    registry("environment-table", Error, "Each environment's cell is stated, as in the classification table.", "T §3 table"),
    registry("live-trading-not-staging", Error, "A live trading key is never in staging.", "T §3 table"),
    repository("env-files-ignored", Error, "Local .env files are ignored by git.", "T §3 Rule 3"),
    registry("stripe-restricted", Error, "Stripe: a test key in dev, a live one in prod, always restricted.", "T §3 Rule 3, §5 step 2"),
    both("orphan", Error, "Every token has at least one documented consumer, which really uses it.", "T §5 step 5, App. B"),
    registry("reference-location", Error, "A consumer reference is in the file set of its consumer.", "T §5 step 5 table"),
    repository("index-row", Error, "The token has a row in the rotation index.", "T §5 step 6, App. B"),
    repository("vendor-sop", Error, "The vendor has a rotation runbook.", "T §5 step 6, App. B"),
    repository("unregistered-name", Error, "A secret name that is used is registered.", "T §5 step 5, §7 Q4"),
    registry("bot-paths", Error, "Bot folders keep the paths that mint_github_token.py hard-codes.", "T §4 GitHub Apps, §6 Phase 2"),
    registry("provisioning", Error, "The credential is of the kind, and belongs to the principal, that provisioning allows.", "T §5 step 2"),
    registry("rename-copy-first", Error, "The new name is created first, with the same value.", "T §6 Phase 2"),
    registry("rename-one-pr", Error, "One pull request per vendor changes all references; at Cloudflare one per function.", "T §6 Phase 2"),
    registry("rename-smoke-test", Error, "The new name is tried in staging before the merge.", "T §6 Phase 2"),
    registry("rename-rotation", Error, "No rotation while both names hold one value: rotate into the new name after the switch.", "T §6 safety protocol, corrected"),
    registry("rename-delete-late", Error, "The old name is deleted only after the merge and the next successful deploy.", "T §6 Phase 2"),
    registry("rename-revoke-same-day", Error, "The old value is revoked the day its name is deleted, when the new name has a value of its own.", "T §6 safety protocol, corrected"),
    registry("rename-window", Error, "Both names are valid for one deploy cycle at most.", "T §6 safety protocol"),
    registry("rename-order", Error, "Vendors are renamed in order.", "T §6"),
    repository("index-new-names", Error, "After a rename the index uses the new name; the old row is marked [archived].", "T §6 Phase 3"),
    registry("audit-unmapped", Error, "A token missing from the index is audited before the renames begin.", "T §7 Q4"),
    registry("managed-store", Error, "A secret lives in a managed store, not in Heroku config alone.", "A46 Alternative B"),
    registry("store-by-host", Error, "Consumers on Heroku use Infisical; AWS-native workloads use SSM.", "A46 Decision; B items 2 and 4"),
    both("server-side-only", Error, "A server-side secret is never in a variable, bundle or response that a client can read.", "A46 Context, Alternative C; A45"),
    registry("heroku-delivery", Error, "A secret for a Heroku app names the app and the config var that receive it.", "A46 Decision"),
    registry("service-token-size", Error, "A service token is 32 random bytes in base64url.", "A56 Decision"),
    registry("service-token-verified", Error, "A service token is verified by middleware on every request, before the tier is believed.", "A56 Context, Decision"),
    registry("service-token-reload", Error, "The holder of a service token re-reads it on SIGHUP.", "A56 Decision"),
    registry("service-token-log", Error, "A use is logged with the first 8 characters; no other class of secret is logged at all.", "A56 Consequences"),
    registry("service-pair", Error, "A service pair has one shared token.", "A56 Consequences"),
    both("no-values", Error, "Files name where a secret lives, never its value.", "B closing table"),
    registry("verdict-evidence", Error, "A verdict is VALID, STALE, PARTIAL or UNKNOWN, with its evidence.", "B opening table"),
    registry("revocation-proved", Error, "Nothing is revoked before the vault holds its successor, and a 401 proves the revocation.", "B item 1"),
    registry("copies-complete", Error, "A rotated Heroku key reaches every place that holds it.", "B item 1"),
    registry("billing-separate", Error, "A billing token shares no credential with a deploy token.", "B item 2"),
    registry("copies-in-pairs", Error, "A secret held at two sides is at both of them in each environment.", "B item 3"),
    registry("interim-copies", Error, "An interim copy in SSM has a target path in Infisical.", "B item 2"),
    registry("allow-reason", Error, "An exception has a reason.", "this tool"),
    registry("allow-unmatched", Warning, "An exception that nothing needs is taken away.", "this tool"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_stable_and_each_rule_cites_its_source() {
        assert_eq!(Rule::r(1).code(), "R1");
        assert_eq!(Rule::r(66).info().slug, "interim-copies");
        assert_eq!(Rule::from_code("R38").unwrap().info().slug, "unregistered-name");
        assert_eq!(Rule::from_code("A2"), Some(Rule::ALLOW_UNMATCHED));
        assert_eq!(Rule::from_code("R67"), None);
        let mut slugs: Vec<_> = Rule::all().map(|rule| rule.info().slug).collect();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), 68);
        assert!(Rule::all().all(|rule| !rule.info().source.is_empty() && rule.info().title.ends_with('.')));
    }
}
