//! The catalogues as they stand in `locales/`, and what must be the same in all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::{COUNT, Failure, UNIT};

pub(super) type Catalogue = BTreeMap<String, Entry>;
/// The names of the placeholders of each text.
pub(super) type Arguments = BTreeMap<String, BTreeSet<String>>;

/// Plural categories, as Unicode CLDR names them.
const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];
/// A text, as a catalogue has it.
#[derive(Clone)]
pub(super) enum Entry {
    Plain(String),
    Plural(BTreeMap<String, String>),
}

pub(super) fn catalogues(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = fs::read_dir(folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    Ok(paths)
}

pub(super) fn read(path: &Path) -> Result<Catalogue, Failure> {
    let text = fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let table: toml::Table = text.parse().map_err(|error| format!("{}: {error}", path.display()))?;
    let mut catalogue = Catalogue::new();
    flatten("", &table, &mut catalogue).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(catalogue)
}

/// `[sign_in] title = "…"` becomes `sign_in_title`. A table of plural categories is one text.
fn flatten(prefix: &str, table: &toml::Table, into: &mut Catalogue) -> Result<(), Failure> {
    for (name, value) in table {
        let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}_{name}") };
        if !key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_') {
            return Err(format!("`{key}` is not in snake_case"));
        }
        let entry = match value {
            toml::Value::String(text) => Entry::Plain(text.clone()),
            toml::Value::Table(forms) if forms.contains_key("other") => Entry::Plural(plural(&key, forms)?),
            toml::Value::Table(section) => {
                flatten(&key, section, into)?;
                continue;
            }
            _ => return Err(format!("`{key}` is neither a text nor a table")),
        };
        if into.insert(key.clone(), entry).is_some() {
            return Err(format!("`{key}` is there twice"));
        }
    }
    Ok(())
}

fn plural(key: &str, forms: &toml::Table) -> Result<BTreeMap<String, String>, Failure> {
    if !forms.contains_key("one") {
        return Err(format!("`{key}` lacks the form `one`"));
    }
    let form = |(category, value): (&String, &toml::Value)| match value.as_str() {
        Some(text) if CATEGORIES.contains(&category.as_str()) => Ok((category.clone(), text.to_owned())),
        _ => Err(format!("`{key}.{category}` is not a plural form")),
    };
    forms.iter().map(form).collect()
}

impl Entry {
    /// The names of the placeholders, sorted; of a plural text, of the form `other`.
    pub(super) fn arguments(&self, key: &str) -> Result<BTreeSet<String>, Failure> {
        match self {
            Self::Plain(text) => placeholders(key, text),
            Self::Plural(forms) => {
                let found = placeholders(key, forms.get("other").map_or("", String::as_str))?;
                if found.contains(COUNT) { Ok(found) } else { Err(format!("`{key}` is plural without {{{COUNT}}}")) }
            }
        }
    }
}

fn placeholders(key: &str, text: &str) -> Result<BTreeSet<String>, Failure> {
    if text.is_empty() || text.contains(UNIT) {
        return Err(format!("`{key}` is empty, or has a control character"));
    }
    let mut names = BTreeSet::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').ok_or_else(|| format!("`{key}` has an open brace"))?;
        if before.contains('}') || name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
            return Err(format!("`{key}` has a placeholder that is not in snake_case"));
        }
        names.insert(name.to_owned());
        rest = behind;
    }
    if rest.contains('}') { Err(format!("`{key}` has a stray brace")) } else { Ok(names) }
}

/// A language must say all that English says, with the same placeholders. A plural form may leave the number out ("one message").
pub(super) fn compare(tag: &str, english: &Catalogue, other: &Catalogue, arguments: &Arguments) -> Result<(), Failure> {
    let mut faults = Vec::new();
    faults.extend(english.keys().filter(|key| !other.contains_key(*key)).map(|key| format!("lacks `{key}`")));
    faults.extend(other.keys().filter(|key| !english.contains_key(*key)).map(|key| format!("has an extra `{key}`")));
    for (key, entry) in other {
        let (Some(source), Some(expected)) = (english.get(key), arguments.get(key)) else { continue };
        let forms: Vec<(&str, &str)> = match (source, entry) {
            (Entry::Plain(_), Entry::Plain(text)) => vec![("", text)],
            (Entry::Plural(_), Entry::Plural(forms)) => {
                forms.iter().map(|(category, text)| (category.as_str(), text.as_str())).collect()
            }
            _ => {
                faults.push(format!("`{key}` is plural in one language only"));
                continue;
            }
        };
        for (category, text) in forms {
            let mut found = placeholders(key, text).map_err(|error| format!("{tag}.toml: {error}"))?;
            if !category.is_empty() && category != "other" {
                found.insert(COUNT.to_owned());
            }
            if &found != expected {
                faults.push(format!("`{key}` has the placeholders {found:?} instead of {expected:?}"));
            }
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(format!("{tag}.toml differs from en.toml: {}", faults.join("; "))) }
}
