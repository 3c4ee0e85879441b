//! Fits blocks into the contract's bounds.

use shared::rich_text::{
    Block, CodeBlock, Heading, ImageBlock, Inline, Link, ListBlock, MAX_BYTES, MAX_NODES, RichText,
};

/// The blocks as a text, and whether something had to be left out. The beginning is kept: what is left out is what comes after the bound
/// is reached, and a string that reaches it is cut between two characters.
pub(super) fn fit(blocks: Vec<Block>) -> (RichText, bool) {
    if let Ok(whole) = RichText::new(blocks.clone()) {
        return (whole, false);
    }
    let mut room = Room { nodes: MAX_NODES, bytes: MAX_BYTES };
    let kept = room.blocks(blocks);
    (RichText::new(kept).unwrap_or_default(), true)
}

struct Room {
    nodes: usize,
    bytes: usize,
}

impl Room {
    /// Takes room for a node; `false` when there is none.
    fn node(&mut self) -> bool {
        let has_room = self.nodes > 0 && self.bytes > 0;
        self.nodes = self.nodes.saturating_sub(1);
        has_room
    }

    fn text(&mut self, mut text: String) -> String {
        if text.len() > self.bytes {
            let mut end = self.bytes;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            text.truncate(end);
            self.bytes = 0;
        } else {
            self.bytes -= text.len();
        }
        text
    }

    fn blocks(&mut self, blocks: Vec<Block>) -> Vec<Block> {
        let mut kept = Vec::new();
        for block in blocks {
            if !self.node() {
                break;
            }
            kept.push(match block {
                Block::Paragraph(text) => Block::Paragraph(self.inlines(text)),
                Block::Heading(heading) => {
                    Block::Heading(Heading { level: heading.level, text: self.inlines(heading.text) })
                }
                Block::List(list) => Block::List(ListBlock { start: list.start, items: self.items(list.items) }),
                Block::Quote(inner) => Block::Quote(self.blocks(inner)),
                Block::Code(code) => Block::Code(CodeBlock { text: self.text(code.text) }),
                Block::Rule => Block::Rule,
                Block::Image(image) => Block::Image(ImageBlock { alt: self.text(image.alt), ..image }),
            });
        }
        kept
    }

    fn items(&mut self, items: Vec<Vec<Block>>) -> Vec<Vec<Block>> {
        let mut kept = Vec::new();
        for item in items {
            if !self.node() {
                break;
            }
            kept.push(self.blocks(item));
        }
        kept
    }

    fn inlines(&mut self, inlines: Vec<Inline>) -> Vec<Inline> {
        let mut kept = Vec::new();
        for inline in inlines {
            if !self.node() {
                break;
            }
            kept.push(match inline {
                Inline::Text(text) => Inline::Text(self.text(text)),
                Inline::Code(text) => Inline::Code(self.text(text)),
                Inline::Strong(inner) => Inline::Strong(self.inlines(inner)),
                Inline::Emphasis(inner) => Inline::Emphasis(self.inlines(inner)),
                Inline::Link(link) => {
                    // Half an address is another address.
                    let Some(bytes) = self.bytes.checked_sub(link.href.as_str().len()) else { break };
                    self.bytes = bytes;
                    Inline::Link(Link { href: link.href, text: self.inlines(link.text) })
                }
                Inline::Break => Inline::Break,
            });
        }
        kept
    }
}
