//! From the tree to blocks.

use std::rc::Rc;

use shared::AttachmentId;
use shared::rich_text::{Block, CodeBlock, ImageBlock, ListBlock};

use super::conceal::Concealed;
use super::history;
use super::line::{Lines, Made, Marks};
use super::link::{self, Target};
use super::tree::{Element, Node, Tree};
use super::{style, table};

/// Quotes and lists within each other deeper than this become plain paragraphs. The contract allows
/// [`shared::rich_text::MAX_DEPTH`], of which a line needs up to five.
const MAX_NESTING: usize = 6;
/// Longest description of an image, in characters.
const MAX_ALT: usize = 300;

/// All blocks of a message.
pub(super) fn blocks(
    tree: &Tree,
    keeps_lines: bool,
    concealed: &Concealed,
    image: &dyn Fn(&str) -> Option<AttachmentId>,
) -> Vec<Made> {
    let flow = Flow { tree, concealed, image };
    let mut lines = Lines::new(concealed);
    flow.children(tree.root(), &State { keeps: keeps_lines, ..State::default() }, &mut lines);
    lines.finish()
}

pub(super) struct Flow<'a> {
    pub(super) tree: &'a Tree,
    concealed: &'a Concealed,
    image: &'a dyn Fn(&str) -> Option<AttachmentId>,
}

/// What surrounds a node.
#[derive(Clone, Default)]
pub(super) struct State {
    marks: Marks,
    /// Line ends and spaces count.
    keeps: bool,
    /// How many quotes and lists are around.
    nesting: usize,
}

