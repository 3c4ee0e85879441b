//! `new`: a row for a new token, with everything that can be derived derived.

use std::fmt::Write;

use crate::{
    name::{NameError, TokenName},
    registry::{Kind, Registry, Token},
};

/// What a person says about the new token. All of it is optional: what is missing is derived, or asked for by name.
#[derive(Debug, Default, Clone)]
pub struct Wishes {
    /// What kind it is.
    pub kind: Option<Kind>,
    /// Its consumers, the paged one first.
    pub consumers: Vec<String>,
    /// Its vendor scopes.
    pub scopes: Vec<String>,
    /// Its sensitivity.
    pub sensitivity: Option<String>,
    /// Its cadence.
    pub rotation: Option<String>,
    /// What it acts on.
    pub target: Option<String>,
    /// The two ends of a service pair.
    pub pair: Vec<String>,
    /// Its folder; for internal secrets only.
    pub path: Option<String>,
    /// Its function tag; for internal secrets only.
    pub function: Option<String>,
    /// The IAM user; for AWS only.
    pub principal: Option<String>,
}

/// Why there is no row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NewError {
    /// It is there already.
    #[error("`{0}` is registered already")]
    Exists(String),
    /// It is no name.
    #[error("`{name}` is not a name: {error}")]
    Name {
        /// What was given.
        name: String,
        /// What is wrong with it.
        error: NameError,
    },
    /// Something cannot be derived.
    #[error("these cannot be derived for `{name}`; give them: {}", flags.join(", "))]
    Missing {
        /// The name.
        name: String,
        /// The options to give.
        flags: Vec<&'static str>,
    },
}

/// The row of a new token, as TOML to be added to the registry.
///
/// ```
/// use raxx_vault::{provision::{Wishes, row}, registry::Source};
/// let source = Source::parse("r.toml".as_ref(), include_str!("../registry.toml"))?;
/// let row = row(&source.registry, "CF_DNS_EDIT_RAXX_DEV", &Wishes::default())?;
/// assert!(row.contains(r#"tags = { function = "dns-edit", sensitivity = "high", consumer = "terraform", rotation = "90d" }"#));
/// assert!(row.contains(r#"target = "raxx.dev zone""#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`NewError`], which names every option that is still needed.
pub fn row(registry: &Registry, name: &str, wishes: &Wishes) -> Result<String, NewError> {
    if registry.token(name).is_some() {
        return Err(NewError::Exists(name.to_owned()));
    }
    let service = registry.services.iter().any(|service| name.split('_').next() == Some(&service.code.value));
    let parsed = registry.grammar().parse(name);
    if let (Err(error), false) = (&parsed, service) {
        return Err(NewError::Name { name: name.to_owned(), error: error.clone() });
    }
    if service && let Err(error) = crate::name::check_shape(name) {
        return Err(NewError::Name { name: name.to_owned(), error });
    }
    let parsed = parsed.ok();
    let sibling = parsed.as_ref().and_then(|name| sibling(registry, name));
    let draft = Draft { registry, name, wishes, parsed, sibling };
    draft.write()
}

/// The registered token that is most like a name: the same vendor and function.
fn sibling<'a>(registry: &'a Registry, name: &TokenName) -> Option<&'a Token> {
    let grammar = registry.grammar();
    registry.tokens.iter().find(|token| {
        grammar
            .parse(&token.name.value)
            .is_ok_and(|other| other.vendor == name.vendor && other.function == name.function)
    })
}

struct Draft<'a> {
    registry: &'a Registry,
    name: &'a str,
    wishes: &'a Wishes,
    parsed: Option<TokenName>,
    sibling: Option<&'a Token>,
}

