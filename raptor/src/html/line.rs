//! Lines and paragraphs in the making: white space folded as in a browser, line ends told from paragraphs.

use std::rc::Rc;

use shared::rich_text::{Block, Heading, Href, Inline, Link};

use super::conceal::{Concealed, GAP};

/// How a piece of text looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    pub(super) strong: bool,
    pub(super) emphasis: bool,
    pub(super) code: bool,
    pub(super) link: Option<Rc<Href>>,
}

impl Marks {
    fn shared_with(&self, other: &Self) -> Self {
        Self {
            strong: self.strong && other.strong,
            emphasis: self.emphasis && other.emphasis,
            code: self.code && other.code,
            link: self.link.clone().filter(|_| self.link == other.link),
        }
    }
}

enum Piece {
    Text(String, Marks),
    Break,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    Line,
    Paragraph,
}

/// A block, and whether it is part of an older message.
pub(super) struct Made {
    pub(super) block: Block,
    pub(super) quoted: bool,
}

/// Blocks in the making.
pub(super) struct Lines<'a> {
    concealed: &'a Concealed,
    made: Vec<Made>,
    pieces: Vec<Piece>,
    /// What separates the next character from the last.
    gap: Gap,
    /// Spaces that count only when something follows.
    spaces: String,
    /// The last of them may be folded with the next.
    folds: bool,
    /// The current line holds a space that does not fold and nothing else: an empty line, as mail programs write it.
    is_blank: bool,
    at_line_start: bool,
    /// Paragraphs are headings of this level.
    pub(super) heading: Option<u8>,
    /// How many parts of older messages are around.
    pub(super) quoted: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(concealed: &'a Concealed) -> Self {
        Self {
            concealed,
            made: Vec::new(),
            pieces: Vec::new(),
            gap: Gap::None,
            spaces: String::new(),
            folds: false,
            is_blank: false,
            at_line_start: true,
            heading: None,
            quoted: 0,
        }
    }

    /// Adds characters; with `keeps` their line ends and spaces count.
    pub(super) fn text(&mut self, text: &str, marks: &Marks, keeps: bool) {
        for character in text.chars() {
            match character {
                '\n' if keeps => self.line_break(),
                ' ' | '\t' | '\n' | '\r' | '\x0c' if !keeps => {
                    if !self.at_line_start && !self.folds {
                        self.spaces.push(' ');
                        self.folds = true;
                    }
                }
                ' ' | '\t' | '\u{a0}' => {
                    self.spaces.push(if character == '\t' { '\t' } else { ' ' });
                    self.folds = false;
                    self.is_blank |= self.at_line_start && !keeps;
                }
                // Not seen; the last two turn the direction of what follows, so that it reads as something else.
                '\u{ad}' | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{202d}' | '\u{202e}' => {}
                other if other.is_control() => {}
                other => self.character(other, marks),
            }
        }
    }

    fn character(&mut self, character: char, marks: &Marks) {
        match self.gap {
            Gap::None => {}
            Gap::Line if self.pieces.is_empty() => {}
            Gap::Line => self.pieces.push(Piece::Break),
            Gap::Paragraph => self.finish_paragraph(),
        }
        self.gap = Gap::None;
        let spaces = std::mem::take(&mut self.spaces);
        (self.folds, self.is_blank, self.at_line_start) = (false, false, false);
        if !spaces.is_empty() {
            // The space between two looks has what they share, so it is not part of a link that it leads to or away from.
            let between = match self.pieces.last() {
                Some(Piece::Text(_, last)) => last.shared_with(marks),
                _ => marks.clone(),
            };
            self.append(&spaces, &between);
        }
        self.append(character.encode_utf8(&mut [0; 4]), marks);
    }

    fn append(&mut self, text: &str, marks: &Marks) {
        match self.pieces.last_mut() {
            Some(Piece::Text(before, last)) if last == marks => before.push_str(text),
            _ => self.pieces.push(Piece::Text(text.to_owned(), marks.clone())),
        }
    }

    /// A line ends here because somebody ended it; at the beginning of a line that makes an empty one.
    pub(super) fn line_break(&mut self) {
        self.gap = if self.at_line_start { Gap::Paragraph } else { self.gap.max(Gap::Line) };
        self.start_line();
    }

    /// An element ends or begins here that stands on lines of its own.
    pub(super) fn boundary(&mut self) {
        if self.is_blank {
            self.gap = Gap::Paragraph;
        } else if !self.at_line_start {
            self.gap = self.gap.max(Gap::Line);
        }
        self.start_line();
    }

    fn start_line(&mut self) {
        self.spaces.clear();
        (self.folds, self.is_blank, self.at_line_start) = (false, false, true);
    }

    /// Ends the paragraph.
    pub(super) fn end_paragraph(&mut self) {
        self.finish_paragraph();
        self.gap = Gap::None;
        self.start_line();
    }

    fn finish_paragraph(&mut self) {
        let mut pieces = conceal(std::mem::take(&mut self.pieces), self.concealed);
        while matches!(pieces.last(), Some(Piece::Break)) {
            pieces.pop();
        }
        if pieces.is_empty() {
            return;
        }
        self.at_line_start = true;
        let text = inlines(&pieces);
        let block = match self.heading {
            Some(level) => Block::Heading(Heading { level, text }),
            None => Block::Paragraph(text),
        };
        self.push_made(block);
    }

    /// Adds a block after what there is.
    pub(super) fn push(&mut self, block: Block) {
        self.end_paragraph();
        self.push_made(block);
    }

    fn push_made(&mut self, block: Block) {
        self.made.push(Made { block, quoted: self.quoted > 0 });
    }

    pub(super) fn finish(mut self) -> Vec<Made> {
        self.end_paragraph();
        self.made
    }
}

