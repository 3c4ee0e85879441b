//! The customer support portal, a Leptos app compiled to WebAssembly.

pub mod bandz;
pub mod i18n;
pub mod icons;