impl Flow<'_> {
    pub(super) fn children(&self, children: &[usize], state: &State, lines: &mut Lines<'_>) {
        for child in children {
            match self.tree.get(*child) {
                Some(Node::Text(text)) => lines.text(text, &state.marks, state.keeps),
                Some(Node::Element(element)) => self.element(element, state, lines),
                None => {}
            }
        }
    }

    fn element(&self, element: &Element, state: &State, lines: &mut Lines<'_>) {
        if style::is_hidden(element) {
            return;
        }
        // Only at the top: within a quote or a list there is nothing to fold away.
        let history = (state.nesting == 0).then(|| history::of(element)).flatten();
        if let Some(history) = history {
            lines.end_paragraph();
            lines.quoted += 1;
            self.plain_element(element, state, lines);
            lines.end_paragraph();
            if history == history::Reach::Element {
                lines.quoted -= 1;
            }
            return;
        }
        self.plain_element(element, state, lines);
    }

    fn plain_element(&self, element: &Element, state: &State, lines: &mut Lines<'_>) {
        match element.name() {
            "br" => lines.line_break(),
            "hr" => lines.push(Block::Rule),
            "img" | "image" => self.image(element, state, lines),
            "pre" | "listing" | "xmp" | "plaintext" => self.code(element, lines),
            "ul" | "ol" | "menu" | "dir" if state.nesting < MAX_NESTING => self.list(element, state, lines),
            "blockquote" if state.nesting < MAX_NESTING => self.quote(element, state, lines),
            "table" => table::rows(self, element, state, lines),
            name @ ("h1" | "h2" | "h3" | "h4" | "h5" | "h6") => {
                lines.end_paragraph();
                let outer = lines.heading.replace(match name {
                    "h1" => 1,
                    "h2" => 2,
                    _ => 3,
                });
                self.children(&element.children, state, lines);
                lines.end_paragraph();
                lines.heading = outer;
            }
            "p" if !is_line_of_outlook(element) => {
                lines.end_paragraph();
                self.children(&element.children, &styled(element, state), lines);
                lines.end_paragraph();
            }
            "a" => self.link(element, state, lines),
            name if ON_LINES_OF_THEIR_OWN.contains(&name) => {
                lines.boundary();
                self.children(&element.children, &styled(element, state), lines);
                lines.boundary();
            }
            _ => self.children(&element.children, &styled(element, state), lines),
        }
    }

    fn link(&self, element: &Element, state: &State, lines: &mut Lines<'_>) {
        let mut inner = styled(element, state);
        match element.attribute("href").map_or(Target::None, |href| link::target(href, self.concealed)) {
            Target::Link(href) => {
                inner.marks.link = Some(Rc::new(href));
                self.children(&element.children, &inner, lines);
            }
            Target::Shown(address) => {
                self.children(&element.children, &inner, lines);
                let mut text = String::new();
                self.tree.text(&element.children, &mut text);
                if !address.trim_end_matches('/').ends_with(text.trim().trim_end_matches('/')) || text.trim().is_empty()
                {
                    lines.text(&format!(" ({address})"), &state.marks, state.keeps);
                }
            }
            Target::None => self.children(&element.children, &inner, lines),
        }
    }

    fn image(&self, element: &Element, state: &State, lines: &mut Lines<'_>) {
        let alt: String = element.attribute("alt").unwrap_or_default().trim().chars().take(MAX_ALT).collect();
        let alt = self.concealed.clean(&alt);
        match element.attribute("src").and_then(|src| (self.image)(src)) {
            Some(attachment_id) => lines.push(Block::Image(ImageBlock { attachment_id, alt })),
            // From elsewhere: loading it would tell somebody that it was read.
            None if !style::is_tracking_pixel(element) => lines.text(&alt, &state.marks, false),
            None => {}
        }
    }

    fn code(&self, element: &Element, lines: &mut Lines<'_>) {
        let mut text = String::new();
        self.tree.text(&element.children, &mut text);
        // The first line end after the tag is not part of it, WHATWG HTML 13.2.6.4.7.
        let text = text.strip_prefix('\n').unwrap_or(&text);
        let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        let text = self.concealed.clean(&text);
        if !text.trim().is_empty() {
            lines.push(Block::Code(CodeBlock { text }));
        }
    }

    fn quote(&self, element: &Element, state: &State, lines: &mut Lines<'_>) {
        let blocks = self.nested(&element.children, state);
        if !blocks.is_empty() {
            lines.push(Block::Quote(blocks));
        } else {
            lines.end_paragraph();
        }
    }

    fn list(&self, element: &Element, state: &State, lines: &mut Lines<'_>) {
        let mut items = Vec::new();
        let mut strays = Vec::new();
        for child in &element.children {
            match self.tree.get(*child) {
                Some(Node::Element(item)) if item.name() == "li" => {
                    self.add_item(&mut items, &std::mem::take(&mut strays), state);
                    if !style::is_hidden(item) {
                        self.add_item(&mut items, &item.children, &styled(item, state));
                    }
                }
                _ => strays.push(*child),
            }
        }
        self.add_item(&mut items, &strays, state);
        if items.is_empty() {
            lines.end_paragraph();
            return;
        }
        let start = element.attribute("start").map_or(Some(1), |start| start.trim().parse().ok()).unwrap_or(1);
        lines.push(Block::List(ListBlock { start: (element.name() == "ol").then_some(start), items }));
    }

    fn add_item(&self, items: &mut Vec<Vec<Block>>, children: &[usize], state: &State) {
        let blocks = self.nested(children, state);
        if !blocks.is_empty() {
            items.push(blocks);
        }
    }

    /// Blocks of their own, one level deeper.
    fn nested(&self, children: &[usize], state: &State) -> Vec<Block> {
        let mut lines = Lines::new(self.concealed);
        self.children(children, &State { nesting: state.nesting + 1, ..state.clone() }, &mut lines);
        lines.finish().into_iter().map(|made| made.block).collect()
    }
}

/// The state within an element.
fn styled(element: &Element, state: &State) -> State {
    let mut inner = state.clone();
    inner.marks.strong |= style::is_strong(element);
    inner.marks.emphasis |= style::is_emphasised(element);
    inner.marks.code |= matches!(element.name(), "code" | "kbd" | "samp" | "tt");
    if let Some(keeps) = style::keeps_lines(element) {
        inner.keeps = keeps;
    }
    inner
}

/// Outlook writes every line as a paragraph without space around it, and an empty one where a person left a line empty.
fn is_line_of_outlook(element: &Element) -> bool {
    element.attribute("class").is_some_and(|class| class.split_whitespace().any(|class| class.starts_with("Mso")))
}

const ON_LINES_OF_THEIR_OWN: [&str; 38] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "header",
    "hgroup",
    "html",
    "legend",
    "li",
    "main",
    "marquee",
    "menu",
    "nav",
    "ol",
    "option",
    "p",
    "section",
    "summary",
    "tbody",
    "td",
    "textarea",
    "tr",
    "ul",
];
