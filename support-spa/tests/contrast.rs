//! WCAG 2.2 contrast, computed from `style/tokens.css`: 4.5:1 for text (1.4.3), 3:1 for glyphs, borders of controls and large text
//! (1.4.11). Every ink is measured on every ground, whether a rule of today puts the one on the other or not, and a rule that uses a token
//! as ink or as ground which is not measured fails.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

const TOKENS: &str = include_str!("../style/tokens.css");

/// What is written with.
const INKS: &[&str] =
    &["text", "text-soft", "text-faint", "accent", "received", "working", "waiting", "resolved", "danger"];

/// What is written on.
const GROUNDS: &[&str] = &[
    "ground",
    "surface",
    "raised",
    "sunken",
    "hover",
    "selected",
    "yours",
    "accent-soft",
    "waiting-soft",
    "danger-soft",
    "info-soft",
];

/// What is written on one ground only.
const PAIRS: &[(&str, &[&str])] =
    &[("accent-ink", &["accent", "accent-hover"]), ("danger-ink", &["danger"]), ("text", &["selection"])];

/// What fills a bar, a dot or a line, and has nothing written on it.
const FILLS: &[&str] = &["track", "line", "waiting", "working"];

/// What is seen on every ground without being read: borders of controls, the focus, the outline of Bandz.
const MARKS: &[&str] = &["line-strong", "focus", "bandz-edge"];

/// What is seen on something else.
const GLYPHS: &[(&str, &[&str])] = &[
    ("accent", &["track"]),
    ("received", &["track"]),
    ("working", &["track"]),
    ("waiting", &["track"]),
    ("resolved", &["track"]),
    ("bandz-mask", &["bandz-white", "bandz-light"]),
    ("bandz-on-cloth", &["bandz-cloth"]),
    ("bandz-paw", &["bandz-light"]),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Theme {
    Light,
    Dark,
}

#[test]
fn text_can_be_read() {
    check(INKS.iter().map(|ink| (*ink, GROUNDS)).chain(PAIRS.iter().copied()), 4.5);
}

#[test]
fn glyphs_and_borders_can_be_seen() {
    check(MARKS.iter().map(|mark| (*mark, GROUNDS)).chain(GLYPHS.iter().copied()), 3.0);
}

#[test]
fn knows_the_extremes() {
    let (white, black) = (luminance("ffffff"), luminance("000000"));
    assert!((contrast(white, black) - 21.0).abs() < 1e-9);
    assert!((contrast(luminance("767676"), white) - 4.54).abs() < 0.01);
}

/// A colour outside the tokens would not be measured.
#[test]
fn no_other_file_has_a_colour_of_its_own() {
    for (path, property, value) in declarations() {
        let raw = ["#", "rgb(", "rgba(", "hsl(", "oklch(", "white", "black"].iter().any(|word| {
            value
                .split(|letter: char| !(letter.is_alphanumeric() || "#(-".contains(letter)))
                .any(|part| part.starts_with(word))
        });
        assert!(!raw, "{path}: {property}: {value}");
    }
}

/// A token that a rule writes with or on would not be measured if it were in none of the lists.
#[test]
fn every_token_that_rules_write_with_or_on_is_measured() {
    let known = tokens(Theme::Light, false);
    let in_pairs = |find: fn(&(&'static str, &'static [&'static str])) -> Vec<&'static str>| {
        PAIRS.iter().flat_map(find).collect::<Vec<_>>()
    };
    let inks = [INKS, in_pairs(|(ink, _)| vec![*ink]).as_slice()].concat();
    let grounds = [GROUNDS, FILLS, in_pairs(|(_, grounds)| grounds.to_vec()).as_slice()].concat();
    let mut seen = 0;
    for (path, property, value) in declarations() {
        let measured: &[&str] = match property.as_str() {
            // What a rule keeps for its children, such as a status, they write with.
            "color" => &inks,
            name if name.starts_with("--") => &inks,
            name if name.starts_with("background") => &grounds,
            name if name.starts_with("outline") => MARKS,
            _ => continue,
        };
        let used = value.split("var(--").skip(1).filter_map(|rest| rest.split([')', ',']).next());
        for token in used.filter(|token| known.contains_key(token)) {
            assert!(measured.contains(&token), "{path}: {property}: {value}");
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen} uses of a token were found");
}

/// The declarations of every file but that of the tokens: the file, the property, the value.
fn declarations() -> Vec<(String, String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("style");
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap() == "tokens.css" {
            continue;
        }
        let css = without_comments(&std::fs::read_to_string(&path).unwrap());
        // What ends with a brace that opens is a selector.
        for declaration in css.split_inclusive([';', '{', '}']).filter(|piece| !piece.ends_with('{')) {
            let Some((property, value)) = declaration.split_once(':') else { continue };
            all.push((path.display().to_string(), property.trim().to_owned(), value.trim().to_owned()));
        }
    }
    all
}

fn without_comments(css: &str) -> String {
    let mut pieces = css.split("/*");
    let before = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(before, |all, piece| all + piece.split_once("*/").expect("a comment has an end").1)
}

fn check(pairs: impl Iterator<Item = (&'static str, &'static [&'static str])> + Clone, least: f64) {
    let mut low = Vec::new();
    for (more, label) in [(false, "as usual"), (true, "more contrast")] {
        for theme in [Theme::Light, Theme::Dark] {
            let tokens = tokens(theme, more);
            let of = |name: &str| luminance(tokens.get(name).unwrap_or_else(|| panic!("no token --{name}")));
            for (front, grounds) in pairs.clone() {
                for ground in grounds {
                    let found = contrast(of(front), of(ground));
                    if found < least {
                        low.push(format!("{theme:?}, {label}: --{front} on --{ground} has {found:.2}, needs {least}"));
                    }
                }
            }
        }
    }
    assert!(low.is_empty(), "{}", low.join("\n"));
}

/// The solid colours of a theme by name. `more` adds what `prefers-contrast: more` changes.
fn tokens(theme: Theme, more: bool) -> BTreeMap<&'static str, &'static str> {
    let (usual, strong) = TOKENS.split_once("@media (prefers-contrast: more)").unwrap();
    let strong = strong.split_once("@media").unwrap().0;
    let mut tokens = BTreeMap::new();
    for part in if more { vec![usual, strong] } else { vec![usual] } {
        for line in part.lines() {
            let Some((name, value)) = line.trim().strip_prefix("--").and_then(|line| line.split_once(": light-dark(#"))
            else {
                continue;
            };
            let (light, dark) = value.trim_end_matches(");").split_once(", #").unwrap();
            let colour = if theme == Theme::Light { light } else { dark };
            // Translucent ones lie over something else and carry no text.
            if colour.len() == 6 {
                tokens.insert(name, colour);
            }
        }
    }
    assert!(tokens.len() > 30);
    tokens
}

/// Relative luminance, WCAG 2.2.
fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}

fn contrast(one: f64, other: f64) -> f64 {
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}
