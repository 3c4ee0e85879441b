//! The block tree as nodes. Whatever a text says, it becomes text.

use leptos::prelude::*;
use shared::endpoints::tickets::Attachment;
use shared::rich_text::{Block, Heading, Inline, RichText, compose};
use support_spa::features::thread::rich_text::{Images, rich_text};
use support_spa::ui::Announcer;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stage::{Stage, mount};

fn shown(text: RichText) -> Stage {
    mount(move || {
        provide_context(Announcer::default());
        rich_text(&text, &Images::default())
    })
}

#[wasm_bindgen_test]
fn hostile_text_is_text() {
    for hostile in [
        "<script>window.hacked = true</script>",
        "<img src=x onerror=alert(1)>",
        "</div></body><iframe src=//evil.example>",
        "{{constructor.constructor('alert(1)')()}}",
        "[x](javascript:alert(1)) javascript:alert(1)",
    ] {
        let stage = shown(compose(hostile));
        assert!(stage.says(hostile), "{hostile}");
        assert!(stage.find("script, img, iframe, a").is_none(), "{hostile}");
    }
}

#[wasm_bindgen_test]
fn structure_becomes_elements() {
    let stage = shown(compose("**bold** and *soft* and `code`\n\n3. three\n4. four\n\n> quoted\n\n```\nlet x;\n```"));
    assert_eq!(stage.find("strong").unwrap().text_content().unwrap(), "bold");
    assert_eq!(stage.find("em").unwrap().text_content().unwrap(), "soft");
    assert_eq!(stage.find("p code").unwrap().text_content().unwrap(), "code");
    assert_eq!(stage.find("ol").unwrap().get_attribute("start").as_deref(), Some("3"));
    assert_eq!(stage.all("ol > li").len(), 2);
    assert!(stage.find("blockquote p").is_some());
    assert_eq!(stage.find("pre code").unwrap().text_content().unwrap(), "let x;");
    assert!(stage.button("Copy code").is_some());
}

#[wasm_bindgen_test]
fn headings_begin_below_the_pages_own_and_leave_no_level_out() {
    let heading = |level| Block::Heading(Heading { level, text: vec![Inline::Text("Steps".to_owned())] });
    let quoted = Block::Quote(vec![heading(3)]);
    let stage = shown(RichText::new(vec![heading(2), heading(3), quoted, heading(1), heading(3)]).unwrap());
    let names: Vec<_> = stage.all("h1, h2, h3, h4, h5, h6").iter().map(|found| found.tag_name()).collect();
    assert_eq!(names, ["H3", "H4", "H5", "H3", "H4"]);
}

#[wasm_bindgen_test]
fn links_leave_without_telling_where_from() {
    let stage = shown(compose("see https://raxx.app/help?x=1."));
    let link = stage.find("a").unwrap();
    assert_eq!(link.get_attribute("href").as_deref(), Some("https://raxx.app/help?x=1"));
    assert_eq!(link.get_attribute("rel").as_deref(), Some("noopener noreferrer nofollow"));
    assert_eq!(link.get_attribute("title").as_deref(), Some("raxx.app"));
    assert!(link.text_content().unwrap().contains("opens in a new tab"));
}

#[wasm_bindgen_test]
fn an_image_that_is_not_the_messages_own_is_not_shown() {
    let json = format!(r#"[{{"image":{{"attachment_id":"{}","alt":"a chart"}}}}]"#, crate::fixtures::attachment_id());
    let text: RichText = serde_json::from_str(&json).unwrap();
    let stage = shown(text);
    assert!(stage.says("This part could not be shown."));
}

#[wasm_bindgen_test]
fn an_image_that_is_not_fetched_is_named() {
    let id = crate::fixtures::attachment_id();
    let json = format!(r#"[{{"image":{{"attachment_id":"{id}","alt":"a chart"}}}}]"#);
    let text: RichText = serde_json::from_str(&json).unwrap();
    let file = format!(r#"{{"id":"{id}","name":"chart.png","media_type":"image/png","size":68,"inline":true}}"#);
    let files: Vec<Attachment> = vec![serde_json::from_str(&file).unwrap()];
    let stage = mount(move || {
        provide_context(Announcer::default());
        rich_text(&text, &Images::of(crate::fixtures::ticket_id(), &files).named())
    });
    assert!(stage.says("chart.png") && stage.find(".picture").is_none());
}
