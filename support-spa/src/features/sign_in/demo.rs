//! A demo passkey, on development systems only. Elsewhere the route answers 404 and nothing of this is shown.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::Line;
use shared::endpoints::auth::Session as Issued;

use super::ceremony;
use crate::i18n::{t, t_now};
use crate::ui::{ActionButton, Look, dynamic, use_announcer};
use crate::webauthn::{self, Mediation};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Demo {
    Hidden,
    Offered,
    Working,
    Failed,
}

/// Creates a demo customer and signs them in.
#[component]
pub(super) fn DemoEnrolment(
    /// Called with the new session.
    on_session: Callback<Issued>,
) -> impl IntoView {
    let state = RwSignal::new(Demo::Hidden);
    let name = RwSignal::new("Dana Moreno".to_owned());
    let announcer = use_announcer();
    Effect::new(move |_| {
        if webauthn::is_supported() {
            spawn_local(async move {
                if ceremony::demo_is_offered().await {
                    state.try_set(Demo::Offered);
                }
            });
        }
    });
    let create = Callback::new(move |()| {
        let Ok(display_name) = Line::new(name.get_untracked().trim()) else { return };
        state.set(Demo::Working);
        spawn_local(async move {
            let enrolled = async {
                ceremony::enrol(display_name).await?;
                ceremony::sign_in(Mediation::Prompt, None, |_| {}).await
            };
            match enrolled.await {
                Ok(issued) => on_session.run(issued),
                Err(_) => {
                    announcer.interrupt(t_now!(sign_in_dev_enrol_failed));
                    state.try_set(Demo::Failed);
                }
            }
        });
    });
    let shown = Memo::new(move |_| state.get() != Demo::Hidden);
    dynamic(move || {
        if !shown.get() {
            return ().into_any();
        }
        let failed = move || match state.get() {
            Demo::Failed => view! { <p class="note failed">{t!(sign_in_dev_enrol_failed)}</p> }.into_any(),
            _ => ().into_any(),
        };
        view! {
            <section class="demo-enrolment">
                <p class="hint">{t!(sign_in_dev_enrol_hint)}</p>
                <label class="field">
                    <span>{t!(sign_in_dev_enrol_name)}</span>
                    <input type="text" maxlength="80" autocomplete="off" bind:value=name/>
                </label>
                <ActionButton
                    label=t!(sign_in_dev_enrol)
                    busy_label=t!(sign_in_dev_enrol_working)
                    busy=Signal::derive(move || state.get() == Demo::Working)
                    look=Look::Plain
                    on_press=create
                />
                {dynamic(failed)}
            </section>
        }
        .into_any()
    })
}
