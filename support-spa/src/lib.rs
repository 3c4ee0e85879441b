//! The customer support portal, in Leptos, compiled to WebAssembly.
//!
//! Dependencies point downwards: [`features`] on [`ui`], [`router`] and [`session`], those on [`client`], [`i18n`] and [`browser`].
//! There are two programs (`bin/`): [`entrance`] is the sign-in page by itself, which is all that a first visit loads; [`app`] is the
//! portal, and has the same page for whoever signs out. What the list does not need comes later, in [`parts`].
//!
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
pub mod entrance;
pub mod features;
pub mod i18n;
pub mod icons;
pub mod parts;
pub mod router;
pub mod session;
#[cfg(all(feature = "csr", target_arch = "wasm32"))]
pub mod start;
pub mod ui;
pub mod webauthn;
