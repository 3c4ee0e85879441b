//! A page or a part of it that has nothing to show, and says why and what to do next.

use leptos::prelude::*;

use super::PageHeading;
use crate::bandz::{Bandz, Scene};

/// A scene with Bandz, a heading, a sentence, and what to do next.
#[component]
pub fn EmptyState(
    /// What Bandz does.
    scene: Scene,
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
    /// What it means.
    #[prop(optional, into)]
    body: Option<Signal<String>>,
    /// Whether this is the page's own heading.
    #[prop(optional)]
    is_page: bool,
    /// What to do next.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let heading = if is_page {
        view! { <PageHeading>{title}</PageHeading> }.into_any()
    } else {
        view! { <h2>{title}</h2> }.into_any()
    };
    view! {
        <div class="empty-state">
            <Bandz scene=scene/>
            {heading}
            {body.map(|body| view! { <p>{body}</p> })}
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
        </div>
    }
}
