//! Configuration: from the environment alone, read once, every problem reported at once.

mod problems;
mod reader;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use service_auth::TokenSource;
use shared::session::{DEFAULT_AUDIENCE, DEFAULT_ISSUER};
use url::Url;

use crate::helpdesk::{AccessGateToken, AgentId, BaseUrl, CustomFieldId, MailboxId};
use crate::sessions::{KeySource, SigningKeys};

pub use problems::{ConfigError, Problem};
use reader::Reader;

/// Everything that an operator decides.
#[derive(Debug)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where the data is.
    pub database: DatabaseUrl,
    /// Passkeys.
    pub passkeys: PasskeyConfig,
    /// Session tokens.
    pub tokens: TokenConfig,
    /// Enrolment of demo customers; absent in production.
    pub development: Option<DevelopmentConfig>,
    /// The portal's API is switched on.
    pub portal_enabled: bool,
    /// How long a reply can be withdrawn before it leaves: 0 to 60 s.
    pub undo: Duration,
    /// What the edge proves itself with.
    pub edge_token: TokenSource,
    /// What it proved itself with before, while a rotation is under way.
    pub edge_token_previous: Option<TokenSource>,
    /// The help desk.
    pub desk: DeskConfig,
    /// Topics and notices, when there is a file with them.
    pub desk_content: Option<PathBuf>,
}

/// Passkeys (WebAuthn Level 3).
#[derive(Debug, Clone)]
pub struct PasskeyConfig {
    /// The RP ID, such as `raxx.app`.
    pub rp_id: String,
    /// The exact origins that may use it; never empty.
    pub origins: Vec<Url>,
}

/// Session tokens (RFC 7519).
#[derive(Debug)]
pub struct TokenConfig {
    /// Where the keys come from, to read them again.
    pub source: KeySource,
    /// The keys.
    pub keys: SigningKeys,
    /// The `iss`.
    pub issuer: String,
    /// The `aud`.
    pub audience: String,
}

/// Development only.
#[derive(Debug, Clone)]
pub struct DevelopmentConfig {
    /// Where to ask for demo tickets for a new customer; only loopback is accepted.
    pub seed_url: Option<Url>,
}

/// The help desk.
#[derive(Debug)]
pub struct DeskConfig {
    /// Its address.
    pub base: BaseUrl,
    /// Its key.
    pub api_key: SecretString,
    /// The mailbox of the support portal.
    pub mailbox: MailboxId,
    /// The secret of its webhooks; without it webhooks are refused and polling alone finds changes.
    pub webhook_secret: Option<SecretString>,
    /// The service token of the access gate before it.
    pub access_gate: Option<AccessGateToken>,
    /// The account in whose name the portal changes statuses.
    pub portal_agent: Option<AgentId>,
    /// Custom fields that customers may see.
    pub visible_fields: Vec<CustomFieldId>,
    /// How long an agent's message is held back, because agents can take it back: 0 to 300 s.
    pub hold_back: Duration,
}

/// Which database, and where.
#[derive(Clone)]
pub struct DatabaseUrl(SecretString);

impl DatabaseUrl {
    /// Reads an address: `sqlite:…`, `sqlite::memory:` or `postgres://…`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let known = ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme));
        known.then(|| Self(SecretString::from(text)))
    }

    /// It is Postgres.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        self.expose().starts_with("postgres")
    }

    /// The address with its password.
    #[must_use]
    pub fn expose(&self) -> &str {
        secrecy::ExposeSecret::expose_secret(&self.0)
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(if self.is_postgres() { "postgres (address hidden)" } else { "sqlite (address hidden)" })
    }
}

impl Config {
    /// Reads the environment of this process.
    ///
    /// # Errors
    /// [`ConfigError`] with every problem, not only the first.
    pub fn from_environment() -> Result<Self, ConfigError> {
        Self::from_lookup(|name| std::env::var_os(name))
    }

