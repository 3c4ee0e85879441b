//! Turns `locales/*.toml` into checked code.
//!
//! English is the source: its keys become the module `i18n::keys`, and its texts are compiled in. Every other language must have the
//! same keys with the same placeholders, and becomes a JSON file that the portal loads when somebody chooses the language. Two
//! pseudo-locales for tests are made from English. What is said when nothing of the app runs is written into the page and kept out of
//! all of this. Any difference between the languages fails the build here.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

type Failure = String;
type Catalogue = BTreeMap<String, Entry>;

/// Plural categories, as Unicode CLDR names them.
const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];
/// Between the forms of a plural text, and between a category and its form.
const UNIT: char = '\u{1f}';
/// The argument that a plural text counts.
const COUNT: &str = "count";

/// A text, as a catalogue has it.
#[derive(Clone)]
enum Entry {
    Plain(String),
    Plural(BTreeMap<String, String>),
}

fn main() -> Result<(), Failure> {
    let folder = PathBuf::from(variable("CARGO_MANIFEST_DIR")?).join("locales");
    let out = PathBuf::from(variable("OUT_DIR")?);
    println!("cargo::rerun-if-changed=build.rs");
    // By the relocations the portal's program is cut into parts after it is linked.
    if variable("CARGO_CFG_TARGET_ARCH")? == "wasm32" {
        println!("cargo::rustc-link-arg-bin=portal=--emit-relocs");
    }
    println!("cargo::rerun-if-changed={}", folder.display());

    let all_english = read(&folder.join("en.toml"))?;
    let arguments = all_english
        .iter()
        .map(|(key, entry)| Ok((key.clone(), entry.arguments(key)?)))
        .collect::<Result<BTreeMap<_, _>, Failure>>()?;
    let (english, last_resort) = without_last_resort(&all_english);
    let mut last_resorts = vec![("en".to_owned(), last_resort)];
    let fingerprint = fingerprint(&english, &arguments);

    let mut files = vec![
        ("en-XA".to_owned(), texts(&english, &arguments, accented)?),
        ("ar-XB".to_owned(), texts(&english, &arguments, mirrored)?),
    ];
    for path in catalogues(&folder)? {
        let tag = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if tag != "en" {
            let catalogue = read(&path)?;
            compare(&tag, &all_english, &catalogue, &arguments)?;
            let (catalogue, last_resort) = without_last_resort(&catalogue);
            last_resorts.push((tag.clone(), last_resort));
            files.push((tag, texts(&catalogue, &arguments, str::to_owned)?));
        }
    }
    let english_texts = texts(&english, &arguments, str::to_owned)?;
    write(&out.join("catalogue.rs"), &code(&english, &arguments, &english_texts, fingerprint))?;
    write(&out.join("last_resort.rs"), &last_resort_code(&last_resorts))?;
    write(&out.join("files.rs"), &files_code(&files, fingerprint))
}

/// Parts the texts of the app from those of the page itself: `last_resort_reload` becomes `reload` there.
fn without_last_resort(catalogue: &Catalogue) -> (Catalogue, Vec<(String, String)>) {
    let (mut app, mut page) = (Catalogue::new(), Vec::new());
    for (key, entry) in catalogue {
        match (key.strip_prefix("last_resort_"), entry) {
            (Some(name), Entry::Plain(text)) => page.push((name.to_owned(), text.clone())),
            _ => {
                app.insert(key.clone(), entry.clone());
            }
        }
    }
    (app, page)
}

