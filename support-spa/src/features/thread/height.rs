//! How high a message will be, before it is laid out.
//!
//! A long thread lays out what is near the window alone. For the rest, the browser takes a guess; the nearer that is, the less the page's
//! height changes under whoever scrolls. Rather too high than too low: what is in a box that is too low reaches into the next one, for
//! all who ask where it is.

use shared::endpoints::tickets::Message;
use shared::rich_text::{Block, Inline};

use crate::browser::root;

/// How wide a text can become, in pixels.
const WIDEST: i32 = 590;
/// What stands beside a text in a narrow window, in pixels: its picture, and the room around.
const BESIDE: i32 = 120;
/// How wide a character is, in pixels, where many of them are wide.
const CHARACTER: i32 = 8;

/// Heights, in sixteenths of a `rem`.
const LINE: usize = 25;
const BETWEEN: usize = 12;
const IMAGE: usize = 240;
const AROUND: usize = 112;
const FILE: usize = 60;

/// A guess of a message's height in this window, as a value of `contain-intrinsic-block-size`.
pub(super) fn guess(message: &Message) -> String {
    let window = root().map_or(WIDEST, |root| root.client_width());
    ["auto ", &rem(message, window).to_string(), "rem"].concat()
}

/// The height in `rem` in a window of so many pixels.
fn rem(message: &Message, window: i32) -> usize {
    let characters = ((window - BESIDE).clamp(CHARACTER, WIDEST) / CHARACTER) as usize;
    let quote = if message.quoted.is_empty() { 0 } else { LINE + BETWEEN };
    let text = blocks(message.body.blocks(), characters);
    (AROUND + text + quote + message.attachments.len() * FILE).div_ceil(16)
}

/// The height of blocks in a line of so many characters.
fn blocks(all: &[Block], characters: usize) -> usize {
    all.iter().map(|one| block(one, characters) + BETWEEN).sum()
}

fn block(block: &Block, characters: usize) -> usize {
    let text = |all: &[Inline]| {
        let (mut length, mut breaks) = (0, 1);
        measure(all, &mut length, &mut breaks);
        (length / characters + breaks) * LINE
    };
    match block {
        Block::Paragraph(inlines) => text(inlines),
        Block::Heading(heading) => text(&heading.text),
        Block::List(list) => list.items.iter().map(|item| blocks(item, characters)).sum(),
        Block::Quote(inner) => blocks(inner, characters),
        Block::Code(code) => (code.text.split('\n').count() + 2) * LINE,
        Block::Rule => LINE,
        Block::Image(_) => IMAGE,
    }
}

fn measure(all: &[Inline], length: &mut usize, breaks: &mut usize) {
    for inline in all {
        match inline {
            Inline::Text(text) | Inline::Code(text) => *length += text.len(),
            Inline::Strong(inner) | Inline::Emphasis(inner) => measure(inner, length, breaks),
            Inline::Link(link) => measure(&link.text, length, breaks),
            Inline::Break => *breaks += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Block, Inline, blocks};

    fn paragraph(length: usize) -> Block {
        Block::Paragraph(vec![Inline::Text("a".repeat(length))])
    }

    #[test]
    fn a_narrow_line_holds_less() {
        assert!(blocks(&[paragraph(300)], 30) > 2 * blocks(&[paragraph(300)], 70));
    }

    #[test]
    fn what_stands_in_something_else_counts() {
        let strong = Block::Paragraph(vec![Inline::Strong(vec![Inline::Text("a".repeat(300))]), Inline::Break]);
        assert!(blocks(&[strong], 30) > blocks(&[paragraph(300)], 30));
        assert!(blocks(&[Block::Quote(vec![paragraph(300), paragraph(1)])], 30) > blocks(&[paragraph(300)], 30));
    }

    #[test]
    fn nothing_takes_no_room() {
        assert_eq!(blocks(&[], 30), 0);
    }
}
