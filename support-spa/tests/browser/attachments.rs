//! Files on their way, with the sending itself replaced by what the test says it does.

use js_sys::{Array, Function};
use leptos::prelude::*;
use shared::UploadId;
use support_spa::browser::window;
use support_spa::features::attachments::{AttachButton, Attachments, FileList};
use support_spa::ui::Announcer;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Blob, File};

use crate::stage::{Server, Stage, mount, signed_in, until};

/// Replaces `XMLHttpRequest`: `sent` is the body of a function that runs on `send` with `done(status, text)` and `progress(share)`.
fn uploads(sent: &str) {
    let script = format!(
        "window.XMLHttpRequest = class {{ \
           constructor() {{ this.upload = {{}}; this.headers = {{}}; window.lastRequest = this; }} \
           open(method, url) {{ this.line = method + ' ' + url; }} \
           setRequestHeader(name, value) {{ this.headers[name] = value; }} \
           getResponseHeader() {{ return null; }} \
           abort() {{ this.status = 0; this.onloadend?.(new Event('loadend')); }} \
           send(body) {{ \
             const done = (status, text) => {{ this.status = status; \
               this.response = new TextEncoder().encode(text).buffer; this.onloadend(new Event('loadend')); }}; \
             const progress = (share) => this.upload.onprogress?.( \
               new ProgressEvent('progress', {{ lengthComputable: true, loaded: share, total: 100 }})); \
             {sent} }} }};"
    );
    Function::new_no_args(&script).call0(&window().unwrap()).unwrap();
}

fn uploaded() -> String {
    format!(
        r#"{{"id":"{}","name":"a.txt","media_type":"text/plain","size":3,"expires_at":"{}"}}"#,
        UploadId::from_bits(8),
        crate::fixtures::ago(-600)
    )
}

fn file(name: &str, size: usize) -> File {
    let bytes = js_sys::Uint8Array::new_with_length(u32::try_from(size).unwrap());
    File::new_with_u8_array_sequence(&Array::of1(&bytes), name).unwrap()
}

fn list() -> (Stage, Attachments) {
    let handed = StoredValue::new(None);
    let stage = mount(move || {
        provide_context(Announcer::default());
        let files = Attachments::new();
        handed.set_value(Some(files));
        view! { <FileList files=files/> }
    });
    (stage, handed.get_value().unwrap())
}

#[wasm_bindgen_test]
async fn a_file_shows_its_progress_and_then_that_it_is_there() {
    signed_in().await;
    uploads(&format!("setTimeout(() => progress(40), 5); setTimeout(() => done(201, '{}'), 300);", uploaded()));
    let (stage, files) = list();
    files.add(file("a b.txt", 3));
    let shown = || stage.find("progress").and_then(|bar| bar.get_attribute("value"));
    until("it shows how far", || shown().as_deref() == Some("40")).await;
    until("it is there", || files.upload_ids().len() == 1).await;
    assert_eq!(files.upload_ids()[0], UploadId::from_bits(8));
    assert!(stage.says("Attached"));
    let line =
        js_sys::Reflect::get(&js_sys::Reflect::get(&window().unwrap(), &"lastRequest".into()).unwrap(), &"line".into());
    assert_eq!(line.unwrap().as_string().unwrap(), "POST /api/v1/support/uploads?name=a%20b.txt");
}

#[wasm_bindgen_test]
async fn what_can_not_be_taken_is_refused_before_it_is_sent() {
    signed_in().await;
    uploads("throw new Error('nothing may be sent');");
    let (stage, files) = list();
    files.add(file("empty.txt", 0));
    files.add(file("huge.bin", shared::Upload::MAX_BYTES + 1));
    until("both are refused", || untrack(|| files.failed()) == 2).await;
    until("both are explained", || stage.says("empty.txt is empty.") && stage.says("huge.bin has")).await;
    assert!(files.upload_ids().is_empty() && files.kept().is_empty());
    assert!(stage.button("Try again").is_none());
}

#[wasm_bindgen_test]
async fn a_refusal_of_the_server_names_the_file_and_a_failure_can_be_tried_again() {
    signed_in().await;
    uploads(&format!("done(422, '{}');", crate::fixtures::problem("file_rejected", 422)));
    let (stage, files) = list();
    files.add(file("tool.exe", 9));
    until("it says so", || stage.says("tool.exe is a kind of file that we do not accept.")).await;
    uploads("done(0, '');");
    files.add(file("b.txt", 9));
    until("it was interrupted", || stage.says("The upload of b.txt was interrupted.")).await;
    uploads(&format!("done(201, '{}');", uploaded()));
    stage.press("Try again b.txt");
    until("it is there", || files.upload_ids().len() == 1).await;
}