    /// [`Config::from_environment`] with the environment given as a function.
    ///
    /// # Errors
    /// [`ConfigError`] with every problem, not only the first.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<std::ffi::OsString>) -> Result<Self, ConfigError> {
        let mut reader = Reader::new(&lookup);
        // A platform that runs us says by PORT where it will ask, and asks from outside.
        let by_port = reader.optional("PORT", |port| match port.parse::<u16>() {
            Ok(port) => Ok(SocketAddr::from(([0, 0, 0, 0], port))),
            Err(_) => Err("it must be a port such as 8789"),
        });
        let default = by_port.map_or_else(|| "127.0.0.1:8789".to_owned(), |address| address.to_string());
        let listen = reader.parsed("RAPTOR_LISTEN", Some(&default), "an address and a port such as 127.0.0.1:8789");
        let database = reader.read("DATABASE_URL", Some("sqlite:raptor.sqlite3"), |text| {
            DatabaseUrl::parse(text).ok_or("it must begin with sqlite: or postgres://")
        });
        let passkeys = passkeys(&mut reader);
        let tokens = tokens(&mut reader);
        let development = development(&mut reader);
        let portal_enabled = reader.switch("FLAG_SUPPORT_PORTAL_API", true);
        let undo = reader.seconds("RAPTOR_REPLY_UNDO_SECONDS", 10, 60);
        let edge_token = reader.token_source("EDGE_SERVICE_TOKEN");
        let edge_token_previous = reader.optional_token_source("EDGE_SERVICE_TOKEN_PREVIOUS");
        let desk = desk(&mut reader);
        let desk_content = reader.optional("RAPTOR_DESK_CONTENT", |path| Ok(PathBuf::from(path)));
        match (listen, database, passkeys, tokens, edge_token, desk, reader.finish()) {
            (Some(listen), Some(database), Some(passkeys), Some(tokens), Some(edge_token), Some(desk), Ok(())) => {
                Ok(Self {
                    listen,
                    database,
                    passkeys,
                    tokens,
                    development,
                    portal_enabled,
                    undo,
                    edge_token,
                    edge_token_previous,
                    desk,
                    desk_content,
                })
            }
            (.., Err(error)) => Err(error),
            // Each missing value has left a problem behind; this arm only satisfies the compiler.
            _ => Err(ConfigError::default()),
        }
    }
}

fn passkeys(reader: &mut Reader<'_>) -> Option<PasskeyConfig> {
    let rp_id = reader.read("RAPTOR_RP_ID", None, |text| {
        let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-'));
        if plain { Ok(text.to_owned()) } else { Err("it must be a host name in lower case, without scheme or port") }
    });
    let origins = reader.read("RAPTOR_ORIGINS", None, |text| {
        let origins: Result<Vec<Url>, &str> = text.split(',').map(|origin| exact_origin(origin.trim())).collect();
        origins
    });
    let (rp_id, origins) = (rp_id?, origins?);
    let belongs =
        |origin: &Url| origin.host_str().is_some_and(|host| host == rp_id || host.ends_with(&format!(".{rp_id}")));
    if !origins.iter().all(belongs) {
        reader.problem("RAPTOR_ORIGINS", "every origin must be at the RP ID's host or below it");
        return None;
    }
    Some(PasskeyConfig { rp_id, origins })
}

/// An origin such as `https://support.raxx.app`: browsers send exactly this, so nothing may follow the port.
fn exact_origin(text: &str) -> Result<Url, &'static str> {
    const SHAPE: &str = "each must be an exact origin such as https://support.raxx.app; http is for localhost alone";
    let url = Url::parse(text).map_err(|_| SHAPE)?;
    let secure = url.scheme() == "https" || (url.scheme() == "http" && url.host_str() == Some("localhost"));
    if secure && url.origin().ascii_serialization() == text { Ok(url) } else { Err(SHAPE) }
}

