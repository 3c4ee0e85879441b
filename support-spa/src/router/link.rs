//! Links within the portal.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use super::{Page, use_router};

/// A link to a page. A plain click stays in the app; every other click (new tab, new window, download) is the browser's.
#[component]
pub fn Link(
    /// Where to.
    #[prop(into)]
    to: Signal<Page>,
    /// Classes.
    #[prop(optional, into)]
    class: Signal<String>,
    /// Whether this is where the customer is now.
    #[prop(optional, into)]
    current: Signal<bool>,
    /// A name for assistive technology, where the content is not enough.
    #[prop(optional, into)]
    label: Option<Signal<String>>,
    /// What is shown.
    children: Children,
) -> impl IntoView {
    let router = use_router();
    let follow = move |event: MouseEvent| {
        if is_plain(&event) {
            event.prevent_default();
            router.go(to.get_untracked());
        }
    };
    let current = Signal::derive(move || current.get().then_some("page"));
    let label = Signal::derive(move || label.map(|label| label.get()));
    view! {
        <a
            href=Signal::derive(move || to.get().address())
            class=class
            aria-current=current
            aria-label=label
            on:click=follow
        >
            {children()}
        </a>
    }
}

/// A click that means "go there", and nothing else.
pub(crate) fn is_plain(event: &MouseEvent) -> bool {
    !event.default_prevented()
        && event.button() == 0
        && !(event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key())
}
