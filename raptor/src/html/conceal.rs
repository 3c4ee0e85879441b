//! Words that must not be shown, such as the help desk's host and names, taken out of what people and mail programs write.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::fold::Folded;

/// What stands in the place of what is taken out.
pub(super) const GAP: &str = "\u{2026}";

/// Longest address that is taken out as a whole, in bytes, on either side.
const MAX_SIDE: usize = 2_048;

/// Shortest word that counts wherever it stands; shorter ones turn up by chance within others, so they count as whole words alone.
pub(super) const MIN_PART: usize = 8;

/// Words that must not be shown.
#[derive(Clone, Debug, Default)]
pub struct Concealed {
    /// As [`Folded`] writes them.
    words: Vec<String>,
    /// What every base 64 or hexadecimal text contains that holds one of them.
    coded: Vec<String>,
}

impl Concealed {
    /// Hosts and names. They are found in any case of letters, in letters that look the same, with signs between that nobody sees, and
    /// percent-encoded, in base 64 and hexadecimal.
    #[must_use]
    pub fn new<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut concealed = Self::default();
        for word in words.into_iter().map(str::trim).filter(|word| !word.is_empty()) {
            concealed.words.push(Folded::new(word).text);
            if word.len() >= MIN_PART {
                concealed.coded.extend(codes(word));
            }
        }
        concealed.coded.sort_unstable();
        concealed.coded.dedup();
        concealed
    }

    /// No words: for what customers wrote and are shown again.
    #[must_use]
    pub const fn nothing() -> Self {
        Self { words: Vec::new(), coded: Vec::new() }
    }

    /// Whether one of the words occurs.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        let mut text = Cow::Borrowed(text);
        // An address within an address that redirects can be encoded more than once.
        for _ in 0..3 {
            let folded = Folded::new(&text);
            if self.words.iter().any(|word| folded.places(word).next().is_some())
                || self.coded.iter().any(|code| text.contains(code.as_str()))
            {
                return true;
            }
            match unescaped(&text) {
                Some(decoded) => text = Cow::Owned(decoded),
                None => return false,
            }
        }
        false
    }

    /// The ranges of bytes to take out: the word, together with whatever is written on to it without a blank. Sorted, apart.
    pub(super) fn ranges(&self, text: &str) -> Vec<(usize, usize)> {
        if self.words.is_empty() {
            return Vec::new();
        }
        let folded = Folded::new(text);
        let mut ranges: Vec<(usize, usize)> = Vec::new();
        for word in &self.words {
            take_out(text, folded.places(word), &mut ranges);
        }
        for code in &self.coded {
            take_out(
                text,
                text.match_indices(code.as_str()).map(|(start, _)| (start, start + code.len())),
                &mut ranges,
            );
        }
        if text.contains('%') {
            let escaped = tokens(text).filter(|(_, token)| token.contains('%') && self.is_in(token));
            ranges.extend(escaped.map(|(start, token)| (start, start + token.len())));
        }
        ranges.extend(reply_marks(text));
        ranges.sort_unstable();
        let mut apart: Vec<(usize, usize)> = Vec::new();
        for (start, end) in ranges {
            match apart.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => apart.push((start, end)),
            }
        }
        apart
    }

    /// The text without the words.
    #[must_use]
    pub fn clean(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut place = 0;
        for (start, end) in self.ranges(text) {
            out.push_str(text.get(place..start).unwrap_or_default());
            out.push_str(GAP);
            place = end;
        }
        out.push_str(text.get(place..).unwrap_or_default());
        out
    }
}

/// Adds what surrounds each place, and looks at no place twice: a text of nothing but names would take long.
fn take_out(text: &str, places: impl Iterator<Item = (usize, usize)>, ranges: &mut Vec<(usize, usize)>) {
    let mut done = 0;
    for (start, end) in places {
        if end > done {
            let range = (back(text, start), forth(text, end));
            done = range.1.max(end);
            ranges.push(range);
        }
    }
}

/// What stands between blanks and brackets.
fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let parts = text.split(ends_word);
    parts.map(|part| (part.as_ptr() as usize - text.as_ptr() as usize, part))
}

/// The word in base 64, whatever stands around it, and in hexadecimal digits; in the cases that people write names in.
fn codes(word: &str) -> Vec<String> {
    let mut title = word.to_ascii_lowercase();
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let mut codes = Vec::new();
    for spelling in [word.to_owned(), word.to_ascii_lowercase(), word.to_ascii_uppercase(), title] {
        for before in 0..3 {
            let mut bytes = vec![0; before];
            bytes.extend_from_slice(spelling.as_bytes());
            let coded = STANDARD_NO_PAD.encode(&bytes);
            // The first digits mix with what stands before, the last with what follows.
            let start = [0, 2, 3].get(before).copied().unwrap_or_default();
            let end = coded.len() - usize::from(!bytes.len().is_multiple_of(3));
            codes.extend(coded.get(start..end).map(str::to_owned));
        }
        let digits: String = spelling.bytes().map(|byte| format!("{byte:02x}")).collect();
        codes.push(digits.to_ascii_uppercase());
        codes.push(digits);
    }
    codes
}

