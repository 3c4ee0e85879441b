//! Words that must not be shown, such as the help desk's host, taken out of what people write.

use std::borrow::Cow;

/// What stands in the place of what is taken out.
pub(super) const GAP: &str = "\u{2026}";

/// Longest address that is taken out as a whole, in bytes, on either side.
const MAX_SIDE: usize = 2_048;

pub(super) struct Concealed {
    words: Vec<String>,
}

impl Concealed {
    pub(super) fn new(words: &[String]) -> Self {
        let words = words.iter().map(|word| word.trim().to_ascii_lowercase()).filter(|word| !word.is_empty());
        Self { words: words.collect() }
    }

    /// Whether one of the words occurs, also percent-encoded, as in an address that redirects.
    pub(super) fn is_in(&self, text: &str) -> bool {
        let mut text = Cow::Borrowed(text);
        for _ in 0..3 {
            let lower = text.to_ascii_lowercase();
            if self.words.iter().any(|word| lower.contains(word.as_str())) {
                return true;
            }
            match shared::percent_decode(&text, false) {
                Some(decoded) if decoded != text => text = Cow::Owned(decoded),
                _ => return false,
            }
        }
        false
    }

    /// The ranges of bytes to take out: the word, together with whatever is written on to it without a blank. Sorted, apart.
    pub(super) fn ranges(&self, text: &str) -> Vec<(usize, usize)> {
        // ASCII alone, so that places stay the same.
        let lower = text.to_ascii_lowercase();
        let mut ranges: Vec<(usize, usize)> = Vec::new();
        for word in &self.words {
            let mut from = 0;
            while let Some(found) = lower.get(from..).and_then(|rest| rest.find(word.as_str())) {
                let (start, end) = (from + found, from + found + word.len());
                let range = (back(text, start), forth(text, end));
                from = range.1.max(end);
                ranges.push(range);
            }
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
    pub(super) fn clean(&self, text: &str) -> String {
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
        let concealed = Concealed::new(&["desk.example".into(), "Acme Desk".into(), "".into()]);
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
        assert_eq!(Concealed::new(&[]).clean("desk.example"), "desk.example");
    }

    #[test]
    fn sees_through_encoding() {
        let concealed = Concealed::new(&["desk.example".into()]);
        assert!(concealed.is_in("https://safe.example/?url=https%3A%2F%2Fdesk%2Eexample%2F3"));
        assert!(concealed.is_in("https://safe.example/?url=https%253A%252F%252Fdesk%252Eexample"));
        assert!(!concealed.is_in("https://raxx.app/%zz"));
    }
}