impl Draft<'_> {
    fn write(&self) -> Result<String, NewError> {
        let (registry, wishes) = (self.registry, self.wishes);
        let mut flags = Vec::new();
        let mut need = |value: Option<String>, flag: &'static str| {
            value.unwrap_or_else(|| {
                flags.push(flag);
                String::new()
            })
        };
        let kind = self.kind();
        let kind_word = need(kind.map(|kind| kind.to_string()), "--kind");
        let function = need(self.function(), "--function");
        let minimum = registry
            .tags
            .minimum_sensitivity
            .iter()
            .find(|(name, _)| *name == function)
            .map(|(_, level)| level.clone());
        let sensitivity = wishes.sensitivity.clone().or_else(|| self.like("sensitivity")).or(minimum);
        let sensitivity = need(sensitivity, "--sensitivity");
        let rotation = wishes.rotation.clone().or_else(|| self.like("rotation"));
        let rotation = need(rotation.or_else(|| Some(default_cadence(kind?, &function).to_owned())), "--rotation");
        let consumers = self.or_siblings(&wishes.consumers, |sibling| &sibling.consumers.value);
        let paged = need(consumers.first().cloned(), "--consumer");
        let scopes = self.or_siblings(&wishes.scopes, |sibling| &sibling.scopes);
        let pair =
            if kind == Some(Kind::ServiceToken) && wishes.pair.len() != 2 { None } else { Some(wishes.pair.clone()) };
        let scopes = if scopes.is_empty() && wishes.pair.len() == 2 { vec![wishes.pair.join(" to ")] } else { scopes };
        need(scopes.first().cloned(), "--scope");
        let target =
            need(wishes.target.clone().or_else(|| self.target()).or_else(|| scopes.first().cloned()), "--target");
        need(pair.map(|_| String::new()), "--pair");
        let internal = self.parsed.is_none();
        let path = if internal { need(wishes.path.clone(), "--path") } else { String::new() };
        let principal = wishes.principal.clone().or_else(|| Some(self.sibling?.principal.as_ref()?.value.clone()));
        let principal = if kind == Some(Kind::Aws) { need(principal, "--principal") } else { String::new() };
        if !flags.is_empty() {
            return Err(NewError::Missing { name: self.name.to_owned(), flags });
        }
        let heroku = (internal
            && registry
                .consumer_files
                .iter()
                .any(|files| files.consumer == paged && files.host == crate::registry::Host::Heroku))
        .then(|| vec![format!("raxx-api-prod:{}", self.name)]);

        let mut text = String::from("\n[[token]]\n");
        let mut set = |key: &str, value: String| _ = writeln!(text, "{key} = {value}"); // a String takes everything
        set("name", quoted(self.name));
        if internal {
            set("class", quoted("internal"));
        }
        set("status", quoted("planned"));
        set("kind", quoted(&kind_word));
        set(
            "tags",
            format!(
                "{{ function = {}, sensitivity = {}, consumer = {}, rotation = {} }}",
                quoted(&function),
                quoted(&sensitivity),
                quoted(&paged),
                quoted(&rotation)
            ),
        );
        set("consumers", list(&consumers));
        let (environments, placement) = self.environments(internal);
        set("environments", environments);
        set("placement", quoted(placement));
        set("target", quoted(&target));
        set("scopes", list(&scopes));
        set("companions", list(&self.companions(kind)));
        set("store", quoted("infisical"));
        if internal {
            set("path", quoted(&path));
        }
        if let Some(heroku) = heroku {
            set("heroku", list(&heroku));
        }
        if !principal.is_empty() {
            set("principal", quoted(&principal));
        }
        if kind == Some(Kind::ServiceToken) {
            set("pair", list(&wishes.pair));
            set("random_bytes", "32".to_owned());
            set("verified_by", quoted("ServiceAuthLayer"));
            set("reload", list(&["SIGHUP".to_owned(), "file change".to_owned()]));
            set("logged_characters", "8".to_owned());
        }
        Ok(text)
    }

    /// As said, as a sibling's, or as the only kind that the vendor makes.
    fn kind(&self) -> Option<Kind> {
        let vendor = self.parsed.as_ref().and_then(|name| self.registry.vendor(&name.vendor));
        let only = vendor.filter(|vendor| vendor.provisioning.len() == 1).map(|vendor| vendor.provisioning[0].kind);
        let by_name = (self.parsed.is_none() && self.name.ends_with("_SERVICE_TOKEN")).then_some(Kind::ServiceToken);
        self.wishes.kind.or(self.sibling.map(|sibling| sibling.kind.value)).or(only).or(by_name)
    }

    /// For a vendor's token the name says it.
    fn function(&self) -> Option<String> {
        let grammar = self.registry.grammar();
        let by_name = self
            .parsed
            .as_ref()
            .and_then(|name| grammar.keyword(&name.vendor, &name.function).map(|keyword| keyword.tag.clone()));
        let service = (self.kind() == Some(Kind::ServiceToken)).then(|| "service-auth".to_owned());
        by_name.or_else(|| self.wishes.function.clone()).or(service)
    }

    fn like(&self, dimension: &str) -> Option<String> {
        Some(self.sibling?.tag(dimension)?.value.clone())
    }

    fn or_siblings(&self, wish: &[String], of: impl Fn(&Token) -> &Vec<crate::registry::Text>) -> Vec<String> {
        if !wish.is_empty() {
            return wish.to_vec();
        }
        self.sibling.map(|sibling| of(sibling).iter().map(|text| text.value.clone()).collect()).unwrap_or_default()
    }

    /// `RAXX_APP` is the zone raxx.app, where the sibling is for a zone too.
    fn target(&self) -> Option<String> {
        let scope = self.parsed.as_ref()?.scope.as_ref()?;
        let host = scope.to_lowercase().replace('_', ".");
        match self.sibling {
            Some(sibling) if sibling.target.ends_with(" zone") => Some(format!("{host} zone")),
            Some(_) => None,
            None => Some(host),
        }
    }

    fn environments(&self, internal: bool) -> (String, &'static str) {
        match self.sibling.and_then(|sibling| Some((sibling, sibling.placement?))) {
            Some((sibling, placement)) => {
                let cells = sibling
                    .environments
                    .value
                    .iter()
                    .map(|(name, cell)| format!("{} = {}", name.value, quoted(cell.as_str())));
                (format!("{{ {} }}", cells.collect::<Vec<_>>().join(", ")), placement.as_str())
            }
            None if internal => {
                (r#"{ prod = "present", staging = "different-value", dev = "absent" }"#.to_owned(), "per-environment")
            }
            None => (r#"{ prod = "present", staging = "absent", dev = "absent" }"#.to_owned(), "account-wide"),
        }
    }

    fn companions(&self, kind: Option<Kind>) -> Vec<String> {
        let rules = &self.registry.companions;
        let of_kind = rules.by_kind.iter().filter(|(known, _)| Some(*known) == kind).flat_map(|(_, suffixes)| suffixes);
        let bot = if kind == Some(Kind::GithubApp) { rules.bot_files.as_slice() } else { &[] };
        rules.always.iter().chain(of_kind).chain(bot).cloned().collect()
    }
}

/// What the taxonomy says of a kind (section 2, rotation).
fn default_cadence(kind: Kind, function: &str) -> &'static str {
    match (kind, function) {
        (Kind::Aws, _) => "30d",
        (Kind::GithubApp, _) => "annual",
        (Kind::ConfigValue, _) => "non-rotating",
        (_, "trading-live") => "60d",
        _ => "90d",
    }
}

/// A TOML basic string.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control.is_control() => _ = write!(quoted, "\\u{:04X}", u32::from(control)),
            plain => quoted.push(plain),
        }
    }
    quoted.push('"');
    quoted
}

fn list(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "))
}
