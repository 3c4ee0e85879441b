//! The settings and what they do to the page.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::storage::{self, Area};
use crate::browser::{listen, root};
use crate::i18n::format::{TimeFormat, set_time_format};
use crate::i18n::{Language, choose, current};

/// The colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As on this device.
    #[default]
    System,
    /// Dark.
    Dark,
    /// Light.
    Light,
}

/// The room between rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Density {
    /// More room.
    #[default]
    Comfortable,
    /// More rows.
    Compact,
}

/// A setting that is kept as one word. The inline script of the page reads theme and density before the first paint.
pub(super) trait Preference: Copy + Default + PartialEq + 'static {
    /// Where it is kept.
    const KEY: &'static str;
    /// Every value with its word.
    const ALL: &'static [(Self, &'static str)];

    /// The kept value.
    fn kept() -> Self {
        let kept = storage::get(Area::Local, Self::KEY);
        let known = Self::ALL.iter().find(|(_, word)| kept.as_deref() == Some(*word));
        known.map_or_else(Self::default, |(value, _)| *value)
    }

    /// The word of a value.
    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(value, _)| *value == self).map_or("", |(_, word)| word)
    }

    /// Keeps it.
    fn keep(self) {
        storage::set(Area::Local, Self::KEY, self.word());
    }
}

impl Preference for Theme {
    const KEY: &'static str = "raxx.theme";
    const ALL: &'static [(Self, &'static str)] =
        &[(Self::System, "system"), (Self::Dark, "dark"), (Self::Light, "light")];
}

impl Preference for Density {
    const KEY: &'static str = "raxx.density";
    const ALL: &'static [(Self, &'static str)] = &[(Self::Comfortable, "comfortable"), (Self::Compact, "compact")];
}

impl Preference for TimeFormat {
    const KEY: &'static str = "raxx.time";
    const ALL: &'static [(Self, &'static str)] =
        &[(Self::Automatic, "automatic"), (Self::TwelveHours, "12"), (Self::TwentyFourHours, "24")];
}

const LANGUAGE: &str = "raxx.language";

/// The settings.
#[derive(Clone, Copy)]
pub struct Settings {
    /// The colours.
    pub theme: RwSignal<Theme>,
    /// The room between rows.
    pub density: RwSignal<Density>,
    /// How the time of day is written.
    pub time: RwSignal<TimeFormat>,
    /// The chosen language; as in this browser when absent.
    pub language: RwSignal<Option<Language>>,
}

/// The settings of this app.
#[must_use]
pub fn use_settings() -> Settings {
    use_context().unwrap_or_else(Settings::kept)
}

impl Settings {
    fn kept() -> Self {
        Self {
            theme: RwSignal::new(Theme::kept()),
            density: RwSignal::new(Density::kept()),
            time: RwSignal::new(TimeFormat::kept()),
            language: RwSignal::new(kept_language()),
        }
    }

    /// Keeps a language, or none.
    pub(super) fn keep_language(self, language: Option<Language>) {
        self.language.set(language);
        match language {
            Some(language) => storage::set(Area::Local, LANGUAGE, language.tag()),
            None => storage::remove(Area::Local, LANGUAGE),
        }
    }
}

fn kept_language() -> Option<Language> {
    storage::get(Area::Local, LANGUAGE).as_deref().and_then(Language::from_tag)
}

/// The language to speak when none was chosen.
pub(super) fn preferred() -> Language {
    #[cfg(target_arch = "wasm32")]
    {
        Language::preferred()
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        Language::English
    }
}

/// Speaks the language that was kept, or the browser's. It is all that the sign-in page needs of the settings: the inline script of the
/// page has applied the others.
pub fn speak() {
    let language = kept_language().unwrap_or_else(preferred);
    if language != current() {
        spawn_local(async move {
            // Without its file the page stays in English, which is better than not at all.
            let _ = choose(language).await;
        });
    }
}

/// Takes up what was kept, keeps and applies every change, and follows those of other tabs.
pub fn restore() -> Settings {
    let settings = Settings::kept();
    speak();
    Effect::new(move |_| apply("data-theme", settings.theme.get()));
    Effect::new(move |_| apply("data-density", settings.density.get()));
    Effect::new(move |_| {
        let time = settings.time.get();
        time.keep();
        set_time_format(time);
    });
    // Another tab has changed one of them.
    listen::on_window("storage", move |_| {
        follow(settings.theme);
        follow(settings.density);
        follow(settings.time);
        settings.language.set(kept_language());
        speak();
    });
    settings
}

fn follow<P: Preference + Send + Sync>(setting: RwSignal<P>) {
    setting.set(P::kept());
}

fn apply<P: Preference>(attribute: &str, value: P) {
    value.keep();
    if let Some(root) = root() {
        let _ = root.set_attribute(attribute, value.word());
    }
}
