//! Reads variables and remembers what was wrong with them.

use std::ffi::OsString;
use std::io::Read as _;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use secrecy::SecretString;
use service_auth::{SourceError, TokenSource};

use super::problems::{ConfigError, Problem};

pub(super) struct Reader<'a> {
    lookup: &'a dyn Fn(&str) -> Option<OsString>,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(lookup: &'a dyn Fn(&str) -> Option<OsString>) -> Self {
        Self { lookup, problems: Vec::new() }
    }

    pub(super) fn problem(&mut self, variable: &str, message: &str) {
        self.problems.push(Problem { variable: variable.to_owned(), message: message.to_owned() });
    }

    /// The text of a variable. Set but empty is how deployment tools spell "not set".
    fn text(&mut self, name: &str) -> Option<String> {
        let value = (self.lookup)(name).filter(|value| !value.is_empty())?;
        match value.into_string() {
            Ok(text) => Some(text),
            Err(_) => {
                self.problem(name, "it is not valid UTF-8");
                None
            }
        }
    }

    /// A variable that must have a value, its own or the default.
    pub(super) fn read<T>(
        &mut self,
        name: &str,
        default: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T, &'static str>,
    ) -> Option<T> {
        let Some(text) = self.text(name).or_else(|| default.map(str::to_owned)) else {
            self.missing(name);
            return None;
        };
        match parse(&text) {
            Ok(value) => Some(value),
            Err(message) => {
                self.problem(name, message);
                None
            }
        }
    }

    /// The same for a reader whose message is made on the spot.
    pub(super) fn read_owned<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let Some(text) = self.text(name) else {
            self.missing(name);
            return None;
        };
        parse(&text).map_err(|message| self.problem(name, &message)).ok()
    }

    pub(super) fn parsed<T: FromStr>(&mut self, name: &str, default: Option<&str>, shape: &'static str) -> Option<T> {
        let result = self.text(name).or_else(|| default.map(str::to_owned)).map(|text| text.parse());
        match result {
            Some(Ok(value)) => Some(value),
            Some(Err(_)) => {
                self.problem(name, &format!("it must be {shape}"));
                None
            }
            None => {
                self.missing(name);
                None
            }
        }
    }

    /// A variable that may be absent.
    pub(super) fn optional<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, &'static str>) -> Option<T> {
        let text = self.text(name)?;
        parse(&text).map_err(|message| self.problem(name, message)).ok()
    }

    /// `1` or `0`, and nothing that could be read either way.
    pub(super) fn switch(&mut self, name: &str, default: bool) -> bool {
        match self.text(name).as_deref() {
            None => default,
            Some("1" | "true") => true,
            Some("0" | "false") => false,
            Some(_) => {
                self.problem(name, "it must be 1 or 0");
                default
            }
        }
    }

    /// Whole seconds, from 0 to `longest`.
    pub(super) fn seconds(&mut self, name: &str, default: u16, longest: u16) -> Duration {
        let seconds = match self.text(name).map(|text| text.parse::<u16>()) {
            None => default,
            Some(Ok(seconds)) if seconds <= longest => seconds,
            Some(_) => {
                self.problem(name, &format!("it must be a whole number of seconds from 0 to {longest}"));
                default
            }
        };
        Duration::from_secs(seconds.into())
    }

    /// A secret: the variable, or the file that the variable with `_FILE` behind its name gives the path of. What is in a file can be
    /// exchanged while the process runs.
    pub(super) fn secret(&mut self, name: &str, required: bool) -> Option<SecretString> {
        let in_file = format!("{name}_FILE");
        match (self.text(name), self.text(&in_file)) {
            (Some(_), Some(_)) => {
                self.problem(name, &format!("it and {in_file} are both set; unset one of them"));
                None
            }
            (Some(text), None) => Some(SecretString::from(text)),
            (None, Some(path)) => match secret_in(Path::new(&path)) {
                Ok(secret) => Some(secret),
                Err(message) => {
                    self.problem(&in_file, &message);
                    None
                }
            },
            (None, None) => {
                if required {
                    self.missing(name);
                }
                None
            }
        }
    }

    /// A service token that may be absent.
    pub(super) fn optional_token_source(&mut self, name: &str) -> Option<TokenSource> {
        match TokenSource::from_lookup(name, self.lookup) {
            Ok(source) => match source.load() {
                // A file that is not there means that there is none, and it may come later.
                Ok(_) | Err(SourceError::Unreadable { kind: std::io::ErrorKind::NotFound, .. }) => Some(source),
                Err(error) => {
                    self.problem(name, &error.to_string());
                    None
                }
            },
            Err(SourceError::Missing { .. }) => None,
            Err(error) => {
                self.problem(name, &error.to_string());
                None
            }
        }
    }

    pub(super) fn token_source(&mut self, name: &str) -> Option<TokenSource> {
        let source = TokenSource::from_lookup(name, self.lookup).and_then(|source| source.load().map(|_| source));
        source.map_err(|error| self.problem(name, &error.to_string())).ok()
    }

    fn missing(&mut self, name: &str) {
        self.problem(name, "it is not set, and there is no default");
    }

    pub(super) fn finish(self) -> Result<(), ConfigError> {
        if self.problems.is_empty() { Ok(()) } else { Err(ConfigError { problems: self.problems }) }
    }
}

/// Longest secret in a file, in bytes.
const MAX_SECRET: u64 = 4096;

/// The content of a file, without the line break that editors leave behind. Messages name the path and never the content.
fn secret_in(path: &Path) -> Result<SecretString, String> {
    let mut text = String::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(MAX_SECRET + 1).read_to_string(&mut text))
        .map_err(|error| format!("{} cannot be read ({})", path.display(), error.kind()))?;
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() || text.len() as u64 > MAX_SECRET {
        return Err(format!("{} must hold the secret alone, at most {MAX_SECRET} bytes", path.display()));
    }
    Ok(SecretString::from(secret))
}
