//! Light Markdown: what a customer types, as it will look.

use super::{Block, CodeBlock, Href, Inline, Link, ListBlock, RichText};

/// Reads light Markdown: paragraphs, line breaks, `- ` and `1. ` lists, `> ` quotes, fenced code, `**strong**`, `*emphasis*`,
/// `` `code` `` and bare `https://` links. Everything else stays as it was typed; nothing is ever lost.
///
/// The portal shows what it gives while the customer types, and Raptor sends the same.
#[must_use]
pub fn compose(text: &str) -> RichText {
    let lines: Vec<&str> = text.lines().collect();
    let blocks = blocks(&lines, 0);
    // A text that breaks a bound is kept as plain code, which has no structure to bound.
    RichText::new(blocks)
        .or_else(|_| RichText::new(vec![Block::Code(CodeBlock { text: text.to_owned() })]))
        .unwrap_or_default()
}

/// Quotes within quotes deeper than this stay as they were typed.
const MAX_QUOTES: usize = 4;

fn blocks(lines: &[&str], depth: usize) -> Vec<Block> {
    let mut out = Vec::new();
    let mut rest = lines;
    while let Some((first, after)) = rest.split_first() {
        if first.trim().is_empty() {
            rest = after;
        } else if first.starts_with("```") {
            let length = after.iter().position(|line| line.trim_end() == "```").unwrap_or(after.len());
            let (code, tail) = after.split_at(length);
            out.push(Block::Code(CodeBlock { text: code.join("\n") }));
            rest = tail.split_first().map_or(tail, |(_, tail)| tail);
        } else if depth < MAX_QUOTES && quoted(first).is_some() {
            let (inner, tail) = split_while(rest, |line| quoted(line).is_some());
            let inner: Vec<&str> = inner.iter().filter_map(|line| quoted(line)).collect();
            out.push(Block::Quote(blocks(&inner, depth + 1)));
            rest = tail;
        } else if let Some(marker) = Marker::of(first) {
            let (list, tail) = list(rest, marker);
            out.push(list);
            rest = tail;
        } else {
            let (paragraph, tail) = split_while(rest, |line| !starts_block(line, depth));
            let (paragraph, tail) = if paragraph.is_empty() { rest.split_at(1) } else { (paragraph, tail) };
            out.push(Block::Paragraph(lines_of(paragraph)));
            rest = tail;
        }
    }
    out
}

fn split_while<'a, 'b>(lines: &'a [&'b str], keep: impl Fn(&str) -> bool) -> (&'a [&'b str], &'a [&'b str]) {
    lines.split_at(lines.iter().position(|line| !keep(line)).unwrap_or(lines.len()))
}

fn starts_block(line: &str, depth: usize) -> bool {
    line.trim().is_empty()
        || line.starts_with("```")
        || (depth < MAX_QUOTES && quoted(line).is_some())
        || Marker::of(line).is_some()
}

fn quoted(line: &str) -> Option<&str> {
    let rest = line.strip_prefix('>')?;
    Some(rest.strip_prefix(' ').unwrap_or(rest))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Marker {
    Dash,
    Number(u32),
}

impl Marker {
    fn of(line: &str) -> Option<Self> {
        Self::split(line).map(|(marker, _)| marker)
    }

    fn split(line: &str) -> Option<(Self, &str)> {
        if let Some(rest) = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")) {
            return Some((Self::Dash, rest));
        }
        let (number, rest) = line.split_once(". ")?;
        let plain = (1..=4).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| number.parse().ok()).flatten().map(|number| (Self::Number(number), rest))
    }

    fn same_kind(self, other: Self) -> bool {
        matches!(self, Self::Dash) == matches!(other, Self::Dash)
    }
}

fn list<'a, 'b>(lines: &'a [&'b str], marker: Marker) -> (Block, &'a [&'b str]) {
    let mut items: Vec<Vec<&str>> = Vec::new();
    let mut taken = 0;
    for line in lines {
        match Marker::split(line) {
            Some((next, text)) if next.same_kind(marker) => items.push(vec![text]),
            // An indented line goes on with the item above it.
            None if line.starts_with("  ") && !line.trim().is_empty() => match items.last_mut() {
                Some(item) => item.push(line.trim_start()),
                None => break,
            },
            _ => break,
        }
        taken += 1;
    }
    let items = items.into_iter().map(|item| vec![Block::Paragraph(lines_of(&item))]).collect();
    let start = match marker {
        Marker::Dash => None,
        Marker::Number(start) => Some(start),
    };
    (Block::List(ListBlock { start, items }), lines.get(taken..).unwrap_or_default())
}

fn lines_of(lines: &[&str]) -> Vec<Inline> {
    let mut out = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        if place > 0 {
            out.push(Inline::Break);
        }
        inlines(line, &mut out, 0);
    }
    out
}

