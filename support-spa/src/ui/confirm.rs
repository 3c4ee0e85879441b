//! "Are you sure?", for what cannot be undone.

use leptos::prelude::*;

use super::{ActionButton, Dialog, Look};
use crate::i18n::t;

/// Asks before something that cannot be undone.
#[component]
pub fn Confirm(
    /// The question.
    #[prop(into)]
    title: Signal<String>,
    /// What it would mean.
    #[prop(into)]
    body: Signal<String>,
    /// What the button says that does it.
    #[prop(into)]
    action: Signal<String>,
    /// Whether it is being done.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// How that button looks.
    #[prop(optional)]
    look: Option<Look>,
    /// Does it.
    #[prop(into)]
    on_confirm: Callback<()>,
    /// Does nothing, and closes.
    #[prop(into)]
    on_cancel: Callback<()>,
) -> impl IntoView {
    view! {
        <Dialog title=title on_dismiss=on_cancel class="confirm">
            <p>{body}</p>
            <div class="actions">
                <ActionButton label=t!(app_cancel) on_press=on_cancel/>
                <ActionButton label=action busy=busy look=look.unwrap_or(Look::Danger) on_press=on_confirm/>
            </div>
        </Dialog>
    }
}
