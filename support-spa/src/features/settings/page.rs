//! The settings page.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::Timestamp;

use super::preference::{Setting, preferred, use_settings};
use crate::browser::now;
use crate::features::chrome::SignOut;
use crate::i18n::{Key, Language, choose, format, keys, m, t, t_now};
use crate::session::{State, use_session};
use crate::ui::{PageHeading, Toasts, use_announcer, use_toasts};

const THEMES: &[Key] = &[keys::settings_theme_system, keys::settings_theme_dark, keys::settings_theme_light];
const DENSITIES: &[Key] = &[keys::settings_density_comfortable, keys::settings_density_compact];
const TIMES: &[Key] = &[keys::settings_time_automatic, keys::settings_time_twelve, keys::settings_time_twenty_four];

/// The settings page.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let settings = use_settings();
    let example =
        Signal::derive(move || t_now!(settings_time_example, time = format::time(Timestamp::from_millis(now()))));
    view! {
        <div class="page settings">
            <PageHeading>{t!(settings_title)}</PageHeading>
            <p class="lead">{t!(settings_lead)}</p>
            {choice("theme", keys::settings_theme, THEMES, settings.theme)}
            <LanguageChoice/>
            {choice("time", keys::settings_time_format, TIMES, settings.time)}
            <p class="hint">{example}</p>
            {choice("density", keys::settings_density, DENSITIES, settings.density)}
            <Account/>
        </div>
    }
}

/// One setting as radio buttons: a label for each of its words.
fn choice(name: &'static str, legend: Key, labels: &'static [Key], setting: Setting) -> AnyView {
    let announcer = use_announcer();
    let words = setting.words().iter().zip(labels).enumerate();
    let options: Vec<AnyView> = words
        .map(|(place, (word, label))| {
            let choose = Callback::new(move |()| {
                setting.choose(place);
                announcer.say(t_now!(settings_saved));
            });
            radio(name, word, *label, Signal::derive(move || setting.place() == place), choose)
        })
        .collect();
    view! {
        <fieldset class="choices">
            <legend>{legend.signal()}</legend>
            <div class="options">{options}</div>
        </fieldset>
    }
    .into_any()
}

fn radio(name: &'static str, word: &'static str, label: Key, checked: Signal<bool>, choose: Callback<()>) -> AnyView {
    view! {
        <label class="choice">
            <input type="radio" name=name value=word prop:checked=checked on:change=move |_| choose.run(())/>
            <span>{label.signal()}</span>
        </label>
    }
    .into_any()
}

#[component]
fn LanguageChoice() -> impl IntoView {
    let settings = use_settings();
    let toasts = use_toasts();
    let pick = move |event| {
        let chosen = Language::from_tag(&event_target_value(&event));
        spawn_local(speak(settings, toasts, chosen));
    };
    let options = Language::OFFERED
        .map(|language| {
            view! {
                <option
                    value=language.tag()
                    lang=language.tag()
                    prop:selected=move || settings.language.get() == Some(language)
                >
                    {language.name()}
                </option>
            }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for="language">{t!(settings_language)}</label>
            <select id="language" on:change=pick>
                <option value="" prop:selected=move || settings.language.get().is_none()>
                    {t!(settings_language_system)}
                </option>
                {options}
            </select>
        </div>
    }
}

async fn speak(settings: super::Settings, toasts: Toasts, chosen: Option<Language>) {
    let language = chosen.unwrap_or_else(preferred);
    let before = settings.language.get_untracked();
    settings.language.set(chosen);
    match choose(language).await {
        Ok(()) => {
            // Other tabs follow what is kept, so it is one that can be loaded.
            settings.keep_language(chosen);
            toasts.show(m!(settings_language_changed, language = language.name()));
        }
        Err(_) => {
            settings.language.set(before);
            toasts.fail(m!(settings_language_failed, language = language.name()));
        }
    }
}

#[component]
fn Account() -> impl IntoView {
    let session = use_session();
    let name = Signal::derive(move || {
        let name = session.customer().map(|customer| customer.name.into_string()).unwrap_or_default();
        t_now!(app_account_signed_in_as, name = name)
    });
    let email = Signal::derive(move || session.customer().map(|customer| customer.email.into_string()));
    let ends = Signal::derive(move || match session.state() {
        State::Active(issued) => t_now!(settings_session_ends, time = format::time(issued.absolute_expires_at)),
        _ => String::new(),
    });
    view! {
        <section class="account" aria-labelledby="account-title">
            <h2 id="account-title">{t!(settings_account)}</h2>
            <p>{name}</p>
            <p class="hint">{email}</p>
            <p class="hint">{ends}</p>
            <SignOut/>
        </section>
    }
}
