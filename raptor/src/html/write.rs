//! From the block tree to HTML for the help desk. Everything is escaped; nothing but the tags written here can come out.

use shared::rich_text::{Block, Inline, RichText};

/// Writes a text as HTML. Images are left out: they are attachments of their own.
#[must_use]
pub fn to_html(text: &RichText) -> String {
    let mut out = String::new();
    blocks(text.blocks(), &mut out);
    out
}

fn blocks(blocks: &[Block], out: &mut String) {
    for block in blocks {
        write_block(block, out);
    }
}

fn write_block(block: &Block, out: &mut String) {
    match block {
        Block::Paragraph(text) => element("p", out, |out| inlines(text, out)),
        Block::Heading(heading) => {
            let name = match heading.level {
                1 => "h1",
                2 => "h2",
                _ => "h3",
            };
            element(name, out, |out| inlines(&heading.text, out));
        }
        Block::List(list) => {
            match list.start {
                None => out.push_str("<ul>"),
                Some(1) => out.push_str("<ol>"),
                Some(start) => out.push_str(&format!("<ol start=\"{start}\">")),
            }
            for item in &list.items {
                element("li", out, |out| blocks(item, out));
            }
            out.push_str(if list.start.is_some() { "</ol>" } else { "</ul>" });
        }
        Block::Quote(inner) => element("blockquote", out, |out| blocks(inner, out)),
        // The first line feed after <pre> is not part of the text, so there is always one that does not count.
        Block::Code(code) => element("pre", out, |out| {
            out.push('\n');
            escape(&code.text, out);
        }),
        Block::Rule => out.push_str("<hr>"),
        Block::Image(_) => {}
    }
}

fn inlines(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        write_inline(inline, out);
    }
}

fn write_inline(inline: &Inline, out: &mut String) {
    match inline {
        Inline::Text(text) => spaced(text, out),
        Inline::Strong(inner) => element("strong", out, |out| inlines(inner, out)),
        Inline::Emphasis(inner) => element("em", out, |out| inlines(inner, out)),
        Inline::Code(text) => element("code", out, |out| spaced(text, out)),
        Inline::Link(link) => {
            out.push_str("<a href=\"");
            escape(link.href.as_str(), out);
            out.push_str("\">");
            inlines(&link.text, out);
            out.push_str("</a>");
        }
        Inline::Break => out.push_str("<br>"),
    }
}

fn element(name: &str, out: &mut String, inner: impl FnOnce(&mut String)) {
    out.push('<');
    out.push_str(name);
    out.push('>');
    inner(out);
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

/// Escapes, and writes spaces so that they are not folded: one that follows another, or begins the text, does not fold as U+00A0.
fn spaced(text: &str, out: &mut String) {
    let mut after_space = true;
    for part in text.split_inclusive([' ', '\t']) {
        let word = part.trim_end_matches([' ', '\t']);
        escape(word, out);
        after_space &= word.is_empty();
        match part.get(word.len()..) {
            Some("\t") => out.push_str("<span style=\"white-space:pre\">\t</span>"),
            Some(" ") if after_space => out.push_str("&nbsp;"),
            Some(space) => out.push_str(space),
            None => {}
        }
        after_space = true;
    }
}

fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // HTML has no spelling for it, not even an escaped one.
            '\0' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
}
