//! The few properties of style that decide whether something is seen and how strong it is.

use super::tree::{Element, HOLDS_UNSEEN};

/// A browser or a mail program would not show it.
pub(super) fn is_hidden(element: &Element) -> bool {
    if HOLDS_UNSEEN.contains(&element.name()) || element.attribute("hidden").is_some() {
        return true;
    }
    if element.name() == "input" || element.name() == "select" {
        return true;
    }
    declarations(element).any(|(property, value)| match property.as_str() {
        "display" => value == "none",
        "visibility" => value == "hidden" || value == "collapse",
        "mso-hide" => value == "all",
        "font-size" | "max-height" | "opacity" => is_zero(&value),
        _ => false,
    })
}

/// It is strong by its name or its style.
pub(super) fn is_strong(element: &Element) -> bool {
    matches!(element.name(), "b" | "strong")
        || declarations(element).any(|(property, value)| {
            property == "font-weight" && matches!(value.as_str(), "bold" | "bolder" | "600" | "700" | "800" | "900")
        })
}

/// It is emphasised by its name or its style.
pub(super) fn is_emphasised(element: &Element) -> bool {
    matches!(element.name(), "i" | "em" | "cite" | "dfn" | "var")
        || declarations(element).any(|(property, value)| property == "font-style" && value == "italic")
}

/// Its line ends and spaces count.
pub(super) fn keeps_lines(element: &Element) -> Option<bool> {
    declarations(element)
        .filter(|(property, _)| property == "white-space")
        .last()
        .map(|(_, value)| value.starts_with("pre"))
}

/// An image that is there to be loaded and not to be seen.
pub(super) fn is_tracking_pixel(image: &Element) -> bool {
    ["width", "height"]
        .into_iter()
        .any(|name| image.attribute(name).is_some_and(|value| matches!(value.trim().trim_end_matches("px"), "0" | "1")))
}

fn declarations(element: &Element) -> impl Iterator<Item = (String, String)> {
    element.attribute("style").unwrap_or_default().split(';').filter_map(|declaration| {
        let (property, value) = declaration.split_once(':')?;
        let value = value.trim().to_ascii_lowercase();
        let value = value.trim_end_matches("!important").trim_end().to_owned();
        Some((property.trim().to_ascii_lowercase(), value))
    })
}

fn is_zero(value: &str) -> bool {
    let number = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%').trim();
    !number.is_empty() && number.parse::<f32>() == Ok(0.0)
}
