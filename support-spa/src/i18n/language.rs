//! Which language, and how it is loaded.

use leptos::prelude::{ArcRwSignal, Get, GetUntracked, Set, Track};
use leptos::reactive::graph::Observer;

#[cfg(target_arch = "wasm32")]
use super::wording;
use super::{catalogue, format};

/// A language of the portal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English, compiled in.
    #[default]
    English,
    /// Spanish.
    Spanish,
    /// German.
    German,
    /// French.
    French,
    /// Portuguese.
    Portuguese,
    /// English made longer and accented: tests find in it what is not translated and what does not fit.
    Accented,
    /// English from right to left, for tests.
    Mirrored,
}

/// Which way a language runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From left to right.
    LeftToRight,
    /// From right to left.
    RightToLeft,
}

/// A language could not be loaded. The one before stays in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadError {
    /// The file could not be fetched, or is no catalogue.
    Unavailable,
    /// The file belongs to another version of the portal; a reload helps.
    OtherVersion,
}

thread_local! {
    static LANGUAGE: ArcRwSignal<Language> = ArcRwSignal::new(Language::English);
}

impl Language {
    /// The languages that customers can choose, in the order of their own names.
    pub const OFFERED: [Self; 5] = [Self::German, Self::English, Self::Spanish, Self::French, Self::Portuguese];

    /// The tag of RFC 5646 that also names the file.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
            Self::German => "de",
            Self::French => "fr",
            Self::Portuguese => "pt",
            Self::Accented => "en-XA",
            Self::Mirrored => "ar-XB",
        }
    }

    /// The language's own name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Spanish => "Español",
            Self::German => "Deutsch",
            Self::French => "Français",
            Self::Portuguese => "Português",
            Self::Accented => "[Áççéñtéd]",
            Self::Mirrored => "[Mirrored]",
        }
    }

    /// Which way it runs.
    #[must_use]
    pub const fn direction(self) -> Direction {
        match self {
            Self::Mirrored => Direction::RightToLeft,
            _ => Direction::LeftToRight,
        }
    }

    /// The language of a tag that [`Language::tag`] gave.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::OFFERED.into_iter().chain([Self::Accented, Self::Mirrored]).find(|language| language.tag() == tag)
    }

    /// The first offered language among tags such as `de-AT`, in the order of preference; English when there is none.
    #[must_use]
    pub fn among<'a>(tags: impl IntoIterator<Item = &'a str>) -> Self {
        let offered = |tag: &str| {
            let primary = tag.split('-').next().unwrap_or_default();
            Self::OFFERED.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
        };
        tags.into_iter().find_map(offered).unwrap_or_default()
    }

    /// The language that the browser asks for.
    #[cfg(target_arch = "wasm32")]
    #[must_use]
    pub fn preferred() -> Self {
        Self::among(wording::preferred_tags().iter().map(String::as_str))
    }
}

/// The language in force. Inside an effect or a view this is tracked.
#[must_use]
pub fn current() -> Language {
    LANGUAGE.with(|language| if Observer::get().is_some() { language.get() } else { language.get_untracked() })
}

/// Makes whatever runs now run again when the language or the time format changes.
pub(super) fn track() {
    if Observer::get().is_some() {
        LANGUAGE.with(Track::track);
    }
}

/// Every text is worded again.
pub(super) fn announce(language: Language) {
    format::forget();
    LANGUAGE.with(|signal| signal.set(language));
}

/// Switches to a language: loads its file, words every text anew, and sets `lang` and `dir` of the document.
///
/// # Errors
///
/// When the file cannot be had or is not of this version. The language then stays what it was.
pub async fn choose(language: Language) -> Result<(), LoadError> {
    if language == Language::English {
        catalogue::restore_english();
    } else {
        load(language).await?;
    }
    announce(language);
    #[cfg(target_arch = "wasm32")]
    wording::mark_document(language);
    Ok(())
}

#[cfg(target_arch = "wasm32")]
async fn load(language: Language) -> Result<(), LoadError> {
    let lines = wording::fetch(language).await.ok_or(LoadError::Unavailable)?;
    if catalogue::replace(lines.iter().filter_map(|line| line.as_string())) {
        Ok(())
    } else {
        Err(LoadError::OtherVersion)
    }
}

/// On the host only English can be had.
#[cfg(not(target_arch = "wasm32"))]
async fn load(_: Language) -> Result<(), LoadError> {
    Err(LoadError::Unavailable)
}
