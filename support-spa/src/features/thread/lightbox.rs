//! A picture in full.

use leptos::prelude::*;

use crate::i18n::t;
use crate::ui::{ActionButton, Dialog, dynamic};

/// Which picture is shown in full.
#[derive(Clone, Copy, Debug)]
pub struct Lightbox {
    shown: RwSignal<Option<(String, String)>>,
}

impl Default for Lightbox {
    fn default() -> Self {
        Self { shown: RwSignal::new(None) }
    }
}

impl Lightbox {
    /// Shows a picture: its address, and what it shows in words.
    pub fn show(self, address: String, alt: String) {
        self.shown.set(Some((address, alt)));
    }

    /// Closes it.
    pub fn close(self) {
        self.shown.set(None);
    }
}

/// The lightbox of this ticket.
#[must_use]
pub(super) fn use_lightbox() -> Lightbox {
    use_context().unwrap_or_default()
}

/// The picture, over everything else.
#[component]
pub fn LightboxView() -> impl IntoView {
    let lightbox = use_lightbox();
    let close = Callback::new(move |()| lightbox.close());
    dynamic(move || match lightbox.shown.get() {
        None => ().into_any(),
        Some((address, alt)) => view! {
            <Dialog title=Signal::stored(alt.clone()) on_dismiss=close class="lightbox">
                <img src=address alt=alt/>
                <div class="actions">
                    <ActionButton label=t!(thread_lightbox_close) on_press=close/>
                </div>
            </Dialog>
        }
        .into_any(),
    })
}