#[wasm_bindgen_test]
async fn ten_files_and_no_more_and_none_twice() {
    signed_in().await;
    uploads(&format!("done(201, '{}');", uploaded()));
    let (stage, files) = list();
    for number in 0..10 {
        files.add(file(&format!("{number}.txt"), 3));
    }
    files.add(file("0.txt", 3));
    until("the second one is left out", || stage.says("0.txt is attached already.")).await;
    files.add(file("eleventh.txt", 3));
    until("the eleventh is left out", || stage.says("eleventh.txt was left out.")).await;
    until("ten are there", || files.upload_ids().len() == 10).await;
}

#[wasm_bindgen_test]
async fn taking_a_file_away_calls_it_off_or_throws_it_away() {
    signed_in().await;
    let server = Server::install();
    server.answer("DELETE /api/v1/support/uploads/", 204, "");
    uploads("progress(10);");
    let (stage, files) = list();
    files.add(file("slow.txt", 3));
    until("it is on its way", || stage.button("Cancel the upload of slow.txt").is_some()).await;
    stage.press("Cancel the upload of slow.txt");
    until("it is gone", || stage.find(".file").is_none()).await;
    assert!(server.calls("DELETE").is_empty());
    uploads(&format!("done(201, '{}');", uploaded()));
    files.add(file("done.txt", 3));
    until("it is there", || stage.button("Remove done.txt").is_some()).await;
    stage.press("Remove done.txt");
    until("it is thrown away", || server.calls("DELETE").len() == 1).await;
}

#[wasm_bindgen_test]
async fn a_draft_uploads_again_only_what_is_not_there_any_more() {
    signed_in().await;
    uploads(&format!("done(201, '{}');", uploaded()));
    let (_stage, files) = list();
    let blob: Blob = file("x", 3).into();
    let keep = |name: &str, id, until| support_spa::features::drafts::KeptFile {
        name: name.into(),
        blob: blob.clone(),
        upload: Some((UploadId::from_bits(id), until)),
    };
    let now = support_spa::browser::now();
    files.follow(vec![keep("fresh.txt", 1, now + 3_600_000), keep("stale.txt", 2, now - 1)]);
    until("both are there", || files.upload_ids().len() == 2).await;
    assert_eq!(files.upload_ids(), [UploadId::from_bits(1), UploadId::from_bits(8)]);
}

#[wasm_bindgen_test]
async fn the_button_opens_the_picker_and_takes_what_is_chosen_also_twice() {
    signed_in().await;
    uploads(&format!("done(201, '{}');", uploaded()));
    let handed = StoredValue::new(None);
    let stage = mount(move || {
        provide_context(Announcer::default());
        let files = Attachments::new();
        handed.set_value(Some(files));
        view! {
            <AttachButton files=files/>
            <FileList files=files/>
        }
    });
    let files: Attachments = handed.get_value().unwrap();
    let input = stage.find("input[type=file]").unwrap();
    let choose = |names: &str| {
        let script = format!(
            "input.click = () => {{ const chosen = new DataTransfer(); \
               for (const name of {names}) chosen.items.add(new File(['abc'], name, {{ type: 'text/plain' }})); \
               input.files = chosen.files; input.dispatchEvent(new Event('change', {{ bubbles: true }})); }};"
        );
        Function::new_with_args("input", &script).call1(&window().unwrap(), &input).unwrap();
        stage.press("Attach files");
    };
    choose("['a.txt', 'b.txt']");
    until("both are there", || files.upload_ids().len() == 2).await;
    assert!(stage.says("a.txt") && stage.says("b.txt") && stage.value_of("input[type=file]").is_empty());
    stage.press("Remove a.txt");
    until("it is gone", || files.upload_ids().len() == 1).await;
    choose("['a.txt']");
    until("it is there again", || files.upload_ids().len() == 2).await;
    // Whoever closes the picker without a choice has changed nothing.
    choose("[]");
    crate::stage::settle().await;
    assert_eq!(files.upload_ids().len(), 2);
}
