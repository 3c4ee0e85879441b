//! A small tree of a message, bounded in depth and size.

use std::cell::RefCell;
use std::collections::HashMap;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::{LocalName, TokenizerResult};

/// Most nodes.
const MAX_NODES: usize = 100_000;
/// Deepest element that gets a place of its own; what is within deeper ones counts as within the deepest.
const MAX_DEPTH: usize = 120;
/// Most elements that are open at once.
const MAX_OPEN: usize = 400;
/// Longest attribute that is kept, in bytes. Images that carry their own bytes are longer, and not shown anyway.
const MAX_ATTRIBUTE: usize = 4_096;

/// A message as a tree. Node 0 is the root.
pub(super) struct Tree {
    nodes: Vec<Node>,
    /// There was more than fits.
    pub(super) truncated: bool,
}

pub(super) enum Node {
    Element(Element),
    Text(String),
}

pub(super) struct Element {
    name: LocalName,
    attributes: Vec<(&'static str, String)>,
    pub(super) children: Vec<usize>,
}

impl Element {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

impl Tree {
    pub(super) fn parse(html: &str) -> Self {
        let tokenizer = Tokenizer::new(Builder::new(), TokenizerOpts::default());
        let queue = BufferQueue::default();
        queue.push_back(StrTendril::from_slice(html));
        // The tokenizer stops for a script to be run; there is none to be run.
        while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
        tokenizer.end();
        tokenizer.sink.state.into_inner().tree
    }

    pub(super) fn root(&self) -> &[usize] {
        match self.nodes.first() {
            Some(Node::Element(root)) => &root.children,
            _ => &[],
        }
    }

    pub(super) fn get(&self, node: usize) -> Option<&Node> {
        self.nodes.get(node)
    }

    pub(super) fn elements<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.nodes.iter().filter_map(move |node| match node {
            Node::Element(element) if element.name() == name => Some(element),
            _ => None,
        })
    }

