//! Text with a little structure: a tree of blocks and inlines, bounded in depth and size. No HTML crosses the contract.

mod compose;
mod href;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::{Deserialize as DeriveDeserialize, Serialize};

pub use compose::compose;
pub use href::Href;

use crate::id::AttachmentId;
use crate::problem::{FieldCode, Violation};

/// How deep blocks and inlines may be nested in each other.
pub const MAX_DEPTH: usize = 12;
/// How many blocks and inlines a text may have in all.
pub const MAX_NODES: usize = 20_000;
/// How many bytes of characters a text may have in all.
pub const MAX_BYTES: usize = 512 * 1024;

/// A text, within [`MAX_DEPTH`], [`MAX_NODES`] and [`MAX_BYTES`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct RichText(Vec<Block>);

/// A block of text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DeriveDeserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A heading.
    Heading(Heading),
    /// A list.
    List(ListBlock),
    /// Something quoted.
    Quote(Vec<Block>),
    /// Code or anything else whose spacing matters.
    Code(CodeBlock),
    /// A line across.
    Rule,
    /// An image, one of the message's attachments.
    Image(ImageBlock),
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DeriveDeserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Heading {
    /// 1, 2 or 3; 1 is the largest within a message.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 3)))]
    pub level: u8,
    /// Its text.
    pub text: Vec<Inline>,
}

/// A list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DeriveDeserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ListBlock {
    /// The number of the first item; absent when items are not numbered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<u32>,
    /// The items, each a text of its own.
    pub items: Vec<Vec<Block>>,
}

/// Code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DeriveDeserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CodeBlock {
    /// Its lines, as they are.
    pub text: String,
}

/// An image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DeriveDeserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImageBlock {
    /// Which of the message's attachments.
    pub attachment_id: AttachmentId,
    /// What it shows, in words; may be empty.
    pub alt: String,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DeriveDeserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Inline {
    /// Characters.
    Text(String),
    /// Strong.
    Strong(Vec<Inline>),
    /// Emphasised.
    Emphasis(Vec<Inline>),
    /// Code.
    Code(String),
    /// A link, to https or mailto only.
    Link(Link),
    /// A new line within the paragraph.
    Break,
}

/// A link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DeriveDeserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Link {
    /// Where it leads.
    pub href: Href,
    /// What is shown.
    pub text: Vec<Inline>,
}

impl RichText {
    /// Checks the bounds and keeps the blocks.
    ///
    /// # Errors
    /// [`FieldCode::TooLong`] when there are too many characters or nodes, [`FieldCode::Malformed`] when they are nested too deeply
    /// or a heading's level is not 1, 2 or 3.
    pub fn new(blocks: Vec<Block>) -> Result<Self, Violation> {
        Budget { nodes: MAX_NODES, bytes: MAX_BYTES }.blocks(&blocks, 0)?;
        Ok(Self(blocks))
    }

    /// The blocks.
    #[must_use]
    pub fn blocks(&self) -> &[Block] {
        &self.0
    }

    /// The blocks, owned.
    #[must_use]
    pub fn into_blocks(self) -> Vec<Block> {
        self.0
    }

    /// There is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The characters alone, on one line, at most `max` of them: for a list's preview or a search.
    #[must_use]
    pub fn plain_text(&self, max: usize) -> String {
        let mut plain = Plain { text: String::new(), left: max, space: false };
        plain.blocks(&self.0);
        plain.text
    }
}

impl<'de> Deserialize<'de> for RichText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(Vec::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// What is left of a text's bounds.
struct Budget {
    nodes: usize,
    bytes: usize,
}

impl Budget {
    fn node(&mut self, depth: usize) -> Result<(), Violation> {
        if depth >= MAX_DEPTH {
            return Err(FieldCode::Malformed.because("the text is nested too deeply"));
        }
        self.nodes = self.nodes.checked_sub(1).ok_or(FieldCode::TooLong.because("the text has too many parts"))?;
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Violation> {
        self.bytes = self.bytes.checked_sub(text.len()).ok_or(FieldCode::TooLong.at_most(MAX_BYTES))?;
        Ok(())
    }

    fn blocks(&mut self, blocks: &[Block], depth: usize) -> Result<(), Violation> {
        for block in blocks {
            self.node(depth)?;
            match block {
                Block::Paragraph(text) => self.inlines(text, depth + 1)?,
                Block::Heading(heading) => {
                    if !(1..=3).contains(&heading.level) {
                        return Err(FieldCode::Malformed.because("a heading's level is 1, 2 or 3"));
                    }
                    self.inlines(&heading.text, depth + 1)?;
                }
                Block::List(list) => {
                    for item in &list.items {
                        self.node(depth)?;
                        self.blocks(item, depth + 1)?;
                    }
                }
                Block::Quote(inner) => self.blocks(inner, depth + 1)?,
                Block::Code(code) => self.text(&code.text)?,
                Block::Rule => {}
                Block::Image(image) => self.text(&image.alt)?,
            }
        }
        Ok(())
    }

    fn inlines(&mut self, inlines: &[Inline], depth: usize) -> Result<(), Violation> {
        for inline in inlines {
            self.node(depth)?;
            match inline {
                Inline::Text(text) | Inline::Code(text) => self.text(text)?,
                Inline::Strong(inner) | Inline::Emphasis(inner) => self.inlines(inner, depth + 1)?,
                Inline::Link(link) => {
                    self.text(link.href.as_str())?;
                    self.inlines(&link.text, depth + 1)?;
                }
                Inline::Break => {}
            }
        }
        Ok(())
    }
}

/// Collects characters, folding white space.
struct Plain {
    text: String,
    left: usize,
    space: bool,
}

impl Plain {
    fn push(&mut self, text: &str) {
        for character in text.chars() {
            if character.is_whitespace() || character.is_control() {
                self.space = true;
                continue;
            }
            if self.space && !self.text.is_empty() {
                if self.left < 2 {
                    self.left = 0;
                    return;
                }
                self.text.push(' ');
                self.left -= 1;
            }
            self.space = false;
            if self.left == 0 {
                return;
            }
            self.text.push(character);
            self.left -= 1;
        }
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            if self.left == 0 {
                return;
            }
            self.space = true;
            match block {
                Block::Paragraph(text) => self.inlines(text),
                Block::Heading(heading) => self.inlines(&heading.text),
                Block::List(list) => list.items.iter().for_each(|item| self.blocks(item)),
                Block::Quote(inner) => self.blocks(inner),
                Block::Code(code) => self.push(&code.text),
                Block::Rule => {}
                Block::Image(image) => self.push(&image.alt),
            }
        }
    }

    fn inlines(&mut self, inlines: &[Inline]) {
        for inline in inlines {
            match inline {
                Inline::Text(text) | Inline::Code(text) => self.push(text),
                Inline::Strong(inner) | Inline::Emphasis(inner) => self.inlines(inner),
                Inline::Link(link) => self.inlines(&link.text),
                Inline::Break => self.space = true,
            }
        }
    }
}

#[cfg(test)]
mod tests;
