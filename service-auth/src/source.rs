//! Where a token comes from, and whether it can change while the process runs.

use std::{
    ffi::OsString,
    io::Read,
    path::{Path, PathBuf},
};

use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::{ServiceToken, TokenError};

/// Bytes read from a token file at most. A token has 43; the rest is room for a line break and for noticing a wrong file.
const FILE_LIMIT: u64 = 1024;

/// A place that holds one token.
#[derive(Debug, Clone)]
pub struct TokenSource(Place);

#[derive(Debug, Clone)]
enum Place {
    Value { name: String, value: SecretString },
    File { path: PathBuf },
}

impl TokenSource {
    /// A token that the process got with its environment. `name` is what errors call it; the value is fixed for the life of
    /// the process.
    pub fn value(name: impl Into<String>, value: &str) -> Self {
        Self(Place::Value { name: name.into(), value: SecretString::from(value) })
    }

    /// A file whose whole content is the token; one line break after it is allowed. Read again on every reload.
    ///
    /// Replace such a file by renaming a new one over it. A reader that meets a half-written file keeps the old token and
    /// looks again.
    pub fn file(path: impl AsRef<Path>) -> Self {
        Self(Place::File { path: path.as_ref().to_owned() })
    }

    /// The token that the environment names: `<NAME>_FILE` (a path, reloadable) or `<NAME>` (a value, fixed until restart).
    ///
    /// # Errors
    /// [`SourceError::Missing`] if neither is set, [`SourceError::Ambiguous`] if both are.
    pub fn from_environment(name: &str) -> Result<Self, SourceError> {
        Self::from_lookup(name, |variable| std::env::var_os(variable))
    }

    /// [`TokenSource::from_environment`] with the environment given as a function, so that it can be tested.
    ///
    /// # Errors
    /// As for [`TokenSource::from_environment`].
    pub fn from_lookup(name: &str, lookup: impl Fn(&str) -> Option<OsString>) -> Result<Self, SourceError> {
        // A variable that is set but empty is how deployment tools spell "not set".
        let present = |variable: &str| lookup(variable).filter(|value| !value.is_empty());
        match (present(name), present(&format!("{name}_FILE"))) {
            (Some(_), Some(_)) => Err(SourceError::Ambiguous { name: name.to_owned() }),
            (None, Some(path)) => Ok(Self::file(PathBuf::from(path))),
            (Some(value), None) => match value.into_string() {
                Ok(value) => Ok(Self(Place::Value { name: name.to_owned(), value: SecretString::from(value) })),
                Err(_) => Err(SourceError::Token { origin: name.to_owned(), error: TokenError::NotBase64Url }),
            },
            (None, None) => Err(SourceError::Missing { name: name.to_owned() }),
        }
    }

    /// Reads the token.
    ///
    /// # Errors
    /// [`SourceError::Unreadable`], [`SourceError::Oversized`] or [`SourceError::Token`]; never with any content.
    pub fn load(&self) -> Result<ServiceToken, SourceError> {
        match &self.0 {
            Place::Value { name, value } => ServiceToken::parse(value.expose_secret())
                .map_err(|error| SourceError::Token { origin: name.clone(), error }),
            Place::File { path } => load_file(path),
        }
    }

    /// Reads the token again.
    ///
    /// # Errors
    /// As for [`TokenSource::load`], and [`SourceError::NotReloadable`] for a value: the environment of a running process
    /// cannot be changed from outside.
    pub fn reload(&self) -> Result<ServiceToken, SourceError> {
        match &self.0 {
            Place::Value { name, .. } => Err(SourceError::NotReloadable { name: name.clone() }),
            Place::File { path } => load_file(path),
        }
    }

    /// Whether [`TokenSource::reload`] can ever give another token.
    pub fn is_reloadable(&self) -> bool {
        matches!(self.0, Place::File { .. })
    }

    /// The variable or path, for messages.
    pub fn describe(&self) -> String {
        match &self.0 {
            Place::Value { name, .. } => name.clone(),
            Place::File { path } => path.display().to_string(),
        }
    }
}

fn load_file(path: &Path) -> Result<ServiceToken, SourceError> {
    let origin = || path.display().to_string();
    let unreadable = |error: std::io::Error| SourceError::Unreadable { path: origin(), kind: error.kind() };
    // A named pipe or a device would block or never end.
    if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(SourceError::Unreadable { path: origin(), kind: std::io::ErrorKind::InvalidInput });
    }
    let mut content = Zeroizing::new(Vec::with_capacity(FILE_LIMIT as usize + 1));
    let file = std::fs::File::open(path).map_err(unreadable)?;
    file.take(FILE_LIMIT + 1).read_to_end(&mut content).map_err(unreadable)?;
    if content.len() as u64 > FILE_LIMIT {
        return Err(SourceError::Oversized { path: origin() });
    }
    let text = std::str::from_utf8(&content)
        .map_err(|_| SourceError::Token { origin: origin(), error: TokenError::NotBase64Url })?;
    let text = text.strip_suffix('\n').map_or(text, |line| line.strip_suffix('\r').unwrap_or(line));
    ServiceToken::parse(text).map_err(|error| SourceError::Token { origin: origin(), error })
}

