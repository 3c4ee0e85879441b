//! The sign-in page as a program of its own, which leads on to the portal.
//!
//! It knows addresses, settings, languages and other tabs, because signing in needs them, and nothing of tickets. Who signs in, or is
//! found signed in, gets the portal in its place; `loader/boot.js` brings it.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::bandz::{Bandz, Scene};
use crate::browser::{document, programs, window};
use crate::features::guard;
use crate::features::settings;
use crate::features::sign_in::SignInPage;
use crate::i18n::{m, t, t_now};
use crate::router::{self, Page};
use crate::session::{self, Session, State};
use crate::ui::{ActionButton, Announcer, LiveRegions, Look, dynamic};

/// The sign-in page, alone.
#[component]
pub fn Entrance() -> impl IntoView {
    let session = Session::new();
    session.restore();
    let announcer = Announcer::default();
    provide_context(session);
    provide_context(announcer);
    settings::speak();
    session::tabs::join(session);

    let page = router::current();
    // The portal has the page that says so.
    let is_for_the_portal = page == Page::NotFound;
    if let Some((page, _)) = guard::redirect(&page, &router::current_fragment(), &State::SignedOut) {
        router::stand_at(&page);
    }
    Effect::new(move |_| {
        if let Some(document) = document() {
            document.set_title(&m!(app_title, page = t_now!(sign_in_page)).text());
        }
    });
    let is_lost = RwSignal::new(false);
    Effect::new(move |_| {
        if is_for_the_portal || session.is_active() {
            spawn_local(async move {
                if !programs::open_portal().await {
                    announcer.interrupt(t_now!(entrance_lost_title));
                    is_lost.try_set(true);
                }
            });
        }
    });
    view! {
        <a class="skip-link" href="#content">{t!(app_skip_to_content)}</a>
        {dynamic(move || if is_lost.get() { view! { <Lost/> }.into_any() } else { view! { <SignInPage/> }.into_any() })}
        <LiveRegions/>
    }
}

/// Signed in, and the portal does not come. The session is kept in this tab, so a reload goes straight to the portal.
#[component]
fn Lost() -> impl IntoView {
    let reload = Callback::new(move |()| {
        if let Some(window) = window() {
            let _ = window.location().reload();
        }
    });
    view! {
        <main class="gate" id="content">
            <div class="gate-card">
                <Bandz scene=Scene::Offline/>
                <h1 tabindex="-1">{t!(entrance_lost_title)}</h1>
                <p class="lead">{t!(entrance_lost_body)}</p>
                <ActionButton label=t!(app_retry) look=Look::Primary on_press=reload/>
            </div>
        </main>
    }
}