    /// The characters below a node, unfolded.
    pub(super) fn text(&self, children: &[usize], out: &mut String) {
        for child in children {
            match self.get(*child) {
                Some(Node::Text(text)) => out.push_str(text),
                Some(Node::Element(element)) if element.name() == "br" => out.push('\n'),
                Some(Node::Element(element)) => self.text(&element.children, out),
                None => {}
            }
        }
    }
}

/// Builds the tree from tags and text.
struct Builder {
    state: RefCell<State>,
}

struct State {
    tree: Tree,
    open: Vec<Open>,
    /// How many elements of each name are open, so that closing one that is not costs no look at all the others.
    count: HashMap<LocalName, usize>,
}

struct Open {
    name: LocalName,
    /// Where children go: the element itself, or the deepest above it.
    node: usize,
}

impl Builder {
    fn new() -> Self {
        let name = LocalName::from("html");
        let root = Element { name: name.clone(), attributes: Vec::new(), children: Vec::new() };
        let tree = Tree { nodes: vec![Node::Element(root)], truncated: false };
        Self { state: RefCell::new(State { tree, open: vec![Open { name, node: 0 }], count: HashMap::new() }) }
    }
}

impl TokenSink for Builder {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.state.borrow_mut();
        match token {
            Token::CharacterTokens(text) => state.text(&text),
            Token::TagToken(tag) if tag.kind == TagKind::EndTag => state.end(&tag),
            Token::TagToken(tag) => return state.start(tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State {
    fn add(&mut self, node: Node) -> Option<usize> {
        if self.tree.nodes.len() >= MAX_NODES {
            self.tree.truncated = true;
            return None;
        }
        let place = self.tree.nodes.len();
        self.tree.nodes.push(node);
        let parent = self.open.last().map_or(0, |open| open.node);
        if let Some(Node::Element(parent)) = self.tree.nodes.get_mut(parent) {
            parent.children.push(place);
        }
        Some(place)
    }

    fn text(&mut self, text: &str) {
        let parent = self.open.last().map_or(0, |open| open.node);
        let last = match self.tree.nodes.get(parent) {
            Some(Node::Element(parent)) => parent.children.last().copied(),
            _ => None,
        };
        if let Some(Node::Text(before)) = last.and_then(|last| self.tree.nodes.get_mut(last)) {
            before.push_str(text);
        } else {
            self.add(Node::Text(text.to_owned()));
        }
    }

    fn start(&mut self, tag: Tag) -> TokenSinkResult<()> {
        self.close_implied(&tag.name);
        let is_void = VOID.contains(&&*tag.name);
        let element = Element { name: tag.name.clone(), attributes: attributes(&tag), children: Vec::new() };
        let parent = self.open.last().map_or(0, |open| open.node);
        let Some(mut node) = self.add(Node::Element(element)) else { return raw(&tag.name) };
        if !is_void && self.open.len() < MAX_OPEN {
            if self.open.len() >= MAX_DEPTH {
                // Too deep for a place of its own, except to hold what must not be seen.
                node = if HOLDS_UNSEEN.contains(&&*tag.name) { node } else { parent };
            }
            *self.count.entry(tag.name.clone()).or_default() += 1;
            self.open.push(Open { name: tag.name.clone(), node });
        }
        raw(&tag.name)
    }

    fn end(&mut self, tag: &Tag) {
        match &*tag.name {
            "br" => {
                let element = Element { name: tag.name.clone(), attributes: Vec::new(), children: Vec::new() };
                self.add(Node::Element(element));
            }
            "html" | "body" => {}
            name => self.close(name, scope_of_end(name)),
        }
    }

    /// Closes the innermost of these elements unless one of `scope` is around it.
    fn close(&mut self, name: &str, scope: &[&str]) {
        if self.count.get(&LocalName::from(name)).is_none_or(|count| *count == 0) {
            return;
        }
        for place in (1..self.open.len()).rev() {
            let open = self.open.get(place).map_or("", |open| &*open.name);
            if open == name {
                for closed in self.open.drain(place..) {
                    if let Some(count) = self.count.get_mut(&closed.name) {
                        *count = count.saturating_sub(1);
                    }
                }
                return;
            }
            if scope.contains(&open) {
                return;
            }
        }
    }

    /// What a tag closes that nobody closed.
    fn close_implied(&mut self, name: &str) {
        if !HEAD.contains(&name) {
            self.close("head", &["xml", "svg", "math", "template", "noscript"]);
        }
        match name {
            "li" => self.close("li", &["ul", "ol", "menu", "table", "td", "th", "blockquote"]),
            "dd" | "dt" => {
                self.close("dd", &["dl", "table", "td", "th"]);
                self.close("dt", &["dl", "table", "td", "th"]);
            }
            "tr" | "tbody" | "thead" | "tfoot" => {
                for inner in ["td", "th", "tr"] {
                    self.close(inner, &["table"]);
                }
            }
            "td" | "th" => {
                self.close("td", &["tr", "table"]);
                self.close("th", &["tr", "table"]);
            }
            "option" => self.close("option", &["select", "datalist"]),
            "a" => self.close("a", CELLS),
            _ => {}
        }
        if CLOSE_PARAGRAPHS.contains(&name) {
            self.close("p", &["table", "td", "th", "caption", "button", "object", "li", "blockquote"]);
        }
    }
}

/// What an end tag does not reach beyond.
fn scope_of_end(name: &str) -> &'static [&'static str] {
    match name {
        "table" => &[],
        "tr" | "tbody" | "thead" | "tfoot" | "td" | "th" | "caption" => &["table"],
        "li" => &["ul", "ol", "table", "td", "th"],
        _ => CELLS,
    }
}

const CELLS: &[&str] = &["td", "th", "table", "caption"];

fn attributes(tag: &Tag) -> Vec<(&'static str, String)> {
    tag.attrs
        .iter()
        .filter(|attribute| attribute.value.len() <= MAX_ATTRIBUTE)
        .filter_map(|attribute| {
            let name = KEPT.into_iter().find(|kept| *kept == &*attribute.name.local)?;
            Some((name, attribute.value.to_string()))
        })
        .collect()
}

/// How the tokenizer goes on after a start tag, WHATWG HTML 13.2.6.4.
fn raw(name: &str) -> TokenSinkResult<()> {
    match name {
        "script" => TokenSinkResult::RawData(RawKind::ScriptData),
        "style" | "xmp" | "iframe" | "noembed" | "noframes" => TokenSinkResult::RawData(RawKind::Rawtext),
        "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
        _ => TokenSinkResult::Continue,
    }
}

/// The attributes that are looked at.
const KEPT: [&str; 12] =
    ["alt", "class", "data-fs", "height", "hidden", "href", "id", "src", "start", "style", "type", "width"];

const VOID: [&str; 17] = [
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta",
    "param", "source", "track", "wbr",
];

/// What may stand in a head; anything else ends it.
const HEAD: [&str; 11] =
    ["base", "basefont", "bgsound", "head", "link", "meta", "noscript", "script", "style", "title", "xml"];

/// Elements whose content is never shown.
pub(super) const HOLDS_UNSEEN: [&str; 19] = [
    "applet", "audio", "canvas", "datalist", "frameset", "head", "iframe", "math", "noembed", "noframes", "object",
    "script", "style", "svg", "template", "title", "video", "xml", "map",
];

const CLOSE_PARAGRAPHS: [&str; 31] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "ul",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn text(html: &str) -> String {
        let tree = Tree::parse(html);
        let mut out = String::new();
        tree.text(tree.root(), &mut out);
        out
    }

    fn depth(tree: &Tree, node: usize) -> usize {
        match tree.get(node) {
            Some(Node::Element(element)) => {
                element.children.iter().map(|child| depth(tree, *child) + 1).max().unwrap_or(0)
            }
            _ => 0,
        }
    }

    #[test]
    fn text_comes_through_whatever_the_tags_do() {
        for html in [
            "ab",
            "<b>a</i>b",
            "<b><p>a</b>b</p>",
            "<td>a</table>b",
            "</p>a</div>b",
            "<li>a<li>b",
            "<a>a<a>b",
            "a<!--x-->b",
            "<table>a<tr>b",
        ] {
            assert_eq!(text(html), "ab", "{html}");
        }
        assert_eq!(text("a&amp;b&#x41;&zzz;\u{0}"), "a&bA&zzz;");
    }

    #[test]
    fn depth_and_size_are_bounded() {
        let deep = format!("{}x{}", "<div>".repeat(50_000), "</div>".repeat(50_000));
        assert_eq!(text(&deep), "x");
        assert!(depth(&Tree::parse(&deep), 0) <= MAX_DEPTH);
        let many = "<b>x</b>".repeat(MAX_NODES);
        let tree = Tree::parse(&many);
        assert!(tree.truncated && tree.nodes.len() == MAX_NODES);
    }
}
