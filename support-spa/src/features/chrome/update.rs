//! A new version of the portal while an old one is open. Nothing is taken from the customer: drafts are saved, a reload is theirs to do.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::{document, is_visible, timer, window};
use crate::client;
use crate::i18n::t;
use crate::ui::{ActionButton, Look, dynamic};

/// Milliseconds between looks.
const EVERY: i32 = 10 * 60 * 1000;

/// Says that there is a new version, once there is.
#[component]
pub fn UpdateNote() -> impl IntoView {
    let found = RwSignal::new(false);
    timer::every(EVERY, move || {
        if is_visible() && !found.get_untracked() {
            spawn_local(async move {
                if is_outdated().await {
                    found.try_set(true);
                }
            });
        }
    });
    let reload = Callback::new(move |()| {
        if let Some(window) = window() {
            let _ = window.location().reload();
        }
    });
    let later = Callback::new(move |()| found.set(false));
    dynamic(move || {
        if !found.get() {
            return ().into_any();
        }
        view! {
            <div class="banner update" role="status">
                <p><strong>{t!(update_title)}</strong>" "{t!(update_body)}</p>
                <ActionButton label=t!(update_action) on_press=reload/>
                <ActionButton label=t!(update_later) look=Look::Quiet on_press=later/>
            </div>
        }
        .into_any()
    })
}

/// The page names its programs, whose addresses carry their content's digest; a newer deployment answers with others.
async fn is_outdated() -> bool {
    let Some(ours) = script_address() else { return false };
    let Some(page) = client::newest_page().await else { return false };
    page.contains("/assets/portal-") && !page.contains(&ours)
}

fn script_address() -> Option<String> {
    let element = document()?.query_selector("script[src*='/portal-']").ok()??;
    element.get_attribute("src").filter(|address| !address.is_empty())
}
