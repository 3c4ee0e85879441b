//! The sign-in page, which is also the shell that is shown before any code has loaded.

use leptos::prelude::*;
use shared::endpoints::auth::Session as Issued;

use super::form::PasskeyForm;
use crate::bandz::{Bandz, Scene};
use crate::i18n::t;
use crate::session::use_session;
use crate::ui::dynamic;
use crate::webauthn;

/// The sign-in page.
#[component]
pub fn SignInPage() -> impl IntoView {
    let session = use_session();
    let on_session = Callback::new(move |issued: Issued| {
        // Where to go next follows from the address; see `features::guard`.
        session.begin(issued);
    });
    // In the shell nothing is known of the browser yet, so the shell shows what nearly all will see.
    let supported = !cfg!(target_arch = "wasm32") || webauthn::is_supported();
    let way_in = move || {
        if supported {
            view! { <PasskeyForm autofill=true on_session=on_session/> }.into_any()
        } else {
            view! {
                <div class="note failed" role="alert">
                    <h2>{t!(sign_in_unsupported_title)}</h2>
                    <p>{t!(sign_in_unsupported_body)}</p>
                </div>
            }
            .into_any()
        }
    };
    view! {
        <main class="gate" id="content">
            <div class="gate-card">
                <Bandz scene=Scene::Welcome/>
                <h1 tabindex="-1">
                    <span>{t!(sign_in_title)}</span>
                    " "
                    <span>{t!(sign_in_question)}</span>
                </h1>
                <p class="lead">{t!(sign_in_lead)}</p>
                {dynamic(way_in)}
                <p class="hint">{t!(sign_in_new_here)}</p>
                <p class="privacy">{t!(sign_in_privacy)}</p>
            </div>
        </main>
    }
}
