//! The notices, the most important first.

use leptos::prelude::*;
use shared::endpoints::desk::{Notice, NoticeKind};

use super::store::use_notices;
use crate::i18n::{Key, format, t, t_now};
use crate::icons::{Icon, IconView};
use crate::ui::{dynamic, use_announcer};

/// The notices.
#[component]
pub fn Notices(
    /// Titles only, as above a list; in full above a form.
    compact: bool,
) -> impl IntoView {
    let store = use_notices();
    let announcer = use_announcer();
    if compact {
        Effect::new(move |before: Option<usize>| {
            let notices = store.shown();
            if let Some(first) = notices.first().filter(|_| notices.len() > before.unwrap_or_default()) {
                announcer.say(t_now!(notices_announced, title = first.title.as_str()));
            }
            notices.len()
        });
    }
    dynamic(move || {
        let notices = store.shown();
        if notices.is_empty() {
            return ().into_any();
        }
        let all = notices.into_iter().map(|notice| one(notice, compact)).collect_view();
        // Beside the list there may be those above a form: a page has each landmark once.
        let role = (!compact).then_some("group");
        view! { <section class="notices" role=role aria-label=t!(notices_label)>{all}</section> }.into_any()
    })
}

fn one(notice: Notice, compact: bool) -> AnyView {
    let store = use_notices();
    let id = notice.id;
    let (icon, kind) = match notice.kind {
        NoticeKind::Incident => (Icon::Warning, "incident"),
        NoticeKind::Maintenance => (Icon::Settings, "maintenance"),
        NoticeKind::Hours => (Icon::Clock, "hours"),
    };
    let when = Signal::derive(move || {
        let since = t_now!(notices_since, time = format::short(notice.since));
        match notice.until {
            Some(until) => [since, t_now!(notices_until, time = format::short(until))].join(", "),
            None => since,
        }
    });
    let body = (!compact).then(|| {
        let known = (notice.kind == NoticeKind::Incident).then(|| view! { <p>{t!(notices_known)}</p> });
        view! { <p class="notice-body">{notice.body.into_string()}</p> {known} }
    });
    view! {
        <div class="notice" data-kind=kind>
            <IconView icon=icon/>
            <div>
                <p class="notice-title">
                    <span class="notice-kind">{Key::from(notice.kind).signal()}</span>
                    " "
                    <strong>{notice.title.into_string()}</strong>
                </p>
                <p class="hint">{when}</p>
                {body}
            </div>
            <button type="button" class="icon-button" aria-label=t!(notices_dismiss) on:click=move |_| store.hide(id)>
                <IconView icon=Icon::Close/>
            </button>
        </div>
    }
    .into_any()
}