fn inlines(text: &str, out: &mut Vec<Inline>, depth: usize) {
    let mut plain = String::new();
    let mut rest = text;
    let mut before = None;
    while let Some(character) = rest.chars().next() {
        let word_before = before.is_some_and(char::is_alphanumeric);
        let found = match character {
            '`' => between(rest, "`").map(|(inner, tail)| (Inline::Code(inner.to_owned()), tail)),
            '*' if depth < 2 => between(rest, "**")
                .map(|(inner, tail)| (Inline::Strong(nested(inner, depth)), tail))
                .or_else(|| between(rest, "*").map(|(inner, tail)| (Inline::Emphasis(nested(inner, depth)), tail))),
            'h' if !word_before => link(rest),
            _ => None,
        };
        if let Some((inline, tail)) = found {
            if !plain.is_empty() {
                out.push(Inline::Text(std::mem::take(&mut plain)));
            }
            out.push(inline);
            before = None;
            rest = tail;
        } else {
            plain.push(character);
            before = Some(character);
            rest = rest.get(character.len_utf8()..).unwrap_or_default();
        }
    }
    if !plain.is_empty() {
        out.push(Inline::Text(plain));
    }
}

fn nested(text: &str, depth: usize) -> Vec<Inline> {
    let mut out = Vec::new();
    inlines(text, &mut out, depth + 1);
    out
}

/// What stands between two marks, and what follows. Nothing when it would be empty or begins or ends with a blank: `2 * 3 * 4` is
/// arithmetic.
fn between<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let inner = text.strip_prefix(mark)?;
    let (inner, tail) = inner.split_once(mark)?;
    let whole = !inner.is_empty() && !inner.starts_with([' ', '*']) && !inner.ends_with(' ');
    whole.then_some((inner, tail))
}

fn link(text: &str) -> Option<(Inline, &str)> {
    if !text.starts_with("https://") {
        return None;
    }
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`')).unwrap_or(text.len());
    let (address, _) = text.split_at(end);
    // What ends a sentence does not end an address.
    let address = address.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '\'', '*']);
    let href = Href::parse(address).ok()?;
    let shown = Inline::Text(address.to_owned());
    Some((Inline::Link(Link { href, text: vec![shown] }), text.get(address.len()..).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> String {
        serde_json::to_string(&compose(text)).unwrap()
    }

    #[test]
    fn reads_blocks() {
        assert_eq!(
            json("one\ntwo\n\nthree"),
            r#"[{"paragraph":[{"text":"one"},"break",{"text":"two"}]},{"paragraph":[{"text":"three"}]}]"#
        );
        assert_eq!(
            json("- a\n- b\n  c"),
            r#"[{"list":{"items":[[{"paragraph":[{"text":"a"}]}],[{"paragraph":[{"text":"b"},"break",{"text":"c"}]}]]}}]"#
        );
        assert_eq!(
            json("3. a\n4. b"),
            r#"[{"list":{"start":3,"items":[[{"paragraph":[{"text":"a"}]}],[{"paragraph":[{"text":"b"}]}]]}}]"#
        );
        assert_eq!(
            json("> a\n> > b"),
            r#"[{"quote":[{"paragraph":[{"text":"a"}]},{"quote":[{"paragraph":[{"text":"b"}]}]}]}]"#
        );
        assert_eq!(
            json("```rust\n  let **x**;\n```\nafter"),
            r#"[{"code":{"text":"  let **x**;"}},{"paragraph":[{"text":"after"}]}]"#
        );
        assert_eq!(json("```\nopen"), r#"[{"code":{"text":"open"}}]"#);
    }

    #[test]
    fn reads_inlines() {
        assert_eq!(
            json("**a** *b* `c*d*`"),
            r#"[{"paragraph":[{"strong":[{"text":"a"}]},{"text":" "},{"emphasis":[{"text":"b"}]},{"text":" "},{"code":"c*d*"}]}]"#
        );
        assert_eq!(json("2 * 3 * 4"), r#"[{"paragraph":[{"text":"2 * 3 * 4"}]}]"#);
        assert_eq!(
            json("see https://raxx.app/a?b=1."),
            r#"[{"paragraph":[{"text":"see "},{"link":{"href":"https://raxx.app/a?b=1","text":[{"text":"https://raxx.app/a?b=1"}]}},{"text":"."}]}]"#
        );
        assert_eq!(
            json("javascript:alert(1) http://x"),
            r#"[{"paragraph":[{"text":"javascript:alert(1) http://x"}]}]"#
        );
        assert_eq!(json("<b>&amp;</b>"), r#"[{"paragraph":[{"text":"<b>&amp;</b>"}]}]"#);
    }

    #[test]
    fn nothing_is_lost_and_nothing_breaks() {
        for text in [
            "",
            "   ",
            "*",
            "**",
            "``",
            "> ",
            "- ",
            "1. ",
            "***a***",
            ">>>>>>>>>>>> deep",
            "a\u{1f99d}*b",
            "****",
            "1234567. x",
            "https://",
        ] {
            let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            let plain = letters(&compose(text).plain_text(1000));
            assert!(letters(text).ends_with(&plain) || letters(text) == plain, "{text:?} gave {plain:?}");
        }
        let many = "*a* ".repeat(15_000);
        assert!(compose(&many).plain_text(100_000).starts_with("*a* *a*"));
    }
}
