//! The registry in memory: every value with its place in the file.

use jiff::civil::Date;
use toml_span::{Span, Spanned};

use super::words::{Cell, Class, Disposition, Host, Kind, Placement, Status, Store};

/// A text and where it is written.
pub type Text = Spanned<String>;

/// The whole registry.
#[derive(Debug, Default)]
pub struct Registry {
    /// How the vault is reached and how it spells things.
    pub vault: Vault,
    /// Where documents are and how long a rename may take.
    pub policy: Policy,
    /// Vendors, Appendix A.
    pub vendors: Vec<Vendor>,
    /// Our own services that give names to internal secrets.
    pub services: Vec<Service>,
    /// Function keywords.
    pub functions: Vec<Function>,
    /// The tag vocabulary.
    pub tags: Vocabulary,
    /// Where each consumer's references are.
    pub consumer_files: Vec<ConsumerFiles>,
    /// Companion suffixes.
    pub companions: CompanionRules,
    /// Folders that exist in the vault.
    pub folders: Vec<Text>,
    /// Tokens.
    pub tokens: Vec<Token>,
    /// Old names.
    pub renames: Vec<Rename>,
    /// Tokens in the vault that no row explains.
    pub unmapped: Vec<Unmapped>,
    /// Past verdicts.
    pub verdicts: Vec<PastVerdict>,
    /// How contradictions of the sources were decided.
    pub decisions: Vec<Decision>,
    /// Accepted findings.
    pub allows: Vec<Allow>,
    /// Names that look like secrets and are none.
    pub ignores: Vec<Ignore>,
    /// Text that looks like a secret's value, by place in the file; the text itself is masked.
    pub values: Vec<(Span, &'static str)>,
}

/// How the vault is reached. No credential is here.
#[derive(Debug, Default)]
pub struct Vault {
    /// Base address.
    pub url: String,
    /// Environment slugs: ours, Infisical's.
    pub environments: Vec<(String, String)>,
    /// How a tag is spelled as a slug: the text between dimension and value.
    pub tag_separator: String,
}

/// Where documents are and how long things may take.
#[derive(Debug, Default)]
pub struct Policy {
    /// From this day on tokens follow the taxonomy.
    pub taxonomy_date: Option<Date>,
    /// Days that both names of a rename may be valid: "one deploy cycle".
    pub rename_window_days: i64,
    /// The vendors in the order of their renames; vendors in one entry go together.
    pub rename_order: Vec<Vec<String>>,
    /// The rotation index.
    pub rotation_index: String,
    /// The folder of the rotation runbooks.
    pub runbooks: String,
    /// Bot folders that a script hard-codes.
    pub bot_paths: Vec<String>,
    /// Files and folders that `check refs` passes over, each for a reason.
    pub skip: Vec<Skip>,
    /// Places whose variables or files a client can read.
    pub client_side: Vec<String>,
}

/// A path that `check refs` passes over.
#[derive(Debug)]
pub struct Skip {
    /// Relative to the repository; a folder covers what is in it.
    pub path: String,
    /// Why.
    pub reason: String,
}

/// A vendor.
#[derive(Debug)]
pub struct Vendor {
    /// Such as `CF`.
    pub code: Text,
    /// Such as `Cloudflare`.
    pub name: String,
    /// Its folder in the vault, if there is one.
    pub folder: Option<Text>,
    /// Whether it has a sandbox or test mode.
    pub sandbox: bool,
    /// IAM users or other principals that may hold keys; empty if the vendor has no such thing.
    pub principals: Vec<String>,
    /// Where a token is made, and what to mind.
    pub provisioning: Vec<Provisioning>,
    /// Every place a rotated key must reach.
    pub copies: Vec<String>,
    /// Whether renames go one pull request per function instead of one per vendor.
    pub pr_per_function: bool,
}

/// Where a kind of token is made (section 5, step 2).
#[derive(Debug)]
pub struct Provisioning {
    /// For which kind.
    pub kind: Kind,
    /// The page or menu.
    pub page: String,
    /// What to mind.
    pub note: String,
}

/// One of our own services.
#[derive(Debug)]
pub struct Service {
    /// The prefix of its secrets.
    pub code: Text,
    /// What it is.
    pub about: String,
}

/// A function keyword of a vendor.
#[derive(Debug)]
pub struct Function {
    /// Vendor code.
    pub vendor: Text,
    /// Such as `DNS_EDIT`.
    pub keyword: Text,
    /// The tag that it stands for.
    pub tag: Text,
    /// Whether the vendor issues such tokens per zone, app or deployment.
    pub per_target: bool,
}

/// The closed tag vocabulary.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// Dimension, then its values; in the order of the taxonomy.
    pub dimensions: Vec<(String, Vec<String>)>,
    /// Values beyond the taxonomy, each for a reason.
    pub proposed: Vec<ProposedTag>,
    /// The least sensitivity of a function.
    pub minimum_sensitivity: Vec<(String, String)>,
}

