//! The customer support portal, a Leptos app compiled to WebAssembly.

pub mod i18n;
