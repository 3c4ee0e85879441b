//! Small drawings that stand beside words: interface icons, file types, status glyphs, the gauge.
//!
//! Each is data, a path or two, drawn by one component, so that a further icon costs its path and nothing else. All are hidden from
//! screen readers: the words beside them, or the label of their button, say what they mean.

mod paths;

use leptos::prelude::*;
use shared::endpoints::tickets::TicketStatus;

pub use paths::Icon;

/// An interface icon, 1 em square, in the colour of the text.
#[component]
pub fn IconView(
    /// Which.
    icon: Icon,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d=icon.path() />
        </svg>
    }
    .into_any()
}

/// The glyph of a status: its shape alone tells the four apart.
#[component]
pub fn StatusGlyph(
    /// Which.
    status: TicketStatus,
) -> impl IntoView {
    let (lines, area) = paths::glyph(status);
    view! {
        <svg class="glyph" viewBox="0 0 16 16" aria-hidden="true">
            <path class="glyph-lines" d=lines />
            <path class="glyph-area" d=area />
        </svg>
    }
    .into_any()
}

/// The four bars of the gauge, `.gauge-bars`: filled up to where the ticket stands.
#[component]
pub fn GaugeBars(
    /// The [`status_name`] of where it stands.
    status: Signal<Option<&'static str>>,
) -> impl IntoView {
    view! {
        <span class="gauge-bars" aria-hidden="true" data-status=status>
            <i></i>
            <i></i>
            <i></i>
            <i></i>
        </span>
    }
    .into_any()
}

/// The value of `data-status` for a status.
#[must_use]
pub const fn status_name(status: TicketStatus) -> &'static str {
    paths::status_name(status)
}

/// The icon of a file, by its media type, and the value of `data-kind`.
#[must_use]
pub fn file_kind(media_type: &str) -> (Icon, &'static str) {
    let (main, sub) = media_type.split_once('/').unwrap_or((media_type, ""));
    match (main, sub) {
        ("image", _) => (Icon::Image, "image"),
        ("audio", _) => (Icon::Audio, "audio"),
        ("video", _) => (Icon::Video, "video"),
        (_, "pdf") => (Icon::Pdf, "pdf"),
        (_, "csv") => (Icon::Table, "table"),
        ("text", _) | (_, "json" | "xml") => (Icon::Text, "text"),
        (_, "zip" | "gzip" | "x-tar" | "x-7z-compressed") => (Icon::Archive, "archive"),
        (_, sub) if sub.contains("sheet") || sub.contains("excel") => (Icon::Table, "table"),
        (_, sub) if sub.contains("word") || sub.contains("document") || sub.contains("presentation") => {
            (Icon::Document, "document")
        }
        _ => (Icon::File, "other"),
    }
}
