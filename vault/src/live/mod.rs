//! `check live`: what is in the vault against what the registry says.
//!
//! Asks for names, tags, metadata and dates, never for values: the identity should have `describeSecret` and not `readValue`,
//! and the requests say `viewSecretValue=false` besides. A refused login is not tried again, because three refusals lock an
//! identity out.

mod compare;
mod infisical;

use jiff::civil::Date;

pub use compare::compare;
pub use infisical::{Credentials, LiveError, fetch};

use crate::{finding::Finding, registry::Registry, verify::Client};

/// One secret as the vault describes it. Holds no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveSecret {
    /// Its key.
    pub key: String,
    /// Its folder, with a slash at both ends.
    pub folder: String,
    /// Tag slugs.
    pub tags: Vec<String>,
    /// Metadata by key.
    pub metadata: Vec<(String, String)>,
    /// The day of its last change.
    pub updated: Option<Date>,
}

/// One environment of the vault.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LiveEnvironment {
    /// Our name for it.
    pub name: String,
    /// Folders, with a slash at both ends.
    pub folders: Vec<String>,
    /// Secrets.
    pub secrets: Vec<LiveSecret>,
}

/// What a look at the vault gave.
#[derive(Debug, Default)]
pub struct LiveReport {
    /// Findings, exceptions not applied.
    pub findings: Vec<Finding>,
    /// What could not be found out, or what is worth knowing.
    pub notes: Vec<String>,
    /// Whether an environment could not be looked at.
    pub unknown: bool,
}

/// Logs in, lists every environment and compares. `progress` is called with the name of what is being asked for.
///
/// # Errors
/// [`LiveError`] if nothing at all could be found out.
pub fn check(
    registry: &Registry,
    credentials: &Credentials,
    client: &Client,
    today: Date,
    progress: &dyn Fn(&str),
) -> Result<LiveReport, LiveError> {
    progress("login");
    let session = infisical::login(credentials, client)?;
    let mut report = LiveReport::default();
    let mut environments = Vec::new();
    for (name, slug) in &registry.vault.environments {
        progress(name);
        match fetch(&session, client, name, slug) {
            Ok(fetched) => {
                if fetched.values_sent {
                    report.notes.push(format!(
                        "{name}: the vault sent values although none were asked for; take readValue from this identity"
                    ));
                }
                environments.push(fetched.environment);
            }
            Err(error) => {
                report.unknown = true;
                report.notes.push(format!("{name} was not checked: {error}"));
            }
        }
    }
    report.findings = compare(registry, &environments, today);
    report
        .notes
        .push("values were not compared (R27, R28, R41): this identity cannot read them, and should not".to_owned());
    Ok(report)
}
