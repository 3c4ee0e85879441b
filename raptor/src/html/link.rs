//! Where links may lead.

use shared::rich_text::Href;
use url::Url;

use super::conceal::Concealed;

/// What becomes of an `a`.
pub(super) enum Target {
    /// A link.
    Link(Href),
    /// An address that is not linked, to be shown behind the text unless the text says it already.
    Shown(String),
    /// None.
    None,
}

/// Reads an `href`. An address of https or mail becomes a link, written as browsers understand it; one of plain http is shown and not
/// linked; one that leads to a concealed host, or anywhere else, is dropped.
pub(super) fn target(href: &str, concealed: &Concealed) -> Target {
    let href = href.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    if href.is_empty() || href.starts_with('#') || concealed.is_in(href) {
        return Target::None;
    }
    // As it is, when it needs no repair, so that what was sent comes back the same.
    if let Ok(plain) = Href::parse(href) {
        return Target::Link(plain);
    }
    let Ok(url) = Url::parse(href) else { return Target::None };
    let has_user = !url.username().is_empty() || url.password().is_some();
    if has_user || concealed.is_in(url.as_str()) {
        return Target::None;
    }
    match url.scheme() {
        "https" | "mailto" => Href::parse(url.as_str()).map_or(Target::None, Target::Link),
        "http" if url.as_str().len() <= 300 => Target::Shown(url.into()),
        _ => Target::None,
    }
}
