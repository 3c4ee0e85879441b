//! Whether what is written is safe.

use leptos::prelude::*;

use crate::features::drafts::{Draft, Saved};
use crate::i18n::{format, t_now};

/// "Saved 12:04", or that it is not.
#[component]
pub fn SavedLine(
    /// The draft.
    draft: Draft,
) -> impl IntoView {
    let text = Signal::derive(move || match draft.saved.get() {
        Saved::Nothing => String::new(),
        Saved::Pending => t_now!(composer_saving),
        Saved::At(at) => t_now!(composer_saved, time = format::time(at)),
        Saved::Refused => t_now!(composer_not_saved),
    });
    let failed = move || draft.saved.get() == Saved::Refused;
    view! { <span class="saved" class:failed=failed>{text}</span> }
}