/// The text with what is percent-encoded decoded, as far as it is; `None` when nothing is.
fn unescaped(text: &str) -> Option<String> {
    let (mut bytes, mut rest, mut any) = (Vec::with_capacity(text.len()), text.as_bytes(), false);
    while let Some((first, after)) = rest.split_first() {
        let digits =
            (*first == b'%').then(|| after.get(..2)).flatten().filter(|two| two.iter().all(u8::is_ascii_hexdigit));
        let byte = digits.and_then(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok());
        any |= byte.is_some();
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    any.then(|| String::from_utf8_lossy(&bytes).into_owned())
}

/// Marks such as `{#AB:bm90IGZvciBwZW9wbGU=#}`, by which mail is matched to conversations; they name their maker.
fn reply_marks(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|rest| rest.find("{#")).map(|start| start + from) {
        let rest = text.as_bytes().get(start..).unwrap_or_default();
        // Never further than a mark is long, or a message of beginnings would be searched to its end for each.
        let near = rest.get(..MAX_MARK.min(rest.len())).unwrap_or_default();
        let length = near.windows(2).position(|end| end == b"#}").map(|length| length + 2);
        if let Some(length) = length.filter(|length| near.iter().take(*length).all(u8::is_ascii_graphic)) {
            found.push((start, start + length));
        }
        from = start + 2;
    }
    found
}

/// Longest mark, in bytes.
const MAX_MARK: usize = 300;

fn ends_word(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '<' | '>' | '(' | ')' | '[' | ']' | '{' | '}' | '"' | '\'' | ',' | ';' | '|')
}

fn back(text: &str, start: usize) -> usize {
    let before = text.get(..start).unwrap_or_default();
    let kept = before.char_indices().rev().take_while(|(place, c)| !ends_word(*c) && start - place <= MAX_SIDE).last();
    kept.map_or(start, |(place, _)| place)
}

fn forth(text: &str, end: usize) -> usize {
    let after = text.get(end..).unwrap_or_default();
    let kept = after.char_indices().take_while(|(place, c)| !ends_word(*c) && *place <= MAX_SIDE).last();
    // A full stop after an address ends the sentence.
    match kept {
        Some((place, '.' | '!' | '?' | ':')) => end + place,
        Some((place, last)) => end + place + last.len_utf8(),
        None => end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_out_whole_addresses() {
        let concealed = Concealed::new(["desk.example", "Acme Desk", ""]);
        for (text, clean) in [
            ("see https://DESK.example/t/3?x=1. Thanks", "see \u{2026}. Thanks"),
            ("(agents.desk.example) and a@desk.example,b", "(\u{2026}) and \u{2026},b"),
            ("made with ACME desk today", "made with \u{2026} today"),
            ("nothing here", "nothing here"),
            ("äöü desk.exampleäöü ß", "äöü \u{2026} ß"),
            ("a {#AB:bm90IGZvciBwZW9wbGU=#} b {# c #}", "a \u{2026} b {# c #}"),
            ("desk.example", "\u{2026}"),
        ] {
            assert_eq!(concealed.clean(text), clean, "{text}");
        }
        assert_eq!(Concealed::nothing().clean("desk.example {#AB:bm90#}"), "desk.example {#AB:bm90#}");
    }

    #[test]
    fn sees_through_encoding() {
        let concealed = Concealed::new(["desk.example"]);
        assert!(concealed.is_in("https://safe.example/?url=https%3A%2F%2Fdesk%2Eexample%2F3"));
        assert!(concealed.is_in("https://safe.example/?url=https%253A%252F%252Fdesk%252Eexample"));
        assert!(concealed.is_in("https://safe.example/?bad=%zz&url=%64esk.example"));
        assert!(!concealed.is_in("https://raxx.app/%zz"));
        assert_eq!(concealed.clean("go to //a.example/?u=desk%2eexample now"), "go to \u{2026} now");
    }

    #[test]
    fn sees_a_name_however_it_is_spelt() {
        let concealed = Concealed::new(["AcmeDesk"]);
        for spelling in [
            "acmedesk",
            "ACMEDESK",
            "Acme\u{200b}Desk",
            "A\u{ad}c\u{2060}m\u{feff}eDesk",
            "A\u{301}cmeDesk",
            "ÁcmeDésk",
            "ＡｃｍｅＤｅｓｋ",
            "𝐀𝐜𝐦𝐞𝔇𝔢𝔰𝔨",
            "ⒶⓒⓜⓔⒹⓔⓢⓚ",
            "Асmе\u{202e}Dеѕk",
            "%41cme%44esk",
            "41636d654465736b",
        ] {
            assert_eq!(concealed.clean(&format!("by {spelling} today")), "by \u{2026} today", "{spelling}");
            assert!(concealed.is_in(spelling), "{spelling}");
        }
        for before in ["", "x", "xy", "xyz"] {
            for name in ["acmedesk", "AcmeDesk", "ACMEDESK"] {
                let coded = STANDARD_NO_PAD.encode(format!("{before}{name} and more"));
                assert_eq!(concealed.clean(&format!("id {coded} end")), "id \u{2026} end", "{coded}");
            }
        }
        assert_eq!(concealed.clean("acme's desk"), "acme's desk");
    }

    #[test]
    fn a_short_name_counts_as_a_word() {
        let concealed = Concealed::new(["acme"]);
        assert_eq!(concealed.clean("acmeist, (ACME) and mail@acme.example"), "acmeist, (\u{2026}) and \u{2026}");
        assert_eq!(concealed.clean("pharmacme"), "pharmacme");
    }

    #[test]
    fn a_text_of_nothing_but_names_takes_no_time() {
        let concealed = Concealed::new(["acmedesk", "desk.example"]);
        for (unit, left) in [("acmedesk", 3), ("acme\u{200b}desk%", 3), ("%61", 600_000)] {
            let text = unit.repeat(200_000);
            let started = std::time::Instant::now();
            assert_eq!(concealed.clean(&text).len(), left, "{unit}");
            assert!(started.elapsed().as_secs() < 20, "{unit}");
        }
    }
}
