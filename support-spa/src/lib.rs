//! The customer support portal, a Leptos app compiled to WebAssembly.
//!
//! Dependencies point downwards: [`features`] on [`ui`], [`router`] and [`session`], those on [`client`], [`i18n`] and [`browser`].
//! Pages never fetch: [`client`] is the one place that calls the API, and it is typed by the contract. Nothing here sets HTML from a
//! string, and nothing here knows what stands behind the contract.

#![allow(
    unreachable_pub,
    reason = "`#[component]` puts a public struct of properties beside each function, which nobody names"
)]

pub mod app;
pub mod bandz;
pub mod browser;
pub mod client;
pub mod features;
pub mod i18n;
pub mod icons;
pub mod router;
pub mod session;
pub mod ui;
pub mod webauthn;

#[cfg(all(feature = "csr", target_arch = "wasm32"))]
mod start {
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;
    use wasm_bindgen::prelude::wasm_bindgen;

    use crate::app::App;
    use crate::browser::by_id;
    use crate::features::chrome::report_crashes;

    /// Puts the app in place of the shell. The loader calls this once the page has been parsed.
    #[wasm_bindgen]
    pub fn start() {
        report_crashes();
        let Some(place) = by_id("app").and_then(|place| place.dyn_into::<web_sys::HtmlElement>().ok()) else { return };
        place.set_text_content(None);
        mount_to(place, App).forget();
    }
}
