//! The button that signs in, and what it says when that does not work.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::endpoints::auth::Session as Issued;
use web_sys::AbortController;

use super::ceremony::{self, LIFETIME, SignInError, Step};
use crate::browser::{self, timer};
use crate::client::Cause;
use crate::i18n::{Key, Message, keys, m, t};
use crate::ui::{ActionButton, Look, dynamic, reference_line};
use crate::webauthn::{self, CeremonyError, Mediation};

/// Where the form stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    /// Waiting for the customer.
    Idle,
    /// At work.
    Working(Step),
    /// It did not work. Trying again is always possible.
    Failed(SignInError),
}

/// What every attempt works with. There is one at a time: the next calls off the one before it, and so does leaving the page.
#[derive(Clone, Copy)]
struct Attempts {
    form: RwSignal<Form>,
    /// Whether passkeys are offered in a field.
    field_shown: RwSignal<bool>,
    /// The attempt under way; the field's waits for as long as the page is there.
    current: StoredValue<Option<AbortController>, LocalStorage>,
    on_session: Callback<Issued>,
}

impl Attempts {
    fn call_off(self) {
        if let Some(Some(abort)) = self.current.try_update_value(Option::take) {
            abort.abort();
        }
    }

    fn begin(self, mediation: Mediation) {
        self.call_off();
        let abort = AbortController::new().ok();
        self.current.try_set_value(abort.clone());
        if let Some(abort) = abort.clone() {
            expire(abort);
        }
        spawn_local(async move {
            if mediation == Mediation::Autofill && !webauthn::autofill_is_available().await {
                self.field_shown.try_set(false);
                return;
            }
            let tell = move |step| {
                if mediation == Mediation::Prompt {
                    self.form.try_set(Form::Working(step));
                }
            };
            match ceremony::sign_in(mediation, abort.as_ref(), tell).await {
                Ok(issued) => self.on_session.run(issued),
                Err(error) if self.current.try_with_value(|current| *current == abort) == Some(true) => {
                    self.fail(mediation, error);
                }
                // We called it off ourselves, to begin another one.
                Err(_) => {}
            }
        });
    }

    fn fail(self, mediation: Mediation, error: SignInError) {
        match (mediation, error) {
            // Its challenge has grown old.
            (Mediation::Autofill, SignInError::Ceremony(CeremonyError::Aborted)) => {}
            // The customer did nothing, or this page has no challenge to offer: the button is there.
            (Mediation::Autofill, SignInError::Ceremony(_) | SignInError::Failed(_)) => return,
            (_, error) => {
                self.form.try_set(Form::Failed(error));
            }
        }
        if self.field_shown.try_get_untracked() == Some(true) {
            self.begin(Mediation::Autofill);
        }
    }
}

/// Calls an attempt off whose challenge has grown old, once somebody is there for the next one.
fn expire(abort: AbortController) {
    timer::after(LIFETIME, move || if browser::is_visible() { abort.abort() } else { expire(abort) });
}

/// Signs in with a passkey, by button or, where the browser can, by the autofill of a field.
#[component]
pub fn PasskeyForm(
    /// What the button says.
    #[prop(optional)]
    action: Option<Key>,
    /// Whether passkeys may also be offered in a field. One form of a page at most.
    #[prop(optional)]
    autofill: bool,
    /// Called with the new session.
    #[prop(into)]
    on_session: Callback<Issued>,
) -> impl IntoView {
    let form = RwSignal::new(Form::Idle);
    // The field stands there from the first paint on, because nearly every browser has a use for it: what came later would push the rest.
    let field_shown = RwSignal::new(autofill);
    let attempts = Attempts { form, field_shown, current: StoredValue::new_local(None), on_session };
    let press = Callback::new(move |()| attempts.begin(Mediation::Prompt));
    if cfg!(target_arch = "wasm32") {
        on_cleanup(move || attempts.call_off());
        if autofill {
            attempts.begin(Mediation::Autofill);
            if browser::programs::take_early_press() {
                press.run(());
            }
        }
    }

    let busy = Signal::derive(move || matches!(form.get(), Form::Working(_)));
    let busy_label = Signal::derive(move || {
        match form.get() {
            Form::Working(Step::Waiting) => keys::sign_in_waiting,
            Form::Working(Step::Verifying) => keys::sign_in_verifying,
            _ => keys::sign_in_preparing,
        }
        .text()
    });
    let note = move || match form.get() {
        Form::Working(Step::Waiting) => view! { <p class="hint">{t!(sign_in_waiting_hint)}</p> }.into_any(),
        Form::Failed(error) => {
            let reference = match &error {
                SignInError::Failed(failure) => failure.reference,
                _ => None,
            };
            view! {
                <div class="note failed" role="alert">
                    <p>{words(&error).signal()}</p>
                    {reference_line(reference)}
                </div>
            }
            .into_any()
        }
        _ => ().into_any(),
    };
    let field = move || {
        if !field_shown.get() {
            return ().into_any();
        }
        view! {
            <label class="field passkey-field">
                <span>{t!(sign_in_field_label)}</span>
                <input
                    type="text"
                    name="username"
                    autocomplete="username webauthn"
                    placeholder=t!(sign_in_field_hint)
                    autocapitalize="none"
                    spellcheck="false"
                />
            </label>
        }
        .into_any()
    };
    view! {
        <div class="passkey-form">
            <ActionButton
                label=action.unwrap_or(keys::sign_in_action).signal()
                busy_label=busy_label
                busy=busy
                look=Look::Primary
                on_press=press
            />
            {dynamic(field)}
            {dynamic(note)}
        </div>
    }
}

fn words(error: &SignInError) -> Message {
    match error {
        SignInError::Ceremony(CeremonyError::Unsupported) => m!(sign_in_unsupported_body),
        SignInError::Ceremony(CeremonyError::WrongAddress) => m!(sign_in_insecure),
        SignInError::Ceremony(CeremonyError::Dismissed | CeremonyError::Aborted) | SignInError::Late => {
            m!(sign_in_cancelled)
        }
        SignInError::Ceremony(CeremonyError::Failed) => m!(sign_in_refused),
        SignInError::Refused => m!(sign_in_unknown_passkey),
        SignInError::Failed(failure) => match failure.cause {
            Cause::Offline if !browser::is_online() => m!(sign_in_offline),
            Cause::RateLimited(seconds) => m!(sign_in_rate_limited, count = seconds),
            Cause::TimedOut => m!(problem_timeout),
            Cause::Offline => m!(problem_network),
            Cause::Maintenance => m!(problem_maintenance),
            _ => m!(sign_in_unavailable),
        },
    }
}
