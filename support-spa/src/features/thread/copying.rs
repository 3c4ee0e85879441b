//! Copying, which a browser may refuse.

use leptos::task::spawn_local;

use crate::browser::copy_text;
use crate::i18n::m;
use crate::ui::Toasts;

/// Copies a text to the clipboard, and says whether it is there.
pub(super) fn copy(toasts: Toasts, text: String) {
    spawn_local(async move {
        if copy_text(&text).await {
            toasts.show(m!(app_copied));
        } else {
            toasts.fail(m!(app_copy_failed));
        }
    });
}
