//! Tables, read row by row. Most tables in mail arrange things and hold no data.

use super::flow::{Flow, State};
use super::line::Lines;
use super::style;
use super::tree::{Element, Node};

/// Longest text of a cell that may share a line with others, in bytes.
const MAX_CELL: usize = 120;

/// What stands between cells that share a line.
const BETWEEN: &str = " | ";

/// Adds the rows. A row of several short cells becomes one line; otherwise every cell stands on lines of its own.
pub(super) fn rows(flow: &Flow<'_>, table: &Element, state: &State, lines: &mut Lines<'_>) {
    lines.boundary();
    for child in &table.children {
        match flow.tree.get(*child) {
            Some(Node::Element(row)) if row.name() == "tr" => self::row(flow, row, state, lines),
            Some(Node::Element(part)) if matches!(part.name(), "tbody" | "thead" | "tfoot") => {
                if !style::is_hidden(part) {
                    rows(flow, part, state, lines);
                }
            }
            // Captions, and whatever should not be here.
            _ => {
                lines.boundary();
                flow.children(&[*child], state, lines);
                lines.boundary();
            }
        }
    }
    lines.boundary();
}

fn row(flow: &Flow<'_>, row: &Element, state: &State, lines: &mut Lines<'_>) {
    if style::is_hidden(row) {
        return;
    }
    lines.boundary();
    let full: Vec<usize> = row.children.iter().copied().filter(|child| !is_empty(flow, *child)).collect();
    let one_line = full.len() > 1 && full.iter().all(|child| is_short(flow, *child));
    for (place, child) in full.iter().enumerate() {
        if one_line && place > 0 {
            lines.text(BETWEEN, &Default::default(), false);
        }
        match flow.tree.get(*child) {
            Some(Node::Element(cell)) if one_line && matches!(cell.name(), "td" | "th") => {
                flow.children(&cell.children, state, lines);
            }
            _ => flow.children(&[*child], state, lines),
        }
    }
    lines.boundary();
}

fn is_empty(flow: &Flow<'_>, child: usize) -> bool {
    let mut text = String::new();
    flow.tree.text(&[child], &mut text);
    let is_blank = text.chars().all(|c| c.is_whitespace() || c == '\u{a0}' || c == '\u{200b}');
    let is_hidden = matches!(flow.tree.get(child), Some(Node::Element(cell)) if style::is_hidden(cell));
    is_hidden || (is_blank && !holds(flow, child, &["img"]))
}

fn is_short(flow: &Flow<'_>, child: usize) -> bool {
    let mut text = String::new();
    flow.tree.text(&[child], &mut text);
    text.trim().len() <= MAX_CELL && !holds(flow, child, MAKES_LINES)
}

fn holds(flow: &Flow<'_>, child: usize, names: &[&str]) -> bool {
    match flow.tree.get(child) {
        Some(Node::Element(element)) => {
            names.contains(&element.name()) || element.children.iter().any(|inner| holds(flow, *inner, names))
        }
        _ => false,
    }
}

const MAKES_LINES: &[&str] = &[
    "blockquote",
    "br",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "table",
    "ul",
];