/// A tag value that the taxonomy does not have yet.
#[derive(Debug)]
pub struct ProposedTag {
    /// The dimension.
    pub dimension: String,
    /// The value.
    pub value: String,
    /// Why it is needed.
    pub reason: String,
}

/// Where the references of a consumer are (section 5, step 5).
#[derive(Debug)]
pub struct ConsumerFiles {
    /// Consumer tag.
    pub consumer: String,
    /// Globs.
    pub files: Vec<String>,
    /// Where it runs.
    pub host: Host,
}

/// Which companions there are.
#[derive(Debug, Default)]
pub struct CompanionRules {
    /// On every token.
    pub always: Vec<String>,
    /// On tokens of a kind.
    pub by_kind: Vec<(Kind, Vec<String>)>,
    /// Allowed beyond the taxonomy, each for a reason: suffix and reason.
    pub extra: Vec<(String, String)>,
    /// What a bot folder holds.
    pub bot_files: Vec<String>,
}

/// One credential.
#[derive(Debug)]
pub struct Token {
    /// Its name.
    pub name: Text,
    /// Which naming rules it follows.
    pub class: Class,
    /// Whether it is in use.
    pub status: Status,
    /// What kind it is.
    pub kind: Spanned<Kind>,
    /// Tags by dimension; each value as written.
    pub tags: Tags,
    /// Everyone who uses it.
    pub consumers: Spanned<Vec<Text>>,
    /// Cells by environment.
    pub environments: Spanned<Vec<(Text, Cell)>>,
    /// One for all environments, or one for each.
    pub placement: Option<Placement>,
    /// The zone, account or server that it acts on.
    pub target: String,
    /// The required vendor scopes.
    pub scopes: Vec<Text>,
    /// The scopes that `__SCOPES` held when it was last read.
    pub recorded_scopes: Option<Spanned<Vec<Text>>>,
    /// Companion suffixes, or the file names of a bot folder.
    pub companions: Spanned<Vec<Text>>,
    /// Where it is kept.
    pub store: Spanned<Store>,
    /// Its folder, where that is not the vendor's.
    pub path: Option<Text>,
    /// The key in that folder, where that is not the name.
    pub key: Option<String>,
    /// Names under which consumers read it.
    pub exports: Vec<Export>,
    /// Files of this repository that use it.
    pub references: Vec<Text>,
    /// When it was made, if after the taxonomy.
    pub provisioned: Option<Spanned<Date>>,
    /// When it was rotated last.
    pub last_rotated: Option<Date>,
    /// When it ends.
    pub expires_at: Option<Text>,
    /// Who reviewed a critical token, and who was notified.
    pub ops_review: Option<String>,
    /// The IAM user or account that it belongs to.
    pub principal: Option<Text>,
    /// `app:VARIABLE` for each Heroku config var that receives it.
    pub heroku: Vec<Text>,
    /// Every place that holds a copy.
    pub copies: Vec<Text>,
    /// Environment and the two sides that hold a shared secret there.
    pub sides: Vec<(Text, Vec<Text>)>,
    /// Where an interim copy is to go.
    pub interim_target: Option<Text>,
    /// Whether it is an interim copy.
    pub interim: Option<Spanned<bool>>,
    /// The two ends of a service pair.
    pub pair: Option<Spanned<Vec<Text>>>,
    /// The token that it precedes during a rotation.
    pub previous_of: Option<String>,
    /// Random bytes of a service token.
    pub random_bytes: Option<Spanned<u32>>,
    /// What verifies it on every request.
    pub verified_by: Option<Text>,
    /// How its holder re-reads it.
    pub reload: Option<Spanned<Vec<Text>>>,
    /// Characters that a log line shows.
    pub logged_characters: Option<Spanned<u32>>,
    /// Another row that is the same physical credential.
    pub same_credential_as: Option<Text>,
    /// Where it comes from in the sources.
    pub source: String,
    /// Anything worth knowing.
    pub note: String,
}

