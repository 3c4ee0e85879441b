//! The block tree as nodes. Text becomes text nodes and nothing else: no HTML is ever parsed.

use std::cell::Cell;

use leptos::prelude::*;
use shared::endpoints::files::AttachmentPath;
use shared::endpoints::tickets::Attachment;
use shared::rich_text::{Block, Inline, RichText};
use shared::{AttachmentId, TicketId};

use super::attachments::inline_image;
use super::copying::copy;
use crate::i18n::t;
use crate::ui::use_toasts;

/// The images that a text may show: the message's own attachments.
#[derive(Clone, Default)]
pub struct Images {
    files: Vec<(AttachmentPath, String)>,
    shown: Shown,
}

/// How images are shown.
#[derive(Clone, Copy, Default)]
enum Shown {
    /// As what they are.
    #[default]
    Drawn,
    /// By their names.
    Named,
}

impl Images {
    /// The images of a message.
    #[must_use]
    pub fn of(ticket_id: TicketId, files: &[Attachment]) -> Self {
        let path = |file: &Attachment| AttachmentPath { ticket_id, attachment_id: file.id };
        let files = files.iter().map(|file| (path(file), file.name.as_str().to_owned())).collect();
        Self { files, shown: Shown::Drawn }
    }

    /// The same where none is to be fetched, as on paper.
    #[must_use]
    pub fn named(self) -> Self {
        Self { shown: Shown::Named, ..self }
    }

    fn find(&self, id: AttachmentId) -> Option<&(AttachmentPath, String)> {
        self.files.iter().find(|(path, _)| path.attachment_id == id)
    }
}

/// A text with its structure.
#[must_use]
pub fn rich_text(text: &RichText, images: &Images) -> AnyView {
    let around = Around { images, heading: Cell::new(PAGE) };
    view! { <div class="rich-text">{blocks(text.blocks(), &around)}</div> }.into_any()
}

/// The level of the page's own headings that a text stands below.
const PAGE: u8 = 2;

/// What a block depends on, beside itself.
struct Around<'a> {
    images: &'a Images,
    /// The level of the heading before.
    heading: Cell<u8>,
}

fn blocks(all: &[Block], around: &Around<'_>) -> Vec<AnyView> {
    all.iter().map(|one| block(one, around)).collect()
}

fn block(block: &Block, around: &Around<'_>) -> AnyView {
    match block {
        Block::Paragraph(text) => view! { <p>{inlines(text)}</p> }.into_any(),
        Block::Heading(heading) => {
            // Mails begin with any level; whoever goes from heading to heading must not look for one that was left out.
            let level = (PAGE + heading.level).min(around.heading.get() + 1);
            around.heading.set(level);
            match level {
                3 => view! { <h3>{inlines(&heading.text)}</h3> }.into_any(),
                4 => view! { <h4>{inlines(&heading.text)}</h4> }.into_any(),
                _ => view! { <h5>{inlines(&heading.text)}</h5> }.into_any(),
            }
        }
        Block::List(list) => {
            let items = list.items.iter().map(|item| view! { <li>{blocks(item, around)}</li> }.into_any());
            let items = items.collect::<Vec<_>>();
            match list.start {
                Some(start) => view! { <ol start=start.to_string()>{items}</ol> }.into_any(),
                None => view! { <ul>{items}</ul> }.into_any(),
            }
        }
        Block::Quote(inner) => view! { <blockquote>{blocks(inner, around)}</blockquote> }.into_any(),
        Block::Code(code) => view! { <CodeView text=code.text.clone()/> }.into_any(),
        Block::Rule => view! { <hr/> }.into_any(),
        Block::Image(image) => match around.images.find(image.attachment_id) {
            Some((_, name)) if matches!(around.images.shown, Shown::Named) => {
                view! { <p>{name.clone().into_any()}</p> }.into_any()
            }
            Some((path, name)) => inline_image(path.clone(), if image.alt.is_empty() { name } else { &image.alt }),
            None => view! { <p class="hint">{t!(thread_text_removed)}</p> }.into_any(),
        },
    }
}

fn inlines(all: &[Inline]) -> Vec<AnyView> {
    all.iter().map(inline).collect()
}

fn inline(inline: &Inline) -> AnyView {
    match inline {
        Inline::Text(text) => text.clone().into_any(),
        Inline::Strong(inner) => view! { <strong>{inlines(inner)}</strong> }.into_any(),
        Inline::Emphasis(inner) => view! { <em>{inlines(inner)}</em> }.into_any(),
        Inline::Code(text) => view! { <code>{text.clone()}</code> }.into_any(),
        Inline::Link(link) => {
            let href = link.href.as_str().to_owned();
            // Where a link leads must not depend on what its text claims.
            let host = href.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next());
            let title = host.map(|host| host.to_owned());
            view! {
                <a href=href title=title target="_blank" rel="noopener noreferrer nofollow">
                    {inlines(&link.text)}
                    <span class="visually-hidden">" ("{t!(app_new_tab)}")"</span>
                </a>
            }
            .into_any()
        }
        Inline::Break => view! { <br/> }.into_any(),
    }
}

/// Code, with a button that copies it.
#[component]
fn CodeView(text: String) -> impl IntoView {
    let toasts = use_toasts();
    let code = text.clone();
    let press = move |_| copy(toasts, code.clone());
    view! {
        <div class="code-block">
            <pre tabindex="0" role="region" aria-label=t!(thread_code_label)><code>{text}</code></pre>
            <button type="button" class="button quiet" aria-label=t!(thread_code_copy) on:click=press>{t!(app_copy)}</button>
        </div>
    }
}
