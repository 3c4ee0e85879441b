//! WCAG 2.2 contrast of every pair of tokens in use, computed from `style/tokens.css`: 4.5:1 for text (1.4.3), 3:1 for glyphs, borders
//! of controls and large text (1.4.11).
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

const TOKENS: &str = include_str!("../style/tokens.css");

/// Whose contrast is measured, on which grounds.
const TEXT: &[(&str, &[&str])] = &[
    (
        "text",
        &[
            "ground",
            "surface",
            "raised",
            "sunken",
            "hover",
            "selected",
            "yours",
            "waiting-soft",
            "danger-soft",
            "info-soft",
            "accent-soft",
        ],
    ),
    (
        "text-soft",
        &[
            "ground",
            "surface",
            "raised",
            "sunken",
            "hover",
            "selected",
            "yours",
            "waiting-soft",
            "danger-soft",
            "info-soft",
        ],
    ),
    ("text-faint", &["ground", "surface", "raised", "sunken", "hover", "selected", "yours", "waiting-soft"]),
    (
        "accent",
        &[
            "ground",
            "surface",
            "raised",
            "hover",
            "selected",
            "yours",
            "accent-soft",
            "sunken",
            "info-soft",
            "waiting-soft",
        ],
    ),
    ("accent-ink", &["accent", "accent-hover"]),
    ("received", &["ground", "surface", "raised", "hover", "selected"]),
    ("working", &["ground", "surface", "raised", "hover", "selected"]),
    ("waiting", &["ground", "surface", "raised", "hover", "selected", "waiting-soft"]),
    ("resolved", &["ground", "surface", "raised", "hover", "selected"]),
    ("danger", &["ground", "surface", "raised", "hover", "selected", "danger-soft", "yours"]),
    ("danger-ink", &["danger"]),
    ("text", &["selection"]),
];

const GLYPHS: &[(&str, &[&str])] = &[
    ("line-strong", &["ground", "surface", "raised"]),
    ("focus", &["ground", "surface", "raised", "hover", "selected", "yours", "danger-soft"]),
    ("accent", &["ground", "surface", "raised", "track"]),
    ("waiting", &["track"]),
    ("bandz-mask", &["bandz-white", "bandz-light"]),
    ("bandz-on-cloth", &["bandz-cloth"]),
    ("bandz-edge", &["ground", "surface", "raised"]),
    ("bandz-paw", &["bandz-light"]),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Theme {
    Light,
    Dark,
}

#[test]
fn text_can_be_read() {
    check(TEXT, 4.5);
}

#[test]
fn glyphs_and_borders_can_be_seen() {
    check(GLYPHS, 3.0);
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
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("style");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap() == "tokens.css" {
            continue;
        }
        let css = without_comments(&std::fs::read_to_string(&path).unwrap());
        // What ends with a brace that opens is a selector.
        for declaration in css.split_inclusive([';', '{', '}']).filter(|piece| !piece.ends_with('{')) {
            let value = declaration.split_once(':').map_or("", |(_, value)| value);
            let raw = ["#", "rgb(", "rgba(", "hsl(", "oklch(", "white", "black"].iter().any(|word| {
                value
                    .split(|letter: char| !(letter.is_alphanumeric() || "#(-".contains(letter)))
                    .any(|part| part.starts_with(word))
            });
            assert!(!raw, "{}: {declaration}", path.display());
        }
    }
}

fn without_comments(css: &str) -> String {
    let mut pieces = css.split("/*");
    let before = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(before, |all, piece| all + piece.split_once("*/").expect("a comment has an end").1)
}

fn check(pairs: &[(&str, &[&str])], least: f64) {
    let mut low = Vec::new();
    for (more, label) in [(false, "as usual"), (true, "more contrast")] {
        for theme in [Theme::Light, Theme::Dark] {
            let tokens = tokens(theme, more);
            let of = |name: &str| luminance(tokens.get(name).unwrap_or_else(|| panic!("no token --{name}")));
            for (front, grounds) in pairs {
                for ground in *grounds {
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
