//! `wrangler.toml`, `wrangler.jsonc`: variables that everyone may read, and secrets that a deploy requires.

use super::{
    File, Known,
    names::{Use, looks_like_a_secrets_name},
};
use crate::{finding::Finding, rules::Rule};

pub(crate) fn uses(file: &File, known: &Known, findings: &mut Vec<Finding>, notes: &mut Vec<String>) -> Vec<Use> {
    let path = file.path.display();
    let mut settings = Vec::new();
    if file.path.extension().is_some_and(|extension| extension == "toml") {
        match toml_span::parse(&file.text) {
            Ok(value) => toml(&value, &mut Vec::new(), &mut settings),
            Err(_) => notes.push(format!("{path} is not valid TOML and was not understood")),
        }
    } else {
        match serde_json::from_str::<serde_json::Value>(&without_comments(&file.text)) {
            Ok(value) => json(&value, &file.text, &mut Vec::new(), &mut settings),
            Err(_) => notes.push(format!("{path} is not valid JSON and was not understood")),
        }
    }
    let mut uses = Vec::new();
    for Setting { parts, text, offset } in settings {
        let within = |name: &str| parts.iter().rev().nth(1).is_some_and(|part| part == name);
        let last = parts.last().map_or("", String::as_str);
        if within("vars") && (known.is_current(last) || looks_like_a_secrets_name(last)) {
            let message = format!("`{last}` is a plain variable: everyone who may see the Worker reads it");
            let help = "make it a secret: `wrangler secret put`";
            // The whole key: an exception for one environment must not cover another.
            findings.push(Finding::new(Rule::r(53), &parts.join("."), file.place(offset), message, help));
        }
        let required = within("required") && parts.iter().rev().nth(2).is_some_and(|part| part == "secrets");
        let stored = last == "secret_name" && parts.iter().any(|part| part == "secrets_store_secrets");
        if (required || stored) && !text.is_empty() {
            uses.push(Use { name: text, offset });
        }
    }
    uses
}

/// One value and the keys that lead to it; an element of a list has its number as the last key.
struct Setting {
    parts: Vec<String>,
    text: String,
    offset: usize,
}

fn toml(value: &toml_span::Value<'_>, parts: &mut Vec<String>, settings: &mut Vec<Setting>) {
    if let Some(table) = value.as_table() {
        for (key, value) in table {
            parts.push(key.name.to_string());
            toml(value, parts, settings);
            parts.pop();
        }
    } else if let Some(list) = value.as_array() {
        for (index, value) in list.iter().enumerate() {
            parts.push(index.to_string());
            toml(value, parts, settings);
            parts.pop();
        }
    } else {
        let text = value.as_str().unwrap_or_default().to_owned();
        settings.push(Setting { parts: parts.clone(), text, offset: value.span.start });
    }
}

fn json(value: &serde_json::Value, text: &str, parts: &mut Vec<String>, settings: &mut Vec<Setting>) {
    match value {
        serde_json::Value::Object(table) => {
            for (key, value) in table {
                parts.push(key.clone());
                json(value, text, parts, settings);
                parts.pop();
            }
        }
        serde_json::Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                parts.push(index.to_string());
                json(value, text, parts, settings);
                parts.pop();
            }
        }
        other => {
            let value = other.as_str().unwrap_or_default();
            // The reader keeps no places: the first mention is near enough for a person.
            let sought = if value.is_empty() { parts.last().map_or("", String::as_str) } else { value };
            let offset = text.find(sought).unwrap_or(0);
            settings.push(Setting { parts: parts.clone(), text: value.to_owned(), offset });
        }
    }
}

/// JSON out of JSONC: comments become spaces, a comma before a closing bracket goes.
fn without_comments(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    let mut in_string = false;
    while let Some(character) = rest.next() {
        match character {
            '\\' if in_string => {
                plain.push(character);
                plain.extend(rest.next());
            }
            '"' => {
                in_string = !in_string;
                plain.push(character);
            }
            '/' if !in_string && rest.peek() == Some(&'/') => {
                rest.by_ref().find(|next| *next == '\n');
                plain.push('\n');
            }
            '/' if !in_string && rest.peek() == Some(&'*') => {
                let mut last = ' ';
                rest.next();
                for next in rest.by_ref() {
                    if last == '*' && next == '/' {
                        break;
                    }
                    last = next;
                }
                plain.push(' ');
            }
            '}' | ']' if !in_string => {
                let kept = plain.trim_end().trim_end_matches(',').len();
                if plain.trim_end().ends_with(',') {
                    plain.truncate(kept);
                }
                plain.push(character);
            }
            _ => plain.push(character),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::without_comments;

    #[test]
    fn comments_and_last_commas_go_and_strings_stay() {
        let plain = without_comments("{ // a \"b\"\n \"u\": \"https://x/*y*/\", /* c, } */ \"l\": [1, 2,], }");
        let value: serde_json::Value = serde_json::from_str(&plain).unwrap();
        assert_eq!(value["u"], "https://x/*y*/");
        assert_eq!(value["l"][1], 2);
    }
}
