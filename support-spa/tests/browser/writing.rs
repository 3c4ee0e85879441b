//! What the forms to write in share.

use js_sys::Function;
use leptos::prelude::*;
use support_spa::features::attachments::{Attachments, DropZone, FileList, take_from_paste};
use support_spa::features::drafts::{Draft, Place};
use support_spa::features::writing::AsideNote;
use support_spa::ui::Announcer;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixtures::{account, ticket_id};
use crate::stage::{Server, Stage, mount, settle, signed_in, until};

async fn two_versions() -> (Stage, Draft) {
    signed_in().await;
    let handed = StoredValue::new(None);
    let stage = mount(move || {
        let draft = Draft::open(account(), Place::Reply(ticket_id()));
        handed.set_value(Some(draft));
        view! { <AsideNote draft=draft/> }
    });
    let draft: Draft = handed.get_value().unwrap();
    settle().await;
    draft.body.set("mine".into());
    draft.aside.set("theirs".into());
    until("both are shown", || stage.find("blockquote").is_some()).await;
    (stage, draft)
}

#[wasm_bindgen_test]
async fn of_two_versions_the_customer_chooses() {
    for (nth, kept) in [(0, "mine\n\ntheirs"), (1, "theirs"), (2, "mine")] {
        let (stage, draft) = two_versions().await;
        assert!(stage.find("blockquote").unwrap().text_content().unwrap().contains("theirs"));
        let buttons = stage.all("button");
        assert_eq!(buttons.len(), 3);
        wasm_bindgen::JsCast::unchecked_ref::<web_sys::HtmlElement>(&buttons[nth]).click();
        until("the choice is made", || stage.find("blockquote").is_none()).await;
        assert_eq!(draft.body.get_untracked(), kept);
        draft.clear();
    }
}

async fn zone() -> (Stage, Attachments) {
    let server = Server::install();
    server.answer("DELETE /api/v1/support/uploads/", 204, "");
    signed_in().await;
    let silent = "window.XMLHttpRequest = class { constructor() { this.upload = {}; } open() {} \
        setRequestHeader() {} abort() {} send() {} };";
    Function::new_no_args(silent).call0(&support_spa::browser::window().unwrap()).unwrap();
    let handed = StoredValue::new(None);
    let stage = mount(move || {
        provide_context(Announcer::default());
        let files = Attachments::new();
        handed.set_value(Some(files));
        view! {
            <DropZone files=files>
                <textarea on:paste=move |event| take_from_paste(files, &event)></textarea>
                <FileList files=files/>
            </DropZone>
        }
    });
    (stage, handed.get_value().unwrap())
}

/// Fires an event with files or text at an element; answers whether the browser may still do what it does by itself.
fn fire(at: &web_sys::Element, what: &str) -> bool {
    let script = format!(
        "const data = new DataTransfer(); \
         const file = (name, type) => data.items.add(new File(['abc'], name, {{ type }})); \
         const text = (words) => data.setData('text/plain', words); \
         const drag = (name) => new DragEvent(name, {{ dataTransfer: data, bubbles: true, cancelable: true }}); \
         const paste = () => new ClipboardEvent('paste', {{ clipboardData: data, bubbles: true, cancelable: true }}); \
         {what}"
    );
    Function::new_with_args("element", &script).call1(&wasm_bindgen::JsValue::NULL, at).unwrap().is_truthy()
}

#[wasm_bindgen_test]
async fn files_are_taken_wherever_they_are_dropped_and_texts_are_not() {
    let (stage, files) = zone().await;
    let inside = stage.find("textarea").unwrap();
    assert!(!fire(&inside, "file('a.txt', 'text/plain'); return element.dispatchEvent(drag('dragenter'));"));
    until("it shows that it takes them", || stage.find(".drop-hint").is_some()).await;
    fire(&inside, "file('a.txt', 'text/plain'); return element.dispatchEvent(drag('dragleave'));");
    until("it shows so no more", || stage.find(".drop-hint").is_none()).await;
    let beside = support_spa::browser::document().unwrap().body().unwrap();
    assert!(!fire(&beside, "file('a.txt', 'text/plain'); return element.dispatchEvent(drag('drop'));"));
    until("it is there", || stage.says("a.txt")).await;
    assert!(fire(&inside, "text('words'); return element.dispatchEvent(drag('drop'));"));
    assert_eq!(untrack(|| files.items().len()), 1);
}

#[wasm_bindgen_test]
async fn pictures_are_taken_from_the_clipboard_and_a_table_stays_text() {
    let (stage, files) = zone().await;
    let inside = stage.find("textarea").unwrap();
    assert!(!fire(&inside, "file('image.png', 'image/png'); return element.dispatchEvent(paste());"));
    until("it is there", || untrack(|| files.items().len()) == 1).await;
    let name = untrack(|| files.items()[0].name.clone());
    assert!(name != "image.png" && name.ends_with(".png"), "{name}");
    assert!(fire(&inside, "text('a b'); file('image.png', 'image/png'); return element.dispatchEvent(paste());"));
    assert!(fire(&inside, "text('a b'); return element.dispatchEvent(paste());"));
    settle().await;
    assert_eq!(untrack(|| files.items().len()), 1);
}
