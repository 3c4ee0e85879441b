//! Points in time.

use leptos::prelude::*;
use shared::Timestamp;

use crate::i18n::format;

/// How a point in time is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeStyle {
    /// For rows: 12:04, Wed, 12 Nov.
    #[default]
    Short,
    /// 12:04.
    TimeOfDay,
    /// Day and time.
    Full,
}

/// A point in time; in full on hover and for machines.
#[component]
pub fn Time(
    /// When.
    at: Timestamp,
    /// How it is written.
    #[prop(optional)]
    style: TimeStyle,
) -> impl IntoView {
    let text = Signal::derive(move || match style {
        TimeStyle::Short => format::short(at),
        TimeStyle::TimeOfDay => format::time(at),
        TimeStyle::Full => format::full(at),
    });
    view! {
        <time datetime=at.to_string() title=Signal::derive(move || format::full(at))>{text}</time>
    }
}
