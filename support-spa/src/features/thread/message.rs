//! One message.

use leptos::prelude::*;
use shared::endpoints::tickets::{Author, AuthorKind, Message};

use super::attachments::attachments;
use super::copying::copy;
use super::delivery::delivery;
use super::height;
use super::rich_text::{Images, rich_text};
use super::store::ThreadStore;
use crate::i18n::{format, keys, t, t_now};
use crate::router::{Page, use_router};
use crate::session::use_session;
use crate::ui::{Time, TimeStyle, use_toasts};

/// One message of a thread.
pub(super) fn message(store: ThreadStore, message: Message, is_newest: bool) -> AnyView {
    // The newest are laid out in any case.
    let height = (!is_newest).then(|| height::guess(&message));
    let Message { id, author, sent_at, body, quoted, attachments: files, delivery: state } = message;
    let mine = author.kind == AuthorKind::You;
    let class = match author.kind {
        AuthorKind::You => "message mine",
        AuthorKind::Team => "message team",
        AuthorKind::Participant => "message participant",
    };
    let name = author_name(&author);
    let label = Signal::derive(move || t_now!(thread_message_by, name = name.get(), time = format::full(sent_at)));
    let images = Images::of(store.id, &files);
    let text = if body.is_empty() {
        view! { <p class="hint">{t!(thread_empty_message)}</p> }.into_any()
    } else {
        rich_text(&body, &images)
    };
    let quote = (!quoted.is_empty()).then(|| {
        let quoted = rich_text(&quoted, &images);
        view! {
            <details class="quoted">
                <summary>{t!(thread_quote_show)}</summary>
                <div>{quoted}</div>
            </details>
        }
    });
    let role = match author.kind {
        AuthorKind::Team => author.name.is_some().then(|| t!(thread_team)),
        AuthorKind::You | AuthorKind::Participant => None,
    };
    let role = role.map(|role| view! { <span class="role">{role}</span> });
    let files = attachments(store.id, files.into_vec());
    let delivered = mine.then(|| delivery(store, id, sent_at, state));
    view! {
        <li
            class=class
            class:newest=is_newest
            style:contain-intrinsic-block-size=height
            id=id.to_string()
            tabindex="-1"
        >
            <article aria-label=label>
                <span class="avatar" aria-hidden="true">{initials(&author)}</span>
                <header class="who">
                    <span class="name"><bdi>{name}</bdi></span>
                    {role}
                    <Permalink id=id.to_string() at=sent_at store=store/>
                </header>
                <div class="bubble">
                    {text}
                    {quote}
                    {files}
                </div>
                {delivered}
            </article>
        </li>
    }
    .into_any()
}

fn author_name(author: &Author) -> Signal<String> {
    match (&author.name, author.kind) {
        (_, AuthorKind::You) => keys::thread_you.signal(),
        (Some(name), _) => Signal::stored(name.as_str().to_owned()),
        (None, _) => keys::thread_team.signal(),
    }
}

/// At most two letters that stand for somebody.
#[must_use]
pub(crate) fn letters(name: &str) -> String {
    let mut first = name.split_whitespace().filter_map(|word| word.chars().next());
    let one = first.next();
    let last = first.next_back();
    one.into_iter().chain(last).flat_map(char::to_uppercase).take(2).collect()
}

fn initials(author: &Author) -> String {
    let name = match author.kind {
        AuthorKind::You => use_session().customer().map(|customer| customer.name.into_string()),
        _ => author.name.as_ref().map(|name| name.as_str().to_owned()),
    };
    letters(&name.unwrap_or_else(|| "R".to_owned()))
}

/// The message's time, which is also the link to it.
#[component]
fn Permalink(id: String, at: shared::Timestamp, store: ThreadStore) -> impl IntoView {
    let router = use_router();
    let toasts = use_toasts();
    let address = [&Page::Ticket(store.id).address(), "#", &id].concat();
    let href = address.clone();
    let label = Signal::derive(move || [t_now!(thread_permalink), format::time(at)].join(", "));
    let follow = move |event: leptos::ev::MouseEvent| {
        if !crate::router::is_plain(&event) {
            return;
        }
        event.prevent_default();
        router.point_to(&id);
        let origin = crate::browser::window().and_then(|window| window.location().origin().ok());
        let link = [origin.unwrap_or_default(), address.clone()].concat();
        copy(toasts, link);
    };
    view! {
        <a class="permalink" href=href aria-label=label on:click=follow>
            <Time at=at style=TimeStyle::TimeOfDay/>
        </a>
    }
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn two_letters_at_most() {
        assert_eq!(letters("Dana Moreno"), "DM");
        assert_eq!(letters("maya"), "M");
        assert_eq!(letters("Ana Lucía de la Cruz"), "AC");
        assert_eq!(letters("ßa"), "SS");
        assert_eq!(letters(""), "");
    }
}
