//! Turns `locales/*.toml` into checked code.
//!
//! English is the source: its keys become the module `i18n::keys`, and its texts are compiled in. Every other language must have the
//! same keys with the same placeholders, and becomes a JSON file that the portal loads when somebody chooses the language. Two
//! pseudo-locales for tests are made from English. What is said when nothing of the app runs is written into the page and kept out of
//! all of this. Any difference between the languages fails the build here.

mod catalogue;
mod code;

use std::path::{Path, PathBuf};
use std::{env, fs};

use catalogue::{Arguments, Catalogue, Entry, catalogues, compare, read};
use code::{code, files_code, last_resort_code};

type Failure = String;

/// Between the forms of a plural text, and between a category and its form.
const UNIT: char = '\u{1f}';
/// The argument that a plural text counts.
const COUNT: &str = "count";

fn main() -> Result<(), Failure> {
    let folder = PathBuf::from(variable("CARGO_MANIFEST_DIR")?).join("locales");
    let out = PathBuf::from(variable("OUT_DIR")?);
    println!("cargo::rerun-if-changed=build");
    // By the relocations the portal's program is cut into parts after it is linked.
    if variable("CARGO_CFG_TARGET_ARCH")? == "wasm32" {
        println!("cargo::rustc-link-arg-bin=portal=--emit-relocs");
    }
    println!("cargo::rerun-if-changed={}", folder.display());

    let all_english = read(&folder.join("en.toml"))?;
    let arguments = all_english
        .iter()
        .map(|(key, entry)| Ok((key.clone(), entry.arguments(key)?)))
        .collect::<Result<Arguments, Failure>>()?;
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

/// The texts in the order of the keys, placeholders by number, the literal parts changed by `change`.
fn texts(catalogue: &Catalogue, arguments: &Arguments, change: fn(&str) -> String) -> Result<Vec<String>, Failure> {
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
fn fingerprint(catalogue: &Catalogue, arguments: &Arguments) -> u64 {
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
