//! The portal's words, in the customer's language.
//!
//! # Using it
//!
//! A text is a key of `locales/en.toml`: `[sign_in] title = "…"` is `sign_in_title`. Keys and argument names are checked by the
//! compiler, and the languages against each other by `build/`.
//!
//! ```ignore
//! use crate::i18n::{m, t, t_now};
//!
//! view! { <h1>{t!(sign_in_title)}</h1> }                     // Signal<String>: follows the language
//! view! { <p>{t!(undo_leaves_in, seconds = left.get())}</p> } // … and the signals that the arguments read
//! let label: String = t_now!(list_search_label);              // String; tracks the language only inside an effect or a view
//! let toast: Message = m!(undo_withdrawn);                    // data: kept in state, worded later with `.text()`
//! ```
//!
//! A text without arguments is also a value, [`Key`]: `keys::status_working`, so that a `match` can return it; `Key::signal()` and
//! `Key::text()` word it. A text that counts takes its number as `count`. Numbers are formatted for the language; dates, sizes and
//! times come from [`format`].
//!
//! # Languages
//!
//! English is compiled in. [`choose`] loads another one and switches every text in place, without a reload. The address of a language's
//! file is the content of `<meta name="i18n">` with its tag for the `*`, or `/i18n/de.json` where there is no such element. A file of
//! another version of the portal is refused ([`LoadError::OtherVersion`]), and the language stays what it was. On the host everything is
//! English.

mod catalogue;
mod codes;
pub mod format;
#[cfg(target_arch = "wasm32")]
mod intl;
mod language;
mod message;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
#[cfg(target_arch = "wasm32")]
mod wording;
#[cfg(not(target_arch = "wasm32"))]
#[path = "wording_host.rs"]
mod wording;

pub use catalogue::keys;
#[cfg(not(target_arch = "wasm32"))]
pub use catalogue::{FILES, LAST_RESORT};
pub use codes::{next_move, undelivered};
pub use language::{Direction, Language, LoadError, choose, current};
use message::Text;
pub use message::{Argument, Count, Key, Message, signal_of};

/// A text that follows the language: a `Signal<String>`. See the [module](crate::i18n).
#[macro_export]
macro_rules! t {
    ($key:ident) => {
        $crate::i18n::keys::$key.signal()
    };
    ($key:ident, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::i18n::signal_of(::std::boxed::Box::new(move || $crate::m!($key, $($name = $value),+)))
    };
}

/// A text as it is now: a `String`. See the [module](crate::i18n).
#[macro_export]
macro_rules! t_now {
    ($key:ident) => {
        $crate::i18n::keys::$key.text()
    };
    ($key:ident, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::m!($key, $($name = $value),+).text()
    };
}

/// A text as data: a [`Message`], worded whenever it is shown. See the [module](crate::i18n).
#[macro_export]
macro_rules! m {
    ($key:ident) => {
        $crate::i18n::Message::from($crate::i18n::keys::$key)
    };
    ($key:ident, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::i18n::keys::$key { $($name: ($value).into()),+ }.message()
    };
}

pub use crate::{m, t, t_now};
