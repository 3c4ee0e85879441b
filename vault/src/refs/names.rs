//! Finds the names of secrets in code and documents.

use std::ops::Range;

use super::{Known, files::File};

/// A secret's name, used somewhere.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Use {
    pub(crate) name: String,
    pub(crate) offset: usize,
}

/// What the names of secrets end in.
const SECRET_ENDINGS: [&str; 12] = [
    "_TOKEN",
    "_TOKENS",
    "_SECRET",
    "_SECRETS",
    "_KEY",
    "_KEYS",
    "_PASSWORD",
    "_PAT",
    "_CREDENTIAL",
    "_CREDENTIALS",
    "_PRIVATE_KEY_PEM",
    "_ACCESS_KEY_ID",
];

/// Every word of capital letters, digits and underscores with at least one underscore inside.
pub(crate) fn words(text: &str) -> impl Iterator<Item = (&str, Range<usize>)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let start = at;
            while at < bytes.len() && (bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_') {
                at += 1;
            }
            if at == start {
                at += 1;
                continue;
            }
            let word = &text[start..at];
            let upper = word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
            if upper && word.contains('_') && word.starts_with(|first: char| first.is_ascii_uppercase()) {
                return Some((word, start..at));
            }
        }
        None
    })
}

/// Whether a word has the look of a secret's name.
pub(crate) fn looks_like_a_secrets_name(word: &str) -> bool {
    SECRET_ENDINGS.iter().any(|ending| word.ends_with(ending)) && !word.ends_with("PUBLIC_KEY")
}

/// Names in code: registered ones wherever they stand, others where they are read, quoted or set.
pub(crate) fn in_code(file: &File, known: &Known) -> Vec<Use> {
    collect(file, known, &['"', '\''])
}

/// Names in documents, where a name is also set in backquotes.
pub(crate) fn in_document(file: &File, known: &Known) -> Vec<Use> {
    collect(file, known, &['"', '\'', '`'])
}

fn collect(file: &File, known: &Known, quotes: &[char]) -> Vec<Use> {
    let text = file.text.as_str();
    // In these languages `${X}` puts a constant of the program into a text; elsewhere it reads the environment.
    let extension = file.path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let dollar = !matches!(extension, "rs" | "py" | "ts" | "tsx" | "js" | "mjs" | "cjs");
    words(text)
        .filter(|(word, range)| {
            known.is_current(word)
                || (looks_like_a_secrets_name(word) && is_mentioned_as_a_name(text, range, quotes, dollar))
        })
        .map(|(word, range)| Use { name: word.to_owned(), offset: range.start })
        .collect()
}

/// Whether a word stands alone in quotes, follows what reads an environment, or is set at the start of a line. A constant of
/// a program, `STORAGE_KEY` say, is none of that.
fn is_mentioned_as_a_name(text: &str, range: &Range<usize>, quotes: &[char], dollar: bool) -> bool {
    let (before, after) = (&text[..range.start], &text[range.end..]);
    let quoted = quotes.iter().any(|quote| before.ends_with(*quote) && after.starts_with(*quote));
    let read = ["process.env.", "secrets.", "env.", "os.environ."].iter().any(|way| before.ends_with(way))
        || (dollar && (before.ends_with('$') || before.ends_with("${")));
    let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
    let alone = matches!(line.trim(), "" | "export" | "-" | "ENV" | "ARG");
    let set = alone && (after.starts_with('=') || after.starts_with(": $"));
    quoted || read || set
}

/// Whether what follows a name gives it a value that looks like a secret: `= "…"`, `: …`, `", "…"`.
pub(crate) fn is_assigned_a_value(after: &str) -> bool {
    let line = after.lines().next().unwrap_or_default();
    let rest = line.trim_start_matches(['"', '\'', '`', ' ']);
    let Some(rest) = rest.strip_prefix(['=', ':', ',']) else { return false };
    let rest = rest.trim_start_matches([' ', '"', '\'', '`', '>', '=', '(']);
    let value = &rest[..rest.bytes().take_while(|byte| is_value_byte(*byte)).count()];
    let count = |wanted: fn(&u8) -> bool| value.as_bytes().iter().filter(|byte| wanted(byte)).count();
    let mixed =
        count(u8::is_ascii_digit) >= 3 && count(u8::is_ascii_uppercase) >= 3 && count(u8::is_ascii_lowercase) >= 3;
    crate::secret_text::looks_random(value) || (value.len() >= 24 && mixed)
}

fn is_value_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'/' | b'=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_whole_and_in_capitals() {
        let found: Vec<&str> = words("A_B xA_C A_Dx `E_F_2` _G_H 9_I K__L é_M N_O").map(|(word, _)| word).collect();
        assert_eq!(found, ["A_B", "E_F_2", "K__L", "N_O"]);
    }

    #[test]
    fn a_name_is_told_from_a_constant() {
        let mentioned = |text: &str| {
            words(text).any(|(word, range)| {
                looks_like_a_secrets_name(word) && is_mentioned_as_a_name(text, &range, &['"', '\''], true)
            })
        };
        for text in [
            "env.secret(\"X_TOKEN\")",
            "os.environ['X_TOKEN']",
            "process.env.X_TOKEN",
            "curl -H \"$X_TOKEN\"",
            "X_TOKEN=abc",
            "  X_TOKEN: ${{ inputs.a }}",
            "export X_SECRET=1",
        ] {
            assert!(mentioned(text), "{text}");
        }
        for text in
            ["const STORAGE_KEY: &str = \"a\";", "if X_TOKEN == y", "MAX_TOKENS", "X_PUBLIC_KEY=1", "\"see X_TOKEN\""]
        {
            assert!(!mentioned(text), "{text}");
        }
    }

    #[test]
    fn a_value_is_told_from_code() {
        for text in [
            "=q7Zt2Kx9Lm5Vb8Nw3Pc6Rd1Sf0GjHy4",
            " = \"q7Zt2Kx9Lm5Vb8Nw3Pc6Rd1S\"",
            "\": \"3f786850e387550fdab836ed7e6dc881de23001b\"",
        ] {
            assert!(is_assigned_a_value(text), "{text}");
        }
        for text in [
            "",
            "=",
            "=${{ secrets.X_TOKEN }}",
            " = std::env::var(name)?",
            ": \"raxx-api-prod:EDGE_SERVICE_TOKEN\"",
            "=<32 random bytes>",
        ] {
            assert!(!is_assigned_a_value(text), "{text}");
        }
    }
}
