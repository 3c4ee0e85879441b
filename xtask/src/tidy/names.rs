//! The help desk's names do not occur in anything that a customer can get hold of, in no spelling.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::{File, Finding};

/// Names, in lower case.
const NAMES: [&str; 3] = ["freescout", "tickets.raxx.app", "free scout"];

/// Folders and files whose text must not have them.
const CUSTOMER_SIDE: [&str; 5] = ["support-spa", "edge-worker", "shared", "wrangler.toml", "tests/edge"];

const MESSAGE: &str = "names the help desk, which customers must never learn; say `help desk`";

pub(super) fn check(file: &File) -> Vec<Finding> {
    if !file.is_below(&CUSTOMER_SIDE) {
        return Vec::new();
    }
    let lines = file.text.lines().enumerate();
    lines.filter(|(_, line)| names_it(line.as_bytes())).map(|(index, _)| Finding::new(index + 1, MESSAGE)).collect()
}

/// The same for a file that is not text.
pub(super) fn in_bytes(bytes: &[u8]) -> Vec<Finding> {
    if names_it(bytes) { vec![Finding::new(0, MESSAGE)] } else { Vec::new() }
}

/// Whether a name occurs: plainly in any case, percent-encoded in whole or in part, as UTF-16, or in base64.
pub(crate) fn names_it(bytes: &[u8]) -> bool {
    let plain = bytes.to_ascii_lowercase();
    let decoded = percent_decoded(bytes).to_ascii_lowercase();
    let narrow: Vec<u8> = plain.iter().copied().filter(|byte| *byte != 0).collect();
    NAMES.iter().any(|name| {
        contains(&plain, name.as_bytes()) || contains(&decoded, name.as_bytes()) || contains(&narrow, name.as_bytes())
    }) || base64_forms().iter().any(|form| contains(bytes, form.as_bytes()))
}

/// What every base64 text contains that holds a name in one of its usual cases: the digits that do not depend on the neighbours.
fn base64_forms() -> Vec<String> {
    let mut forms = Vec::new();
    for name in NAMES {
        let mut title = name.to_owned();
        title[..1].make_ascii_uppercase();
        let cased = [name.to_owned(), name.to_ascii_uppercase(), title, "FreeScout".to_owned()];
        for spelling in cased {
            for before in 0..3 {
                let mut text = vec![0; before];
                text.extend_from_slice(spelling.as_bytes());
                let encoded = STANDARD_NO_PAD.encode(&text);
                // The first digits mix with what stands before, the last with what follows.
                let start = [0, 2, 3][before];
                let end = encoded.len() - usize::from(!text.len().is_multiple_of(3));
                forms.push(encoded[start..end].to_owned());
            }
        }
    }
    forms
}

fn percent_decoded(bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        let digits = if *first == b'%' { after.get(..2).and_then(|two| std::str::from_utf8(two).ok()) } else { None };
        if let Some(byte) = digits.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            decoded.push(byte);
            rest = &after[2..];
        } else {
            decoded.push(*first);
            rest = after;
        }
    }
    decoded
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::STANDARD;

    #[test]
    fn finds_every_spelling() {
        for text in [
            "see FreeScout",
            "FREESCOUT_KEY",
            "https://tickets.raxx.app/x",
            "free%53cout",
            "%66%72%65%65%73%63%6f%75%74",
        ] {
            assert!(names_it(text.as_bytes()), "{text}");
        }
        for before in ["", "a", "ab", "abc"] {
            for name in ["freescout", "FreeScout", "FREESCOUT"] {
                let encoded = STANDARD.encode(format!("{before}{name} and more"));
                assert!(names_it(encoded.as_bytes()), "{before}{name}: {encoded}");
            }
        }
        let wide: Vec<u8> = "freescout".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(names_it(&wide));
    }

    #[test]
    fn leaves_other_words_alone() {
        for text in [
            "a free scout's camp".replace("free scout", "free-scout"),
            "help desk".into(),
            "100% free".into(),
            "%zz".into(),
        ] {
            assert!(!names_it(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn only_the_customers_side_is_bound() {
        let text = "FREESCOUT_BASE_URL";
        assert_eq!(check(&File { path: "raptor/src/config.rs", text }), []);
        assert_eq!(check(&File { path: "shared/src/lib.rs", text }).len(), 1);
        assert_eq!(check(&File { path: "wrangler.toml", text }).len(), 1);
    }
}
