//! Before the tokenizer: what a person typed as `<`, and bounds that keep its work in proportion.

use std::borrow::Cow;

/// Longest message that is read, in bytes.
const MAX_BYTES: usize = 2 * 1024 * 1024;

/// A tag with more parts than this is no tag. The tokenizer compares each attribute with all before it, so a tag of a megabyte would
/// keep it busy for minutes.
const MAX_PARTS: usize = 200;

/// After so many tags that never end no `<` begins a tag any more: each of them costs a look at the whole rest.
const MAX_UNENDED: usize = 32;

/// A message, ready for the tokenizer.
pub(super) struct Source<'a> {
    /// The message; every `<` in it that begins no known tag is written `&lt;`.
    pub(super) html: Cow<'a, str>,
    /// There is no tag in it that makes lines or paragraphs, so its own line ends count.
    pub(super) keeps_lines: bool,
    /// It was longer than what is read.
    pub(super) truncated: bool,
}

impl<'a> Source<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut length = text.len().min(MAX_BYTES);
        while !text.is_char_boundary(length) {
            length -= 1;
        }
        let (text, truncated) = (text.get(..length).unwrap_or_default(), length < text.len());
        let mut scan = Scan { text, out: String::new(), copied: 0, makes_lines: false, unended: 0 };
        scan.run();
        let html = if scan.copied == 0 {
            Cow::Borrowed(text)
        } else {
            scan.out.push_str(text.get(scan.copied..).unwrap_or_default());
            Cow::Owned(scan.out)
        };
        Self { html, keeps_lines: !scan.makes_lines, truncated }
    }
}

struct Scan<'a> {
    text: &'a str,
    out: String,
    copied: usize,
    makes_lines: bool,
    unended: usize,
}

impl Scan<'_> {
    fn run(&mut self) {
        let mut place = 0;
        while let Some(found) = self.text.get(place..).and_then(|rest| rest.find('<')) {
            let start = place + found;
            place = self.markup_end(start).unwrap_or_else(|| {
                self.out.push_str(self.text.get(self.copied..start).unwrap_or_default());
                self.out.push_str("&lt;");
                self.copied = start + 1;
                start + 1
            });
        }
    }

    /// Where to go on when a tag, a comment or the like begins here; `None` when it is a `<` that somebody typed.
    fn markup_end(&mut self, start: usize) -> Option<usize> {
        let rest = self.text.as_bytes().get(start + 1..)?;
        if matches!(rest.first(), Some(b'!' | b'?')) {
            return Some(start + 2);
        }
        let name_start = usize::from(rest.first() == Some(&b'/'));
        let name = rest.get(name_start..)?;
        let length =
            name.iter().position(|byte| !matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b':' | b'-'))?;
        let name = name.get(..length)?.to_ascii_lowercase();
        let name = std::str::from_utf8(&name).ok()?;
        if !is_known(name) || self.unended >= MAX_UNENDED {
            return None;
        }
        let after = start + 1 + name_start + length;
        if !matches!(self.text.as_bytes().get(after), Some(b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' | b'/' | b'>')) {
            return None;
        }
        let Some(end) = tag_end(self.text.as_bytes(), after) else {
            self.unended += 1;
            return None;
        };
        self.makes_lines |= LINES.contains(&name);
        Some(end)
    }
}

/// Where the tag ends whose name ends here, by the tokenizer's own rules for attributes (WHATWG HTML, 13.2.5.32 to 13.2.5.39).
fn tag_end(bytes: &[u8], mut place: usize) -> Option<usize> {
    let mut parts = 0;
    let mut after_equals = false;
    loop {
        let byte = *bytes.get(place)?;
        place += 1;
        match byte {
            b'>' => return Some(place),
            b'"' | b'\'' if after_equals => {
                place += bytes.get(place..)?.iter().position(|other| *other == byte)? + 1;
                parts += 1;
                after_equals = false;
            }
            b'=' => after_equals = true,
            b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' => parts += 1,
            b'/' => {
                parts += 1;
                after_equals = false;
            }
            _ => after_equals = false,
        }
        if parts > MAX_PARTS {
            return None;
        }
    }
}

/// Elements of HTML, those of mail programs with a colon, and custom ones with a hyphen.
fn is_known(name: &str) -> bool {
    let office =
        name.split_once(':').is_some_and(|(prefix, _)| matches!(prefix, "o" | "v" | "w" | "m" | "x" | "st1" | "svg"));
    let custom = name.contains('-') && !name.contains(':') && name.starts_with(|c: char| c.is_ascii_alphabetic());
    office || custom || ELEMENTS.contains(&name)
}

/// Elements that make a line or a paragraph.
const LINES: [&str; 27] = [
    "address",
    "article",
    "blockquote",
    "br",
    "dd",
    "div",
    "dl",
    "dt",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "td",
    "tr",
    "ul",
];

const ELEMENTS: [&str; 139] = [
    "a",
    "abbr",
    "acronym",
    "address",
    "applet",
    "area",
    "article",
    "aside",
    "audio",
    "b",
    "base",
    "basefont",
    "bdi",
    "bdo",
    "bgsound",
    "big",
    "blink",
    "blockquote",
    "body",
    "br",
    "button",
    "canvas",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "data",
    "datalist",
    "dd",
    "del",
    "details",
    "dfn",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "fieldset",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "i",
    "iframe",
    "image",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "legend",
    "li",
    "link",
    "listing",
    "main",
    "map",
    "mark",
    "marquee",
    "math",
    "menu",
    "meta",
    "meter",
    "nav",
    "nobr",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "ol",
    "optgroup",
    "option",
    "output",
    "p",
    "param",
    "picture",
    "plaintext",
    "pre",
    "progress",
    "q",
    "s",
    "samp",
    "script",
    "section",
    "select",
    "slot",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "track",
    "tt",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
    "xml",
    "xmp",
    "rp",
    "rt",
    "ruby",
    "multicol",
    "nextid",
    "spacer",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_stays_text() {
        for (text, html) in [
            ("1 < 2 <3 <>", "1 &lt; 2 &lt;3 &lt;>"),
            ("<dana@example.test>", "&lt;dana@example.test>"),
            ("<https://raxx.app/a>", "&lt;https://raxx.app/a>"),
            ("<your name>", "&lt;your name>"),
            ("a <b", "a &lt;b"),
            ("a <b and c", "a &lt;b and c"),
            ("</3 <p>x</p> <o:p>", "&lt;/3 <p>x</p> <o:p>"),
            ("<a href='>'>x</a><!-- <c --><?php <b>", "<a href='>'>x</a><!-- &lt;c --><?php <b>"),
            ("<B>x</B>", "<B>x</B>"),
        ] {
            assert_eq!(Source::new(text).html, html, "{text}");
        }
    }

    #[test]
    fn lines_count_where_no_tag_makes_them() {
        assert!(Source::new("a\n<b>b</b>\nc").keeps_lines);
        assert!(!Source::new("a\n<br>b").keeps_lines);
        assert!(!Source::new("<div>a\nb").keeps_lines);
    }

    #[test]
    fn work_stays_in_proportion() {
        let attributes = format!("<a {}>x", (0..100_000).map(|n| format!("a{n} ")).collect::<String>());
        assert!(Source::new(&attributes).html.starts_with("&lt;a a0"));
        let unended = "<a x=\"".repeat(200_000);
        assert_eq!(Source::new(&unended).html.matches("&lt;a").count(), 200_000);
        let long = "ä".repeat(MAX_BYTES);
        let source = Source::new(&long);
        assert!(source.truncated && source.html.len() <= MAX_BYTES);
    }
}
