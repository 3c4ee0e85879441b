//! A text as its reader sees it: letters that look the same are the same, and what cannot be seen is not there.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// A text in small Latin letters, with the place of each in the original.
pub(super) struct Folded {
    /// The letters.
    pub(super) text: String,
    /// For each byte of the letters, the place of the character that it comes from; `None` when that is its own.
    origins: Option<Vec<usize>>,
    /// Bytes of the original.
    length: usize,
}

impl Folded {
    pub(super) fn new(original: &str) -> Self {
        let length = original.len();
        if original.is_ascii() {
            return Self { text: original.to_ascii_lowercase(), origins: None, length };
        }
        let (mut text, mut origins) = (String::with_capacity(length), Vec::with_capacity(length));
        for (place, character) in original.char_indices() {
            if character.is_ascii() {
                text.push(character.to_ascii_lowercase());
            } else {
                text.extend(letters(character));
            }
            origins.resize(text.len(), place);
        }
        Self { text, origins: Some(origins), length }
    }

    /// Where a folded word stands in the original, from its first byte to the one after its last.
    pub(super) fn places(&self, word: &str) -> impl Iterator<Item = (usize, usize)> {
        let whole = word.len() < super::conceal::MIN_PART;
        let found = self.text.match_indices(word).map(move |(start, _)| (start, start + word.len()));
        let found = found.filter(move |(start, end)| !whole || (self.is_edge(*start) && self.is_edge(*end)));
        found.map(|(start, end)| (self.origin(start), self.origin(end)))
    }

    /// No letter or digit stands on both sides.
    fn is_edge(&self, place: usize) -> bool {
        let (before, after) = self.text.split_at(place);
        let alphanumeric = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
        !(alphanumeric(before.chars().next_back()) && alphanumeric(after.chars().next()))
    }

    fn origin(&self, place: usize) -> usize {
        match &self.origins {
            None => place,
            Some(origins) => origins.get(place).copied().unwrap_or(self.length),
        }
    }
}

/// What a character looks like: Unicode's own compatible form, without marks above and below.
fn letters(character: char) -> impl Iterator<Item = char> {
    std::iter::once(character).nfkd().filter(|c| !is_unseen(*c)).flat_map(char::to_lowercase).map(latin)
}

/// Characters that take no room, or only change how others are arranged.
fn is_unseen(character: char) -> bool {
    is_combining_mark(character)
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// The Latin letter that a Greek or Cyrillic one looks like, in the usual fonts.
const fn latin(character: char) -> char {
    match character {
        'а' | 'α' => 'a',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' => 'e',
        'ɡ' => 'g',
        'һ' => 'h',
        'і' | 'ι' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'ӏ' => 'l',
        'м' => 'm',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' | 'ս' => 'u',
        'ν' | 'ѵ' => 'v',
        'ԝ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        other => other,
    }
}
