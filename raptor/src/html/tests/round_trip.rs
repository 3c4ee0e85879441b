//! What Raptor sends comes back the same.

use proptest::prelude::*;
use shared::rich_text::{Block, CodeBlock, Heading, Href, Inline, Link, ListBlock, RichText, compose};

use super::*;
use crate::html::to_html;

fn there_and_back(text: &RichText) -> RichText {
    let context = Context { concealed: &Concealed::nothing(), image: &|_| None };
    let reading = read(&to_html(text), &context);
    assert!(reading.quoted.is_empty() && !reading.truncated);
    reading.body
}

#[test]
fn everything_is_escaped() {
    let text = compose("<script>alert('1')</script> & \"x\" `</code><img src=x>`\n\n```\n</pre><script>\n```");
    assert_eq!(
        to_html(&text),
        "<p>&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;x&quot; <code>&lt;/code&gt;&lt;img src=x&gt;</code></p><pre>\n&lt;/pre&gt;&lt;script&gt;</pre>"
    );
    assert_eq!(there_and_back(&text), text);
}

#[test]
fn spaces_survive() {
    for text in ["a  b   c", "  indented", "a\n    b", "\ttab"] {
        assert_eq!(there_and_back(&compose(text)), compose(text), "{text:?}");
    }
}

fn word() -> impl Strategy<Value = String> {
    // No word of ours may look like the beginning of an older message.
    "[a-zA-Z0-9<>&\"'äß€🦝=/-]{1,8}( {1,2}[a-zA-Z0-9<>&\"'äß€🦝=/-]{1,8}){0,3}".prop_map(|word| word)
}

fn inlines() -> impl Strategy<Value = Vec<Inline>> {
    let leaf = prop_oneof![word().prop_map(Inline::Text), word().prop_map(Inline::Code)];
    let marked = prop_oneof![
        word().prop_map(Inline::Text),
        word().prop_map(Inline::Code),
        leaf.clone().prop_map(|inner| Inline::Strong(vec![inner])),
        leaf.clone().prop_map(|inner| Inline::Emphasis(vec![inner])),
        leaf.clone().prop_map(|inner| Inline::Strong(vec![Inline::Emphasis(vec![inner])])),
        leaf.prop_map(|inner| Inline::Link(Link {
            href: Href::parse("https://raxx.app/a?b=c&d='e'").unwrap(),
            text: vec![inner]
        })),
    ];
    // A text between any two marks, so that equal ones do not meet and melt.
    proptest::collection::vec((marked, any::<bool>()), 1..4).prop_map(|pieces| {
        let mut out: Vec<Inline> = Vec::new();
        for (piece, breaks) in pieces {
            match out.last_mut() {
                None => {}
                Some(_) if breaks => out.push(Inline::Break),
                Some(Inline::Text(last)) => last.push_str("; "),
                Some(_) => out.push(Inline::Text("; ".to_owned())),
            }
            match (out.last_mut(), piece) {
                (Some(Inline::Text(last)), Inline::Text(next)) => last.push_str(&next),
                (_, piece) => out.push(piece),
            }
        }
        out
    })
}

fn blocks() -> impl Strategy<Value = Vec<Block>> {
    let leaf = prop_oneof![
        inlines().prop_map(Block::Paragraph),
        (1..=3_u8, inlines()).prop_map(|(level, text)| Block::Heading(Heading { level, text })),
        "[a-z<>&\" \n]{0,20}[a-z]".prop_map(|text| Block::Code(CodeBlock { text })),
        Just(Block::Rule),
    ];
    let block = leaf.prop_recursive(3, 20, 3, |inner| {
        let item = proptest::collection::vec(inner.clone(), 1..3);
        prop_oneof![
            item.clone().prop_map(Block::Quote),
            (proptest::option::of(0..9_u32), proptest::collection::vec(item, 1..3))
                .prop_map(|(start, items)| Block::List(ListBlock { start, items })),
        ]
    });
    // A word at the end: a message that ends with a quote or a line may end with an older message.
    proptest::collection::vec(block, 0..5).prop_map(|mut blocks| {
        blocks.push(Block::Paragraph(vec![Inline::Text("end".to_owned())]));
        blocks
    })
}

proptest! {
    #[test]
    fn trees_come_back_the_same(blocks in blocks()) {
        let text = RichText::new(blocks).unwrap();
        prop_assert_eq!(there_and_back(&text), text);
    }

    #[test]
    fn what_customers_type_comes_back(typed in "(\\PC|\n|[*`>#-]){0,120}") {
        let text = compose(&typed);
        let context = Context { concealed: &Concealed::nothing(), image: &|_| None };
        let reading = read(&to_html(&text), &context);
        let letters = |text: &RichText| text.plain_text(100_000).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        prop_assert_eq!(letters(&reading.body) + &letters(&reading.quoted), letters(&text));
    }
}
