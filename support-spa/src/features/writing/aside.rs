//! Two versions of one draft.

use leptos::prelude::*;

use crate::features::drafts::Draft;
use crate::i18n::t;
use crate::ui::{ActionButton, Look, dynamic};

/// Shows what another tab wrote at the same time, and lets the customer choose. Until then both are kept.
#[component]
pub fn AsideNote(
    /// The draft.
    draft: Draft,
) -> impl IntoView {
    let both = Callback::new(move |()| {
        let aside = draft.aside.get_untracked();
        draft.body.update(|body| {
            if !body.trim().is_empty() {
                body.push_str("\n\n");
            }
            body.push_str(&aside);
        });
        draft.aside.set(String::new());
    });
    let theirs = Callback::new(move |()| {
        draft.body.set(draft.aside.get_untracked());
        draft.aside.set(String::new());
    });
    let ours = Callback::new(move |()| draft.aside.set(String::new()));
    let some = Memo::new(move |_| !draft.aside.with(String::is_empty));
    dynamic(move || {
        if !some.get() {
            return ().into_any();
        }
        view! {
            <div class="note" role="group" aria-label=t!(draft_aside_title)>
                <p><strong>{t!(draft_aside_title)}</strong></p>
                <blockquote><bdi>{draft.aside}</bdi></blockquote>
                <ActionButton label=t!(draft_aside_both) look=Look::Quiet on_press=both/>
                <ActionButton label=t!(draft_aside_theirs) look=Look::Quiet on_press=theirs/>
                <ActionButton label=t!(draft_aside_ours) look=Look::Quiet on_press=ours/>
            </div>
        }
        .into_any()
    })
}
