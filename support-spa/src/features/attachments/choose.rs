//! Choosing files, dropping them, pasting them, and seeing how they get on.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DataTransfer, DragEvent, File, FileList as BrowserFiles};

use super::item::{Item, ItemState};
use super::queue::Attachments;
use crate::browser::listen;
use crate::i18n::{format, t, t_now};
use crate::icons::{Icon, IconView, file_kind};
use crate::ui::{dynamic, use_announcer};

/// Opens the system's file picker.
#[component]
pub fn AttachButton(
    /// Where the files go.
    files: Attachments,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let open = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let chosen = move |_| {
        let Some(input) = input.get_untracked() else { return };
        add_all(files, input.files());
        // The same file can be chosen again after it was taken away.
        input.set_value("");
    };
    view! {
        <button type="button" class="button quiet attach" on:click=open>
            <IconView icon=Icon::Attach/>
            {t!(files_add)}
        </button>
        <input
            node_ref=input
            type="file"
            multiple
            hidden
            tabindex="-1"
            aria-label=t!(files_add)
            on:change=chosen
        />
    }
}

fn add_all(files: Attachments, chosen: Option<BrowserFiles>) {
    let Some(chosen) = chosen else { return };
    for index in 0..chosen.length() {
        if let Some(file) = chosen.item(index) {
            files.add(file);
        }
    }
}

/// Takes files that are dropped, and shows over what it holds that it does.
#[component]
pub fn DropZone(
    /// Where the files go.
    files: Attachments,
    /// Classes.
    #[prop(optional)]
    class: &'static str,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    // Entering a child fires a leave of the parent, so the depth is counted.
    let depth = RwSignal::new(0_i32);
    // Wherever on the page they are let go of: a browser would open a file that nobody takes in place of what is being written.
    listen::on_window("dragover", |event| {
        if carries_files(event.unchecked_ref()) {
            event.prevent_default();
        }
    });
    listen::on_window("drop", move |event| {
        depth.set(0);
        let event: &DragEvent = event.unchecked_ref();
        if let Some(data) = event.data_transfer().filter(|_| carries_files(event)) {
            event.prevent_default();
            add_all(files, data.files());
        }
    });
    let hint = move || {
        if depth.get() > 0 {
            view! { <div class="drop-hint" aria-hidden="true">{t!(files_drop)}</div> }.into_any()
        } else {
            ().into_any()
        }
    };
    let dragging = move || depth.get() > 0;
    let class = ["drop-zone ", class].concat();
    view! {
        <div
            class=class
            class:dragging=dragging
            on:dragenter=move |event: DragEvent| {
                if carries_files(&event) {
                    event.prevent_default();
                    depth.update(|depth| *depth += 1);
                }
            }
            on:dragleave=move |_| depth.update(|depth| *depth = (*depth - 1).max(0))
        >
            {children()}
            {dynamic(hint)}
        </div>
    }
}

fn carries_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0))
}

/// Takes files that are pasted. Text goes its usual way.
pub fn take_from_paste(files: Attachments, event: &web_sys::Event) {
    let Some(data) = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data) else { return };
    let Some(pasted) = data.files().filter(|pasted| pasted.length() > 0) else { return };
    // A table copied from an office program brings a picture of itself beside its text; the text is what was meant.
    if has_text(&data) {
        return;
    }
    event.prevent_default();
    for index in 0..pasted.length() {
        if let Some(file) = pasted.item(index) {
            files.add(named(file));
        }
    }
}

fn has_text(data: &DataTransfer) -> bool {
    data.get_data("text/plain").is_ok_and(|text| !text.is_empty())
}

/// Every browser calls a pasted picture `image.png`; a time tells two of them apart.
fn named(file: File) -> File {
    if file.name() != "image.png" {
        return file;
    }
    let time = format::time(shared::Timestamp::from_millis(crate::browser::now())).replace([':', '/'], ".");
    let parts = js_sys::Array::of1(&file);
    let name = t_now!(files_pasted_name, time = time);
    let options = web_sys::FilePropertyBag::new();
    options.set_type(&file.type_());
    File::new_with_blob_sequence_and_options(&parts, &name, &options).unwrap_or(file)
}

