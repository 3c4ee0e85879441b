use super::*;

fn nested(depth: usize) -> Vec<Block> {
    (0..depth).fold(vec![Block::Rule], |inner, _| vec![Block::Quote(inner)])
}

#[test]
fn bounds_depth_nodes_and_bytes() {
    assert!(RichText::new(nested(MAX_DEPTH - 1)).is_ok());
    assert_eq!(RichText::new(nested(MAX_DEPTH)).unwrap_err().code, FieldCode::Malformed);
    assert!(RichText::new(vec![Block::Rule; MAX_NODES]).is_ok());
    assert_eq!(RichText::new(vec![Block::Rule; MAX_NODES + 1]).unwrap_err().code, FieldCode::TooLong);
    let long = Block::Code(CodeBlock { text: "x".repeat(MAX_BYTES + 1) });
    assert_eq!(RichText::new(vec![long]).unwrap_err().code, FieldCode::TooLong);
    let heading = Block::Heading(Heading { level: 4, text: vec![] });
    assert_eq!(RichText::new(vec![heading]).unwrap_err().code, FieldCode::Malformed);
}

#[test]
fn the_bounds_hold_when_decoding() {
    let json = serde_json::to_string(&nested(MAX_DEPTH)).unwrap();
    assert!(serde_json::from_str::<RichText>(&json).is_err());
    let json = r#"[{"paragraph":[{"link":{"href":"javascript:alert(1)","text":[]}}]}]"#;
    assert!(serde_json::from_str::<RichText>(json).is_err());
    assert!(serde_json::from_str::<RichText>(r#"[{"html":"<b>"}]"#).is_err());
}

#[test]
fn has_one_form_in_json() {
    let text = RichText::new(vec![
        Block::Paragraph(vec![
            Inline::Text("See ".into()),
            Inline::Link(Link {
                href: Href::parse("https://raxx.app").unwrap(),
                text: vec![Inline::Strong(vec![Inline::Text("this".into())])],
            }),
            Inline::Break,
            Inline::Code("x".into()),
        ]),
        Block::List(ListBlock { start: Some(1), items: vec![vec![Block::Rule]] }),
    ])
    .unwrap();
    let json = serde_json::to_string(&text).unwrap();
    assert_eq!(
        json,
        r#"[{"paragraph":[{"text":"See "},{"link":{"href":"https://raxx.app","text":[{"strong":[{"text":"this"}]}]}},"break",{"code":"x"}]},{"list":{"start":1,"items":[["rule"]]}}]"#
    );
    assert_eq!(serde_json::from_str::<RichText>(&json).unwrap(), text);
}

#[test]
fn plain_text_is_one_line_within_its_length() {
    let text = RichText::new(vec![
        Block::Paragraph(vec![
            Inline::Text(" One\n two ".into()),
            Inline::Break,
            Inline::Emphasis(vec![Inline::Text("three".into())]),
        ]),
        Block::Code(CodeBlock { text: "four\n  five".into() }),
    ])
    .unwrap();
    assert_eq!(text.plain_text(100), "One two three four five");
    assert_eq!(text.plain_text(8), "One two");
    assert_eq!(text.plain_text(9), "One two t");
    assert_eq!(text.plain_text(0), "");
}
