//! The box that one writes in.

use leptos::html;
use leptos::prelude::*;
use shared::endpoints::tickets::MessageText;
use shared::rich_text::{Block, Inline, RichText, compose};

use crate::features::attachments::{Attachments, take_from_paste};
use crate::features::thread::rich_text::{Images, rich_text};
use crate::i18n::{Key, keys, t};
use crate::ui::dynamic;

/// From so many characters before the end on, the number that is left is shown.
const SHOW_LEFT: usize = 1_000;

/// A box that grows with its text, takes pasted files, shows what light Markdown will look like, and sends on Ctrl or Cmd and Enter.
#[component]
pub fn MessageEditor(
    /// Names the box within the page.
    id: &'static str,
    /// What it is for.
    label: Key,
    /// What stands in it while it is empty.
    placeholder: Key,
    /// The text.
    body: RwSignal<String>,
    /// Where pasted files go.
    files: Attachments,
    /// What is wrong with the text.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Lines that are always shown.
    #[prop(default = 3)]
    rows: usize,
    /// Whether the label is there for assistive technology only.
    #[prop(optional)]
    label_is_hidden: bool,
    /// Sends.
    #[prop(into)]
    on_submit: Callback<()>,
) -> impl IntoView {
    let node = NodeRef::<html::Textarea>::new();
    let lines = Signal::derive(move || body.with(|body| body.lines().count() + 1).clamp(rows, 18).to_string());
    let left = Memo::new(move |_| body.with(|body| MessageText::MAX as i64 - body.chars().count() as i64));
    let error_id = [id, "-error"].concat();
    let described = {
        let error_id = error_id.clone();
        Signal::derive(move || error.get().is_some().then(|| error_id.clone()))
    };
    let key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) && !event.is_composing() {
            event.prevent_default();
            on_submit.run(());
        }
    };
    let counter = move || match left.get() {
        over if over < 0 => {
            view! { <p class="counter over">{t!(composer_too_long, count = over.unsigned_abs())}</p> }.into_any()
        }
        left if left < SHOW_LEFT as i64 => {
            view! { <p class="counter">{t!(composer_characters_left, count = left.unsigned_abs())}</p> }.into_any()
        }
        _ => ().into_any(),
    };
    let problem = move || match error.get() {
        Some(text) => view! { <p class="field-error" id=error_id.clone()>{text}</p> }.into_any(),
        None => ().into_any(),
    };
    let preview = Memo::new(move |_| {
        let text = body.with(|body| compose(body));
        has_structure(&text).then_some(text)
    });
    let shown = move || match preview.get() {
        Some(text) => view! {
            <section class="preview" aria-label=t!(composer_preview)>
                <p class="preview-label" aria-hidden="true">{t!(composer_preview)}</p>
                {rich_text(&text, &Images::default())}
            </section>
        }
        .into_any(),
        None => ().into_any(),
    };
    view! {
        <div class="field editor">
            <label for=id class:visually-hidden=label_is_hidden>{label.signal()}</label>
            <textarea
                node_ref=node
                id=id
                rows=lines
                spellcheck="true"
                placeholder=placeholder.signal()
                aria-describedby=described
                aria-invalid=Signal::derive(move || error.get().is_some().then_some("true"))
                aria-keyshortcuts="Control+Enter Meta+Enter"
                bind:value=body
                on:keydown=key
                on:paste=move |event| take_from_paste(files, &event)
            ></textarea>
            {dynamic(problem)}
            {dynamic(counter)}
            {dynamic(shown)}
        </div>
    }
}

/// Whether a text will look different from what was typed.
fn has_structure(text: &RichText) -> bool {
    let plain = |inline: &Inline| matches!(inline, Inline::Text(_) | Inline::Break);
    text.blocks().iter().any(|block| match block {
        Block::Paragraph(inlines) => !inlines.iter().all(plain),
        _ => true,
    })
}

/// What sends, as the customer's keyboard has it.
#[must_use]
pub fn send_shortcut() -> Key {
    let platform = crate::browser::window().and_then(|window| window.navigator().platform().ok()).unwrap_or_default();
    if platform.starts_with("Mac") || platform.starts_with("iP") {
        keys::composer_send_shortcut_mac
    } else {
        keys::composer_send_shortcut
    }
}
