//! The settings and what they do to the page.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::storage::{self, Area};
use crate::browser::{listen, root};
use crate::i18n::format::{TimeFormat, set_time_format};
use crate::i18n::{Language, choose, current};

/// A setting that is kept as one word, of which the first is meant when none is kept. The inline script of the page reads theme and
/// density before the first paint.
#[derive(Clone, Copy)]
pub struct Setting {
    /// Where it is kept.
    key: &'static str,
    words: &'static [&'static str],
    /// Which of the words.
    place: RwSignal<usize>,
}

impl Setting {
    fn kept(key: &'static str, words: &'static [&'static str]) -> Self {
        let setting = Self { key, words, place: RwSignal::new(0) };
        setting.read();
        setting
    }

    /// Takes up what is kept.
    fn read(self) {
        let kept = storage::get(Area::Local, self.key);
        self.choose(self.words.iter().position(|word| kept.as_deref() == Some(*word)).unwrap_or_default());
    }

    /// Which of its words it is; tracked.
    pub(super) fn place(self) -> usize {
        self.place.get()
    }

    /// Makes it another of its words.
    pub(super) fn choose(self, place: usize) {
        self.place.set(place);
    }

    /// Its words.
    pub(super) const fn words(self) -> &'static [&'static str] {
        self.words
    }

    /// Its word, which is kept from now on; tracked.
    fn keep(self) -> &'static str {
        let word = self.words.get(self.place()).copied().unwrap_or_default();
        storage::set(Area::Local, self.key, word);
        word
    }
}

const LANGUAGE: &str = "raxx.language";

/// The settings.
#[derive(Clone, Copy)]
pub struct Settings {
    /// The colours.
    pub theme: Setting,
    /// The room between rows.
    pub density: Setting,
    /// How the time of day is written: [`TimeFormat::ALL`].
    pub time: Setting,
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
            theme: Setting::kept("raxx.theme", &["system", "dark", "light"]),
            density: Setting::kept("raxx.density", &["comfortable", "compact"]),
            time: Setting::kept("raxx.time", &["automatic", "12", "24"]),
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
    apply("data-theme", settings.theme);
    apply("data-density", settings.density);
    Effect::new(move |_| {
        settings.time.keep();
        set_time_format(TimeFormat::ALL.get(settings.time.place()).copied().unwrap_or_default());
    });
    // Another tab has changed one of them.
    listen::on_window("storage", move |_| {
        settings.theme.read();
        settings.density.read();
        settings.time.read();
        settings.language.set(kept_language());
        speak();
    });
    settings
}

/// Puts a setting on the page, now and whenever it changes.
fn apply(attribute: &'static str, setting: Setting) {
    Effect::new(move |_| {
        let word = setting.keep();
        if let Some(root) = root() {
            let _ = root.set_attribute(attribute, word);
        }
    });
}
