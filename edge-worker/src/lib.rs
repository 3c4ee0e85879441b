//! The Cloudflare Worker in front of the portal and Raptor.
//!
//! What it decides lives in modules that do no input or output and are tested on the host; what touches workerd lives in
//! [`workerd`] and exists for `wasm32` alone. A request takes one of three ways:
//!
//! - `/api/…`: [`routes`] names the route, [`token`] and [`keys`] give the verdict about the session, [`firewall`] decodes what
//!   goes to Raptor and what comes back;
//! - `/reports/csp`: [`reports`] logs what browsers report;
//! - everything else: [`assets`] maps the path to a file of the Pages project.
//!
//! Every answer, whatever went wrong, carries the headers of [`policy`].

pub mod address;
pub mod assets;
pub mod config;
pub mod firewall;
pub mod keys;
pub mod log;
pub mod policy;
pub mod refusal;
pub mod reports;
pub mod routes;
pub mod shelf;
pub mod token;
pub mod trace;
#[cfg(target_arch = "wasm32")]
pub mod workerd;