/// Why a token could not be read. The messages name the place, never the content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// Neither the variable nor its `_FILE` form is set.
    #[error(
        "no service token: set {name}_FILE to a file that holds it (can be rotated while running), or {name} to its value"
    )]
    Missing {
        /// The variable.
        name: String,
    },
    /// Both forms are set.
    #[error("{name} and {name}_FILE are both set, so it is unclear which one counts: unset one of them")]
    Ambiguous {
        /// The variable.
        name: String,
    },
    /// The file cannot be read.
    #[error(
        "the service token file {path} cannot be read ({kind}): check that it is a regular file this process may read"
    )]
    Unreadable {
        /// The file.
        path: String,
        /// What the operating system said.
        kind: std::io::ErrorKind,
    },
    /// The file is far larger than a token.
    #[error("the service token file {path} is larger than 1024 bytes and so is not a token: check the path")]
    Oversized {
        /// The file.
        path: String,
    },
    /// The content is not a token.
    #[error("{origin}: {error}")]
    Token {
        /// The variable or file.
        origin: String,
        /// What is wrong with it.
        error: TokenError,
    },
    /// A reload was asked of a value from the environment.
    #[error(
        "{name} came with the environment, and the environment of a running process cannot be changed from outside: \
         restart the process, or use {name}_FILE to rotate without a restart"
    )]
    NotReloadable {
        /// The variable.
        name: String,
    },
}

impl SourceError {
    /// A stable code for logs and alerts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "source_missing",
            Self::Ambiguous { .. } => "source_ambiguous",
            Self::Unreadable { .. } => "source_unreadable",
            Self::Oversized { .. } => "source_oversized",
            Self::Token { error, .. } => error.code(),
            Self::NotReloadable { .. } => "source_not_reloadable",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> impl Fn(&str) -> Option<OsString> {
        let pairs: Vec<(String, String)> = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        move |wanted| pairs.iter().find(|(name, _)| name == wanted).map(|(_, value)| OsString::from(value))
    }

    #[test]
    fn a_file_wins_reloadability_and_a_value_says_why_it_cannot_change() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("token");
        let token = ServiceToken::generate().unwrap();
        std::fs::write(&path, format!("{}\r\n", token.expose())).unwrap();

        let file =
            TokenSource::from_lookup("T", environment(&[("T_FILE", path.to_str().unwrap()), ("T", "")])).unwrap();
        assert!(file.is_reloadable());
        assert_eq!(file.reload().unwrap().expose(), token.expose());

        let value = TokenSource::from_lookup("T", environment(&[("T", token.expose())])).unwrap();
        assert_eq!(value.load().unwrap().expose(), token.expose());
        let error = value.reload().unwrap_err();
        assert_eq!(error.code(), "source_not_reloadable");
        assert!(error.to_string().contains("cannot be changed from outside"), "{error}");
        assert!(!format!("{value:?}").contains(token.expose()));
    }

    #[test]
    fn missing_and_ambiguous_settings_are_told_apart() {
        let code = |pairs: &[(&str, &str)]| TokenSource::from_lookup("T", environment(pairs)).unwrap_err().code();
        assert_eq!(code(&[]), "source_missing");
        assert_eq!(code(&[("T", "")]), "source_missing");
        assert_eq!(code(&[("T", "a"), ("T_FILE", "/b")]), "source_ambiguous");
    }

    #[test]
    fn hostile_files_are_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("token");
        let code = |content: &[u8]| {
            std::fs::write(&path, content).unwrap();
            TokenSource::file(&path).load().unwrap_err().code()
        };
        assert_eq!(code(b""), "token_too_short");
        assert_eq!(code(&[0xff; 43]), "token_not_base64url");
        assert_eq!(code(&vec![b'a'; 1_000_000]), "source_oversized");
        let two_lines = format!("{0}\n{0}\n", ServiceToken::generate().unwrap().expose());
        assert_eq!(code(two_lines.as_bytes()), "token_too_long");
        assert_eq!(TokenSource::file(directory.path()).load().unwrap_err().code(), "source_unreadable");
        assert_eq!(TokenSource::file(directory.path().join("none")).load().unwrap_err().code(), "source_unreadable");
    }
}
