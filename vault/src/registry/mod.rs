//! The registry: the taxonomy as data, in one committed TOML file.

mod lookup;
mod model;
mod read;
mod words;

use std::path::{Path, PathBuf};

use toml_span::Deserialize;

pub use model::*;
pub use words::*;

use crate::secret_text;

/// Bytes of a registry file at most: room for about 15,000 tokens.
pub const FILE_LIMIT: u64 = 8 * 1024 * 1024;

/// Levels of nesting at most. The registry needs five; the parser recurses.
const NESTING_LIMIT: usize = 64;

/// A registry together with the text that its places point into.
#[derive(Debug)]
pub struct Source {
    /// The file.
    pub path: PathBuf,
    /// Its text, with everything that looks like a secret masked.
    pub text: String,
    /// What it says.
    pub registry: Registry,
}

impl Source {
    /// Reads a registry file.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub fn open(path: &Path) -> Result<Self, RegistryError> {
        let unreadable =
            |error: std::io::Error| RegistryError::Unreadable { path: path.to_owned(), kind: error.kind() };
        let length = std::fs::metadata(path).map_err(unreadable)?.len();
        if length > FILE_LIMIT {
            return Err(RegistryError::TooLarge { path: path.to_owned(), bytes: length });
        }
        let bytes = std::fs::read(path).map_err(unreadable)?;
        let text = String::from_utf8(bytes).map_err(|_| RegistryError::NotText { path: path.to_owned() })?;
        Self::parse(path, &text)
    }

    /// Reads a registry from a text; `path` is what findings call it.
    ///
    /// ```
    /// use raxx_vault::registry::Source;
    /// let source = Source::parse("registry.toml".as_ref(), include_str!("../../registry.toml"))?;
    /// assert_eq!(source.registry.vendors.len(), 12);
    /// # Ok::<(), raxx_vault::registry::RegistryError>(())
    /// ```
    ///
    /// # Errors
    /// [`RegistryError::TooDeep`] or [`RegistryError::Invalid`].
    pub fn parse(path: &Path, text: &str) -> Result<Self, RegistryError> {
        // Masked before anything else looks at it: no finding, excerpt or parse error can then show a value.
        let values = secret_text::any_secret(text);
        let text = secret_text::mask(text, &values);
        if nesting(&text) > NESTING_LIMIT {
            return Err(RegistryError::TooDeep { path: path.to_owned() });
        }
        let invalid = |errors: Vec<toml_span::Error>| RegistryError::Invalid {
            path: path.to_owned(),
            text: text.clone(),
            errors: errors.into_iter().map(|error| (error.span, describe(&error))).collect(),
        };
        let mut value = toml_span::parse(&text).map_err(|error| invalid(vec![error]))?;
        let mut registry = Registry::deserialize(&mut value).map_err(|error| invalid(error.errors))?;
        registry.values = values
            .into_iter()
            .map(|secret| (toml_span::Span::new(secret.range.start, secret.range.end), secret.looks_like))
            .collect();
        drop(value);
        Ok(Self { path: path.to_owned(), text, registry })
    }
}

/// The deepest nesting of brackets outside of strings and comments, roughly: enough to refuse an attack on the parser.
fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for line in text.lines() {
        let mut quote = None;
        for byte in line.bytes() {
            match (byte, quote) {
                (b'"' | b'\'', None) => quote = Some(byte),
                (_, Some(open)) if byte == open => quote = None,
                (_, Some(_)) => {}
                (b'#', None) => break,
                (b'[' | b'{', None) => {
                    depth += 1;
                    deepest = deepest.max(depth);
                }
                (b']' | b'}', None) => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
    }
    deepest
}

fn describe(error: &toml_span::Error) -> String {
    match &error.kind {
        toml_span::ErrorKind::UnexpectedKeys { keys, expected } => {
            let keys: Vec<_> = keys.iter().map(|(name, _)| format!("`{name}`")).collect();
            format!("unknown {}; known here: {}", keys.join(", "), expected.join(", "))
        }
        _ => error.to_string(),
    }
}

/// Why there is no registry.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// The file cannot be read.
    #[error("{} cannot be read ({kind}): give the registry's path with --registry", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        kind: std::io::ErrorKind,
    },
    /// The file is far larger than any registry.
    #[error("{} has {bytes} bytes, more than the {FILE_LIMIT} that a registry may have", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        bytes: u64,
    },
    /// The file is not UTF-8.
    #[error("{} is not UTF-8 text", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// Brackets within brackets within brackets.
    #[error("{} nests deeper than {NESTING_LIMIT} levels and was not read", path.display())]
    TooDeep {
        /// The file.
        path: PathBuf,
    },
    /// Not TOML, or not a registry.
    #[error("{} is not a valid registry: {}", path.display(), errors.first().map_or("", |(_, message)| message))]
    Invalid {
        /// The file.
        path: PathBuf,
        /// Its text, masked.
        text: String,
        /// Each mistake and where it is.
        errors: Vec<(toml_span::Span, String)>,
    },
}
