//! A page that does not exist.

use leptos::prelude::*;

use crate::bandz::Scene;
use crate::i18n::t;
use crate::router::{Link, ListPlace, Page};
use crate::ui::EmptyState;

/// The page for every address that is none of ours.
#[component]
pub fn MissingPage() -> impl IntoView {
    view! {
        <main id="content" class="page">
            <EmptyState scene=Scene::NotFound title=t!(missing_page_title) body=t!(missing_page_body) is_page=true>
                <Link to=Page::Tickets(ListPlace::default()) class="button primary">{t!(missing_page_action)}</Link>
            </EmptyState>
        </main>
    }
}