/// The files, each with its progress, its problem, and a way to be rid of it.
#[component]
pub fn FileList(
    /// The files.
    files: Attachments,
) -> impl IntoView {
    let announcer = use_announcer();
    // What changed since the last look is said: a file that is there, a file that is not.
    Effect::new(move |before: Option<Vec<(u32, bool)>>| {
        let items = files.items();
        let before = before.unwrap_or_default();
        for item in &items {
            let was_settled = before.iter().any(|(id, settled)| *id == item.id && *settled);
            if was_settled || item.is_under_way() {
                continue;
            }
            match item.problem() {
                Some(problem) => announcer.interrupt(problem.text()),
                None => announcer.say(t_now!(files_added, name = item.name.clone())),
            }
        }
        items.iter().map(|item| (item.id, !item.is_under_way())).collect()
    });
    let ids = Memo::new(move |_| files.items().iter().map(|item| item.id).collect::<Vec<_>>());
    let list = move || {
        let ids = ids.get();
        if ids.is_empty() {
            return ().into_any();
        }
        let rows = ids.into_iter().map(|id| one(files, id)).collect_view();
        view! { <ul class="files" aria-label=t!(files_list_label)>{rows}</ul> }.into_any()
    };
    let left_out = move || {
        files.left_out.get().map(|text| view! { <p class="note failed" role="alert">{text.signal()}</p> }).into_any()
    };
    view! {
        {dynamic(list)}
        {dynamic(left_out)}
    }
}

fn one(files: Attachments, id: u32) -> AnyView {
    let item = Memo::new_with_compare(move |_| files.items().into_iter().find(|item| item.id == id), |_, _| true);
    let Some(first) = item.get_untracked() else { return ().into_any() };
    let (icon, kind) = file_kind(&first.media_type);
    let name = first.name.clone();
    let size = first.size;
    let retry_name = name.clone();
    let state = move || match item.get() {
        Some(item) => state_of(files, &item, retry_name.clone()),
        None => ().into_any(),
    };
    let remove_label = {
        let name = name.clone();
        Signal::derive(move || {
            let name = name.clone();
            match item.get() {
                Some(item) if item.is_under_way() => t_now!(files_cancel, name = name),
                _ => t_now!(files_remove, name = name),
            }
        })
    };
    let failed = move || item.get().is_some_and(|item| item.has_failed());
    view! {
        <li class="file" class:failed=failed data-kind=kind>
            <IconView icon=icon/>
            <span class="file-name"><bdi>{name}</bdi></span>
            <span class="file-size">{Signal::derive(move || format::size(size))}</span>
            {dynamic(state)}
            <button
                type="button"
                class="icon-button"
                aria-label=remove_label
                on:click=move |_| files.remove(id)
            >
                <IconView icon=Icon::Close/>
            </button>
        </li>
    }
    .into_any()
}

fn state_of(files: Attachments, item: &Item, name: String) -> AnyView {
    match &item.state {
        ItemState::Waiting => view! { <span class="file-state">{t!(files_waiting)}</span> }.into_any(),
        ItemState::Uploading(share, _) => {
            let share = *share;
            view! {
                <span class="file-state">
                    <progress max="100" value=share aria-label=t!(files_uploading_label, name = name.clone())></progress>
                    <span aria-hidden="true">{Signal::derive(move || format::percent(f64::from(share) / 100.0))}</span>
                </span>
            }
            .into_any()
        }
        ItemState::Ready(..) => {
            view! { <span class="file-state ready"><IconView icon=Icon::Tick/>{t!(files_ready)}</span> }.into_any()
        }
        ItemState::Failed(_) | ItemState::Refused(_) => {
            let problem = item.problem().map(|problem| problem.signal());
            let id = item.id;
            let retry = matches!(item.state, ItemState::Failed(_)).then(|| {
                view! {
                    <button
                        type="button"
                        class="button quiet"
                        on:click=move |_| files.retry(id)
                    >
                        {t!(app_retry)}
                        <span class="visually-hidden">" "{name.clone()}</span>
                    </button>
                }
            });
            view! { <span class="file-state"><span class="file-problem">{problem}</span>{retry}</span> }.into_any()
        }
    }
}
