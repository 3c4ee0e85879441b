//! From the HTML of e-mails and agents to the block tree of the contract, and back for what Raptor sends.
//!
//! No HTML crosses the contract. What comes from the help desk is raw and may be hostile. It is cut into tags and text exactly as the
//! standard says, by html5ever's tokenizer, so nothing is text to us that would be a tag to a browser. The tree above is our own and
//! simpler than a browser's: what comes out is text and a little structure, never markup, so how an overlap is resolved decides about
//! looks and not about safety. The standard's own tree builder repairs overlaps by copying elements, and a hostile message of some
//! kilobytes can make it copy for hours.

mod conceal;
mod flow;
mod fold;
mod history;
mod limit;
mod line;
mod link;
mod source;
mod style;
mod table;
mod tree;
mod write;

use shared::AttachmentId;
use shared::rich_text::RichText;

pub use conceal::Concealed;
pub use write::to_html;

use source::Source;
use tree::Tree;

/// What the reader needs to know about its surroundings.
pub struct Context<'a> {
    /// Hosts and names that must not be shown, such as the help desk's own. Links that lead there lose their target; in a text the word
    /// or the address that contains one becomes `…`.
    pub concealed: &'a Concealed,
    /// Which of the message's attachments an image's `src` is; `None` when it is none of them, and then its description remains.
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

/// Reads a message, HTML or plain text. Never fails and never panics, whatever comes; takes time in proportion to its length.
#[must_use]
pub fn read(text: &str, context: &Context<'_>) -> Reading {
    let source = Source::new(text);
    let tree = Tree::parse(&source.html);
    let blocks = flow::blocks(&tree, source.keeps_lines, context.concealed, context.image);
    let (body, quoted) = history::split(blocks);
    let (body, body_cut) = limit::fit(body);
    let (quoted, quoted_cut) = limit::fit(quoted);
    Reading { body, quoted, truncated: source.truncated || tree.truncated || body_cut || quoted_cut }
}

/// The `src` of every image, decoded, in order.
#[must_use]
pub fn image_sources(text: &str) -> Vec<String> {
    let tree = Tree::parse(&Source::new(text).html);
    tree.elements("img").filter_map(|image| image.attribute("src")).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
