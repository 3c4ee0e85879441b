//! What is written: keys in Rust, languages in JSON, the texts of the page itself.

use std::fmt::Write as _;

use super::COUNT;
use super::catalogue::{Arguments, Catalogue, Entry};

pub(super) fn code(catalogue: &Catalogue, arguments: &Arguments, english: &[String], fingerprint: u64) -> String {
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
pub(super) fn files_code(files: &[(String, Vec<String>)], fingerprint: u64) -> String {
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
pub(super) fn last_resort_code(languages: &[(String, Vec<(String, String)>)]) -> String {
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
