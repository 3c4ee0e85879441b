//! Older messages that a mail program put below the new one.

use shared::rich_text::{Block, Inline};

use super::line::Made;
use super::tree::Element;

/// How far the older messages reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// As far as the element.
    Element,
    /// To the end of the message.
    Rest,
}

/// Whether an element is where a mail program puts older messages.
pub(super) fn of(element: &Element) -> Option<Reach> {
    let id = element.attribute("id").unwrap_or_default();
    let class = element.attribute("class").unwrap_or_default();
    let classes = || class.split_whitespace();
    let is_cited = element.name() == "blockquote" && element.attribute("type").is_some_and(|kind| kind == "cite");
    if REST_IDS.iter().any(|known| id.ends_with(known)) || classes().any(|class| class.starts_with("fsReplyAbove")) {
        Some(Reach::Rest)
    } else if is_cited
        || ELEMENT_IDS.iter().any(|known| id.ends_with(known))
        || classes().any(|class| CLASSES.contains(&class))
    {
        Some(Reach::Element)
    } else {
        None
    }
}

/// Outlook on the web and its relatives; some of them prefix the ids of what they quote.
const REST_IDS: [&str; 4] = ["divRplyFwdMsg", "appendonsend", "OLK_SRC_BODY_SECTION", "fsReplyAbove"];
const ELEMENT_IDS: [&str; 3] =
    ["mail-editor-reference-message-container", "ms-outlook-mobile-reference-message", "yahoo_quoted"];
const CLASSES: [&str; 10] = [
    "gmail_quote",
    "gmail_quote_container",
    "gmail_attr",
    "yahoo_quoted",
    "moz-cite-prefix",
    "protonmail_quote",
    "tutanota_quote",
    "zmail_extra",
    "OutlookMessageHeader",
    "ms-outlook-mobile-reference-message",
];

/// Takes the older messages at the end away from the message. What somebody quoted and then answered below stays where it is, as a
/// quote. A message that is nothing but older ones, such as a forwarded one, stays whole.
pub(super) fn split(made: Vec<Made>) -> (Vec<Block>, Vec<Block>) {
    let mut own_end = made.iter().rposition(|made| !made.quoted).map_or(0, |last| last + 1);
    let mut quoted: Vec<Block> = Vec::new();
    let mut blocks: Vec<Made> = made;
    quoted.extend(blocks.split_off(own_end).into_iter().map(|made| made.block));

    // Headers or a line of dashes: all that follows is older.
    if let Some(start) = blocks.iter().position(|made| !made.quoted && begins_history(&made.block)) {
        let (own, older) = match blocks.get(start).map(|made| &made.block) {
            Some(Block::Paragraph(text)) => split_paragraph(text, |lines, line| is_separator(&lines[line..])),
            _ => (None, None),
        };
        let mut tail = blocks.split_off(start).into_iter().map(|made| made.block);
        let first = tail.next();
        let older: Vec<Block> = older.or(first).into_iter().chain(tail).collect();
        quoted.splice(0..0, older);
        blocks.extend(own.map(|block| Made { block, quoted: false }));
    }
    own_end = blocks.len();

    // A quote, or lines with `>`, at the very end.
    if quoted.is_empty() {
        match blocks.last().map(|made| &made.block) {
            Some(Block::Quote(_)) if own_end > 1 && ends_with_attribution(blocks.get(own_end - 2)) => {
                quoted.extend(blocks.pop().map(|made| made.block));
            }
            Some(Block::Paragraph(_)) => take_marked_lines(&mut blocks, &mut quoted),
            _ => {}
        }
    }
    if !quoted.is_empty() {
        take_attribution(&mut blocks, &mut quoted);
    }
    let body = gather(blocks);
    if body.is_empty() { (quoted, Vec::new()) } else { (body, quoted) }
}

/// Quotes what is older and stands in the middle.
fn gather(made: Vec<Made>) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    let mut older: Vec<Block> = Vec::new();
    for Made { block, quoted } in made {
        match block {
            block if !quoted => {
                flush(&mut out, &mut older);
                out.push(block);
            }
            Block::Quote(inner) => {
                flush(&mut out, &mut older);
                out.push(Block::Quote(inner));
            }
            block => older.push(block),
        }
    }
    flush(&mut out, &mut older);
    out
}

fn flush(out: &mut Vec<Block>, older: &mut Vec<Block>) {
    if !older.is_empty() {
        out.push(Block::Quote(std::mem::take(older)));
    }
}

/// The lines of a paragraph as plain text.
fn lines(text: &[Inline]) -> Vec<String> {
    text.split(|inline| matches!(inline, Inline::Break)).map(plain).collect()
}

fn plain(inlines: &[Inline]) -> String {
    let mut out = String::new();
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            Inline::Strong(inner) | Inline::Emphasis(inner) => out.push_str(&plain(inner)),
            Inline::Link(link) => out.push_str(&plain(&link.text)),
            Inline::Break => out.push('\n'),
        }
    }
    out
}

fn begins_history(block: &Block) -> bool {
    match block {
        Block::Paragraph(text) => {
            let lines = lines(text);
            (0..lines.len()).any(|line| is_separator(&lines[line..]))
        }
        _ => false,
    }
}

