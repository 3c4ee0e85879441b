//! The heading of a page.

use leptos::html;
use leptos::prelude::*;

use crate::router::use_router;

/// The one `h1` of a page. When its page was gone to, it takes the focus, whether it was there at once or had to be waited for.
#[component]
pub fn PageHeading(
    /// What it says.
    children: Children,
) -> impl IntoView {
    let router = use_router();
    let node = NodeRef::<html::H1>::new();
    Effect::new(move |_| {
        if node.get().is_some() {
            router.heading_is_there();
        }
    });
    view! { <h1 tabindex="-1" node_ref=node>{children()}</h1> }
}
