//! A text and what is put into it.

use leptos::prelude::Signal;

use super::{catalogue, format, language, wording};

/// A text of the catalogue: its place there, and the English of it.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) index: u16,
    pub(super) english: &'static str,
}

/// Names a text without arguments, or any text's place in the catalogue.
///
/// It points to the English text, so that a program has in it what it can say and nothing else of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct Key(pub(super) &'static Text);

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.0.index == other.0.index
    }
}

impl Eq for Key {}

impl Key {
    pub(super) fn index(self) -> usize {
        usize::from(self.0.index)
    }

    pub(super) const fn english(self) -> &'static str {
        self.0.english
    }

    /// The text, following the language.
    #[must_use]
    pub fn signal(self) -> Signal<String> {
        Signal::derive(move || self.text())
    }

    /// The text as it is now.
    #[must_use]
    pub fn text(self) -> String {
        language::track();
        catalogue::with_text(self, str::to_owned)
    }
}

/// What stands for a placeholder.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// Words, as they are.
    Text(String),
    /// A number, formatted for the language.
    Number(f64),
}

impl Argument {
    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => format::number(*number),
        }
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Count> for Argument {
    fn from(count: Count) -> Self {
        Self::Number(count.0)
    }
}

/// A number that decides the form of a text: one message, two messages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Count(pub(super) f64);

macro_rules! from_numbers {
    ($($number:ty),+) => {$(
        impl From<$number> for Count {
            fn from(number: $number) -> Self {
                Self(number as f64)
            }
        }
        impl From<$number> for Argument {
            fn from(number: $number) -> Self {
                Self::Number(number as f64)
            }
        }
    )+};
}

from_numbers!(u16, u32, u64, usize, i32, f64);

/// A text with its arguments, in whatever language it will be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    key: Key,
    arguments: Vec<Argument>,
    counted: Option<usize>,
}

impl From<Key> for Message {
    fn from(key: Key) -> Self {
        Self { key, arguments: Vec::new(), counted: None }
    }
}

impl Message {
    pub(super) fn new(key: Key, arguments: Vec<Argument>, counted: Option<usize>) -> Self {
        Self { key, arguments, counted }
    }

    /// The text as it is now.
    #[must_use]
    pub fn text(&self) -> String {
        language::track();
        catalogue::with_text(self.key, |text| {
            let text = match self.counted.and_then(|index| self.arguments.get(index)) {
                Some(Argument::Number(count)) => form(text, *count),
                _ => text,
            };
            substitute(text, &self.arguments)
        })
    }

    /// The text, following the language.
    #[must_use]
    pub fn signal(self) -> Signal<String> {
        Signal::derive(move || self.text())
    }
}

/// The text of a message that is made anew whenever what it reads changes. One concrete type for every text with arguments: each
/// further type of closure in a view costs bytes.
#[must_use]
pub fn signal_of(message: Box<dyn Fn() -> Message + Send + Sync>) -> Signal<String> {
    Signal::derive(move || message().text())
}

/// The form of a plural text for a number; `other` where the language's form is not there.
fn form(text: &str, count: f64) -> &str {
    let category = wording::plural_category(count);
    let mut parts = text.split('\u{1f}');
    let mut other = text;
    while let (Some(name), Some(form)) = (parts.next(), parts.next()) {
        if name == category {
            return form;
        }
        if name == "other" {
            other = form;
        }
    }
    other
}

/// Puts the arguments in place of `{0}` to `{9}`. What an argument says is never read again, so braces in it are harmless.
fn substitute(text: &str, arguments: &[Argument]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, behind)) = after.split_once('}') else { break };
        let index = name.bytes().next().map_or(usize::MAX, |digit| usize::from(digit.wrapping_sub(b'0')));
        if let Some(argument) = arguments.get(index) {
            out.push_str(&argument.text());
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}