/// A line of dashes with words in it, or the headers of a message.
fn is_separator(lines: &[String]) -> bool {
    let Some(first) = lines.first().map(|line| line.trim()) else { return false };
    let words = first.trim_matches('-').trim();
    if first.starts_with("----")
        && first.ends_with("----")
        && ORIGINAL.iter().any(|known| words.eq_ignore_ascii_case(known))
    {
        return true;
    }
    let is_rule = first.len() >= 20 && first.bytes().all(|byte| byte == b'_');
    let headers = if is_rule { lines.get(1..).unwrap_or_default() } else { lines };
    let starts = |line: &String, labels: &[&str]| labels.iter().any(|label| line.trim_start().starts_with(label));
    headers.first().is_some_and(|line| starts(line, &FROM))
        && headers.iter().take(8).skip(1).any(|line| starts(line, &SUBJECT))
}

/// Splits a paragraph before the first line that fits.
fn split_paragraph(text: &[Inline], fits: impl Fn(&[String], usize) -> bool) -> (Option<Block>, Option<Block>) {
    let lines = lines(text);
    let Some(line) = (0..lines.len()).find(|line| fits(&lines, *line)) else {
        return (Some(Block::Paragraph(text.to_vec())), None);
    };
    split_at(text, line)
}

fn split_at(text: &[Inline], line: usize) -> (Option<Block>, Option<Block>) {
    let join = |lines: &[&[Inline]]| {
        let joined = lines.join(&Inline::Break);
        (!joined.is_empty()).then_some(Block::Paragraph(joined))
    };
    let parts: Vec<&[Inline]> = text.split(|inline| matches!(inline, Inline::Break)).collect();
    let (before, after) = parts.split_at(line.min(parts.len()));
    (join(before), join(after))
}

/// Takes the paragraphs at the end whose lines begin with `>`.
fn take_marked_lines(blocks: &mut Vec<Made>, quoted: &mut Vec<Block>) {
    let mut taken = Vec::new();
    while let Some(Made { block: Block::Paragraph(text), .. }) = blocks.last() {
        let lines = lines(text);
        let unmarked = lines.iter().rposition(|line| !line.trim_start().starts_with('>')).map_or(0, |last| last + 1);
        if unmarked == lines.len() {
            break;
        }
        let (own, older) = split_at(text, unmarked);
        blocks.pop();
        taken.extend(older);
        if let Some(own) = own {
            blocks.push(Made { block: own, quoted: false });
            break;
        }
    }
    taken.reverse();
    quoted.splice(0..0, taken);
}

/// Takes the "On Monday, Maya wrote:" above what was taken, and a line across.
fn take_attribution(blocks: &mut Vec<Made>, quoted: &mut Vec<Block>) {
    if matches!(blocks.last(), Some(Made { block: Block::Rule, .. })) {
        quoted.splice(0..0, blocks.pop().map(|made| made.block));
    }
    if !ends_with_attribution(blocks.last()) {
        return;
    }
    if let Some(Made { block: Block::Paragraph(text), .. }) = blocks.pop() {
        let lines = lines(&text);
        let (own, attribution) = split_at(&text, lines.len() - attribution_lines(&lines));
        quoted.splice(0..0, attribution);
        blocks.extend(own.map(|block| Made { block, quoted: false }));
    }
}

fn ends_with_attribution(made: Option<&Made>) -> bool {
    matches!(made, Some(Made { block: Block::Paragraph(text), .. }) if attribution_lines(&lines(text)) > 0)
}

/// How many lines at the end are an attribution: 0, 1, or 2 when a long one was broken.
fn attribution_lines(lines: &[String]) -> usize {
    let Some(last) = lines.last().map(|line| line.trim().to_lowercase()) else { return 0 };
    let says_so = last.len() <= 400 && last.ends_with([':', '：']) && WROTE.iter().any(|verb| last.contains(verb));
    let is_rest = last.split_whitespace().count() <= 3 && lines.len() > 1;
    match says_so {
        false => 0,
        true if is_rest && lines.iter().rev().nth(1).is_some_and(|line| line.contains('@') || line.contains(',')) => 2,
        true => 1,
    }
}

const WROTE: [&str; 16] = [
    "wrote",
    "schrieb",
    "a écrit",
    "escribió",
    "ha scritto",
    "schreef",
    "escreveu",
    "skrev",
    "napisał",
    "написал",
    "写道",
    "kirjoitti",
    "írta",
    "napsal",
    "yazdı",
    "έγραψε",
];
const ORIGINAL: [&str; 12] = [
    "Original Message",
    "Original message",
    "Forwarded message",
    "Ursprüngliche Nachricht",
    "Weitergeleitete Nachricht",
    "Message d'origine",
    "Message original",
    "Mensaje original",
    "Messaggio originale",
    "Oorspronkelijk bericht",
    "Mensagem original",
    "Oprindelig meddelelse",
];
const FROM: [&str; 12] =
    ["From:", "Von:", "De :", "De:", "Da:", "Van:", "Från:", "Fra:", "Od:", "От:", "发件人", "差出人"];
const SUBJECT: [&str; 12] = [
    "Subject:",
    "Betreff:",
    "Objet",
    "Asunto:",
    "Oggetto:",
    "Onderwerp:",
    "Ämne:",
    "Emne:",
    "Temat:",
    "Тема:",
    "主题",
    "件名",
];
