//! Reads whatever comes as a message. It must not panic, must keep the contract's bounds, must not show a concealed host, must link to
//! nothing but https and mail, and what is written of it must read as the same again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use shared::rich_text::{Block, Inline, RichText};

// The module alone: Raptor as a whole would bring databases and TLS, and make every run slower.
#[path = "../../src/html/mod.rs"]
pub mod html;

const HOST: &str = "desk.example";

fuzz_target!(|text: &str| {
    let concealed = html::Concealed::new([HOST]);
    let context = html::Context { concealed: &concealed, image: &|_| None };
    let reading = html::read(text, &context);
    for part in [&reading.body, &reading.quoted] {
        let json = serde_json::to_string(part).unwrap();
        assert!(serde_json::from_str::<RichText>(&json).is_ok(), "out of bounds");
        assert!(!json.to_ascii_lowercase().contains(HOST), "shows the host: {json}");
        assert!(!part.plain_text(usize::MAX).to_ascii_lowercase().contains(HOST), "shows the host");
        part.blocks().iter().for_each(check);
    }
    // Written and read again, no letter is lost. History may be told apart anew, so both parts are taken together.
    let written = html::to_html(&reading.body);
    let again = html::read(&written, &context);
    if !again.truncated && !reading.truncated {
        let mut letters = letters(&again.body);
        letters.push_str(&self::letters(&again.quoted));
        assert_eq!(letters, self::letters(&reading.body));
    }
    let _ = html::image_sources(text);
});

fn letters(text: &RichText) -> String {
    text.plain_text(usize::MAX).chars().filter(|c| c.is_alphanumeric()).collect()
}

fn check(block: &Block) {
    match block {
        Block::Paragraph(text) => text.iter().for_each(check_inline),
        Block::Heading(heading) => heading.text.iter().for_each(check_inline),
        Block::List(list) => list.items.iter().flatten().for_each(check),
        Block::Quote(inner) => inner.iter().for_each(check),
        Block::Image(_) => panic!("an image that is no attachment"),
        Block::Code(_) | Block::Rule => {}
    }
}

fn check_inline(inline: &Inline) {
    match inline {
        Inline::Link(link) => {
            let href = link.href.as_str();
            assert!(href.starts_with("https://") || href.starts_with("mailto:"), "{href}");
            link.text.iter().for_each(check_inline);
        }
        Inline::Strong(inner) | Inline::Emphasis(inner) => inner.iter().for_each(check_inline),
        Inline::Text(_) | Inline::Code(_) | Inline::Break => {}
    }
}