/// The tags of one token, as written.
#[derive(Debug)]
pub struct Tags {
    /// The whole table.
    pub span: Span,
    /// Dimension and its values.
    pub entries: Vec<(Text, Vec<Text>)>,
}

/// A name under which a consumer reads a secret.
#[derive(Debug)]
pub struct Export {
    /// Which consumer.
    pub consumer: String,
    /// Under which name.
    pub variable: Text,
    /// Which companion, if not the token itself.
    pub companion: Option<String>,
}

/// An old name and how far its rename is.
#[derive(Debug)]
pub struct Rename {
    /// The old name.
    pub old: Text,
    /// The new one, or a companion of it.
    pub new: Text,
    /// What happens to the old name.
    pub disposition: Disposition,
    /// The pull request that changes the references.
    pub pr: Option<Text>,
    /// When each step was done.
    pub steps: Steps,
    /// Anything worth knowing.
    pub note: String,
}

/// The days on which the steps of a rename were done.
#[derive(Debug, Default)]
pub struct Steps {
    /// The new name was created with the old value.
    pub copied: Option<Spanned<Date>>,
    /// The new name was tried in staging.
    pub smoke_tested: Option<Spanned<Date>>,
    /// The pull request was merged.
    pub merged: Option<Spanned<Date>>,
    /// The next deploy succeeded.
    pub deployed: Option<Spanned<Date>>,
    /// The old name was given a new value.
    pub rotated_old: Option<Spanned<Date>>,
    /// The new name was given a value of its own.
    pub rotated_new: Option<Spanned<Date>>,
    /// The new value was seen to work.
    pub proved: Option<Spanned<Date>>,
    /// The old name was deleted from the vault.
    pub deleted: Option<Spanned<Date>>,
    /// The old value was revoked at the vendor.
    pub revoked: Option<Spanned<Date>>,
    /// The old value was answered with 401.
    pub revocation_proved: Option<Spanned<Date>>,
}

/// A token in the vault that no row explains.
#[derive(Debug)]
pub struct Unmapped {
    /// Its name.
    pub name: Text,
    /// When it was audited.
    pub audited: Option<Date>,
    /// What is known.
    pub note: String,
}

/// A verdict of the past.
#[derive(Debug)]
pub struct PastVerdict {
    /// What was tried.
    pub credential: Text,
    /// The verdict, as written.
    pub verdict: Text,
    /// The evidence.
    pub evidence: Text,
    /// When.
    pub date: Option<Date>,
}

/// How one contradiction was decided.
#[derive(Debug)]
pub struct Decision {
    /// Such as `X1`.
    pub id: Text,
    /// What contradicts what.
    pub question: String,
    /// What holds.
    pub decision: String,
    /// Why.
    pub reason: String,
}

/// An accepted finding.
#[derive(Debug)]
pub struct Allow {
    /// The whole entry.
    pub span: Span,
    /// The rule's code.
    pub rule: Text,
    /// The name that the finding is about.
    pub subject: Text,
    /// Why it is accepted.
    pub reason: String,
}

/// A name that looks like a secret and is none, or is none of ours.
#[derive(Debug)]
pub struct Ignore {
    /// The name.
    pub name: String,
    /// Why.
    pub reason: String,
}