fn variable(name: &str) -> Result<String, Failure> {
    env::var(name).map_err(|error| format!("{name}: {error}"))
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

fn catalogues(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = fs::read_dir(folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Result<Catalogue, Failure> {
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
    fn arguments(&self, key: &str) -> Result<BTreeSet<String>, Failure> {
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
fn compare(
    tag: &str,
    english: &Catalogue,
    other: &Catalogue,
    arguments: &BTreeMap<String, BTreeSet<String>>,
) -> Result<(), Failure> {
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

/// The texts in the order of the keys, placeholders by number, the literal parts changed by `change`.
fn texts(
    catalogue: &Catalogue,
    arguments: &BTreeMap<String, BTreeSet<String>>,
    change: fn(&str) -> String,
) -> Result<Vec<String>, Failure> {
    let mut all = Vec::new();
    for (key, entry) in catalogue {
        let names: Vec<&String> = arguments.get(key).into_iter().flatten().collect();
        let numbered = |text: &str| {
            names
                .iter()
                .enumerate()
                .fold(change(text), |text, (index, name)| text.replace(&format!("{{{name}}}"), &format!("{{{index}}}")))
        };
        all.push(match entry {
            Entry::Plain(text) => numbered(text),
            Entry::Plural(forms) => {
                let form = |(category, text): (&String, &String)| format!("{category}{UNIT}{}", numbered(text));
                forms.iter().map(form).collect::<Vec<_>>().join(&UNIT.to_string())
            }
        });
    }
    Ok(all)
}

/// Longer by a third, accented and in brackets: what is not translated or does not fit shows.
fn accented(text: &str) -> String {
    let length = text.chars().count();
    let padding = "·".repeat(length.div_ceil(3));
    format!("⟦{}{padding}⟧", outside_placeholders(text, accent))
}

fn accent(letter: char) -> char {
    const PLAIN: &str = "aceinosuyzACEINOSUYZ";
    const ACCENTED: &str = "áçéíñóšúýžÁÇÉÍÑÓŠÚÝŽ";
    PLAIN.find(letter).and_then(|index| ACCENTED.chars().nth(index)).unwrap_or(letter)
}

fn outside_placeholders(text: &str, change: fn(char) -> char) -> String {
    let mut inside = false;
    let mut step = |letter: char| {
        inside = letter == '{' || inside && letter != '}';
        if inside { letter } else { change(letter) }
    };
    text.chars().map(&mut step).collect()
}

/// English that runs from right to left.
fn mirrored(text: &str) -> String {
    format!("\u{202e}{text}\u{202c}")
}

/// Two catalogues with the same fingerprint have the same keys, in the same order, with the same placeholders (FNV-1a, 64 bits).
fn fingerprint(catalogue: &Catalogue, arguments: &BTreeMap<String, BTreeSet<String>>) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for (key, entry) in catalogue {
        let names = arguments.get(key).into_iter().flatten().cloned().collect::<Vec<_>>().join(",");
        let kind = if matches!(entry, Entry::Plural(_)) { '#' } else { '=' };
        for byte in format!("{key}{kind}{names};").bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

fn code(
    catalogue: &Catalogue,
    arguments: &BTreeMap<String, BTreeSet<String>>,
    english: &[String],
    fingerprint: u64,
) -> String {
    let mut code = format!(
        "/// Names this set of keys: a language file with another one belongs to another version of the portal.\n\
         #[cfg(any(target_arch = \"wasm32\", test))]\n\
         pub(super) const FINGERPRINT: &str = \"{fingerprint:016x}\";\n\
         /// How many texts there are.\n\
         #[cfg(all(test, not(target_arch = \"wasm32\")))]\n\
         pub(super) const COUNT: usize = {};\n\
         /// One constant per text without arguments, one struct per text with arguments. Made from `locales/en.toml`.\n\
         #[allow(non_camel_case_types, non_upper_case_globals, reason = \"keys are spelled as in the catalogue\")]\n\
         pub mod keys {{\nuse super::{{Argument, Count, Key, Message, Text}};\n",
        english.len()
    );
    for (index, (key, entry)) in catalogue.iter().enumerate() {
        let names: Vec<&String> = arguments.get(key).into_iter().flatten().collect();
        let value = format!("Key(&Text {{ index: {index}, english: {:?} }})", english[index]);
        let text = match entry {
            Entry::Plain(text) => text,
            Entry::Plural(forms) => &forms["other"],
        };
        let _ = writeln!(code, "#[doc = {text:?}]");
        if names.is_empty() {
            let _ = writeln!(code, "pub const {key}: Key = {value};");
            continue;
        }
        let plural = matches!(entry, Entry::Plural(_));
        let _ = writeln!(code, "#[derive(Clone, Debug)] pub struct {key} {{");
        for name in &names {
            let kind = if plural && *name == COUNT { "Count" } else { "Argument" };
            let _ = writeln!(code, "/// Stands for `{{{name}}}`.\npub {name}: {kind},");
        }
        let argument = |name: &&String| match plural && *name == COUNT {
            true => format!("self.{name}.into()"),
            false => format!("self.{name}"),
        };
        let values = names.iter().map(argument).collect::<Vec<_>>().join(", ");
        let counted = names.iter().position(|name| plural && *name == COUNT);
        let _ = writeln!(
            code,
            "}}\nimpl {key} {{ /// The text, in whatever language.\n\
             #[must_use] pub fn message(self) -> Message {{ Message::new({value}, vec![{values}], {counted:?}) }} }}"
        );
    }
    code.push_str("}\n");
    code
}

/// The files for the languages that are not compiled in: a JSON array of the fingerprint and the texts.
fn files_code(files: &[(String, Vec<String>)], fingerprint: u64) -> String {
    let mut code = String::from("&[\n");
    for (tag, texts) in files {
        let mut json = format!("[\"{fingerprint:016x}\"");
        for text in texts {
            let _ = write!(json, ",\n\"{}\"", json_escaped(text));
        }
        json.push_str("]\n");
        let _ = writeln!(code, "({tag:?}, {json:?}),");
    }
    code.push(']');
    code
}

/// The texts of the page itself, by language and name.
fn last_resort_code(languages: &[(String, Vec<(String, String)>)]) -> String {
    let all = languages.iter().map(|(tag, texts)| format!("({tag:?}, &{texts:?}),\n"));
    format!("&[\n{}]", all.collect::<String>())
}

fn json_escaped(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            control if u32::from(control) < 0x20 => {
                let _ = write!(escaped, "\\u{:04x}", u32::from(control));
            }
            other => escaped.push(other),
        }
    }
    escaped
}
