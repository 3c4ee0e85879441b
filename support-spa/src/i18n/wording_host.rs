//! What a browser's `Intl` does, on the host: English, plainly. The prerendered shell needs no more.

/// `one` for 1, `other` for anything else.
pub(super) fn plural_category(count: f64) -> String {
    String::from(if (count - 1.0).abs() < f64::EPSILON { "one" } else { "other" })
}