/// Takes concealed words out, also where their letters look different.
fn conceal(pieces: Vec<Piece>, concealed: &Concealed) -> Vec<Piece> {
    let whole: String = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text, _) => text.as_str(),
            Piece::Break => "\n",
        })
        .collect();
    let ranges = concealed.ranges(&whole);
    if ranges.is_empty() {
        return pieces;
    }
    let mut ranges = ranges.into_iter().peekable();
    let mut place = 0;
    let mut out = Vec::new();
    for piece in pieces {
        let Piece::Text(text, marks) = piece else {
            place += 1;
            out.push(Piece::Break);
            continue;
        };
        let mut kept = String::new();
        for (offset, character) in text.char_indices() {
            let here = place + offset;
            // Sorted and apart: what ends before here is done with.
            while ranges.next_if(|(_, end)| *end <= here).is_some() {}
            match ranges.peek() {
                Some((start, _)) if *start == here => kept.push_str(GAP),
                Some((start, _)) if *start < here => {}
                _ => kept.push(character),
            }
        }
        place += text.len();
        if !kept.is_empty() {
            out.push(Piece::Text(kept, marks));
        }
    }
    out
}

/// Nests the marks: links around strong text around emphasised text around code.
fn inlines(pieces: &[Piece]) -> Vec<Inline> {
    let mut out = Vec::new();
    for run in pieces.chunk_by(|left, right| left.link() == right.link()) {
        match run.first().and_then(Piece::link) {
            Some(href) => out.push(Inline::Link(Link { href: href.clone(), text: strong(run) })),
            None => out.extend(strong(run)),
        }
    }
    out
}

fn strong(pieces: &[Piece]) -> Vec<Inline> {
    let mut out = Vec::new();
    for run in pieces.chunk_by(|left, right| left.is(|marks| marks.strong) == right.is(|marks| marks.strong)) {
        match run.first() {
            Some(first) if first.is(|marks| marks.strong) => out.push(Inline::Strong(emphasis(run))),
            _ => out.extend(emphasis(run)),
        }
    }
    out
}

fn emphasis(pieces: &[Piece]) -> Vec<Inline> {
    let mut out = Vec::new();
    for run in pieces.chunk_by(|left, right| left.is(|marks| marks.emphasis) == right.is(|marks| marks.emphasis)) {
        let inner = run.iter().map(|piece| match piece {
            Piece::Text(text, marks) if marks.code => Inline::Code(text.clone()),
            Piece::Text(text, _) => Inline::Text(text.clone()),
            Piece::Break => Inline::Break,
        });
        match run.first() {
            Some(first) if first.is(|marks| marks.emphasis) => out.push(Inline::Emphasis(inner.collect())),
            _ => out.extend(inner),
        }
    }
    out
}

impl Piece {
    fn link(&self) -> Option<&Href> {
        match self {
            Self::Text(_, marks) => marks.link.as_deref(),
            Self::Break => None,
        }
    }

    fn is(&self, mark: impl Fn(&Marks) -> bool) -> bool {
        matches!(self, Self::Text(_, marks) if mark(marks))
    }
}