fn tokens(reader: &mut Reader<'_>) -> Option<TokenConfig> {
    let source = reader.read("RAPTOR_JWT_KEYS", None, |text| Ok(KeySource::new(text)));
    let issuer = reader.read("RAPTOR_JWT_ISSUER", Some(DEFAULT_ISSUER), bounded_claim);
    let audience = reader.read("RAPTOR_JWT_AUDIENCE", Some(DEFAULT_AUDIENCE), bounded_claim);
    let source = source?;
    match source.load() {
        Ok(keys) => Some(TokenConfig { source, keys, issuer: issuer?, audience: audience? }),
        Err(error) => {
            reader.problem("RAPTOR_JWT_KEYS", &error.to_string());
            None
        }
    }
}

fn bounded_claim(text: &str) -> Result<String, &'static str> {
    if text.len() <= 200 { Ok(text.to_owned()) } else { Err("it must not be longer than 200 characters") }
}

fn development(reader: &mut Reader<'_>) -> Option<DevelopmentConfig> {
    let seed_url = reader.optional("RAPTOR_DEV_SEED_URL", |text| {
        let url =
            Url::parse(text).map_err(|_| "it must be an address such as http://127.0.0.1:8790/operator/seed-demo")?;
        let loopback = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        if loopback { Ok(url) } else { Err("it must be on this machine: demo data is for development alone") }
    });
    reader.switch("RAPTOR_DEV_ENROLMENT", false).then_some(DevelopmentConfig { seed_url })
}

fn desk(reader: &mut Reader<'_>) -> Option<DeskConfig> {
    let base = reader.read_owned("FREESCOUT_BASE_URL", |text| BaseUrl::parse(text).map_err(|error| error.to_string()));
    let api_key = reader.secret("FREESCOUT_API_TOKEN", true);
    let mailbox = reader.read("FREESCOUT_SUPPORT_MAILBOX_ID", None, |text| {
        text.parse().ok().and_then(MailboxId::new).ok_or("it must be a number above zero")
    });
    let webhook_secret = reader.secret("FREESCOUT_SUPPORT_WEBHOOK_SECRET", false);
    let gate =
        (reader.secret("FREESCOUT_ACCESS_CLIENT_ID", false), reader.secret("FREESCOUT_ACCESS_CLIENT_SECRET", false));
    let access_gate = match gate {
        (Some(client_id), Some(client_secret)) => Some(AccessGateToken { client_id, client_secret }),
        (None, None) => None,
        (Some(_), None) => {
            reader.problem("FREESCOUT_ACCESS_CLIENT_SECRET", "it is missing, though FREESCOUT_ACCESS_CLIENT_ID is set");
            None
        }
        (None, Some(_)) => {
            reader.problem("FREESCOUT_ACCESS_CLIENT_ID", "it is missing, though FREESCOUT_ACCESS_CLIENT_SECRET is set");
            None
        }
    };
    let portal_agent = reader.optional("FREESCOUT_PORTAL_USER_ID", |text| {
        text.parse().ok().and_then(AgentId::new).ok_or("it must be a number above zero")
    });
    let visible_fields = reader
        .optional("FREESCOUT_VISIBLE_FIELD_IDS", |text| {
            text.split(',')
                .map(|id| id.trim().parse().ok().and_then(CustomFieldId::new).ok_or("they must be numbers above zero"))
                .collect()
        })
        .unwrap_or_default();
    // The help desk's own window for undoing is 15 s; what is shown sooner may disappear before a customer's eyes.
    let hold_back = reader.seconds("RAPTOR_AGENT_HOLD_BACK_SECONDS", 20, 300);
    Some(DeskConfig {
        base: base?,
        api_key: api_key?,
        mailbox: mailbox?,
        webhook_secret,
        access_gate,
        portal_agent,
        visible_fields,
        hold_back,
    })
}

#[cfg(test)]
mod tests;
