//! The vault token taxonomy as software: registry, rules, live checks and rotation.
//!
//! The taxonomy says how credentials are named, tagged, stored, rotated and renamed. Here it is data (the
//! [`registry`], one committed TOML file) and code ([`rules`], each citing its source). The program `raxx-vault` is a thin
//! layer over this library.
//!
//! ```
//! use raxx_vault::{registry::Source, rules};
//!
//! let source = Source::parse("registry.toml".as_ref(), include_str!("../registry.toml"))?;
//! let token = source.registry.token("CF_DNS_EDIT_RAXX_APP").ok_or("not registered")?;
//! assert_eq!(token.tag_or_unknown("rotation"), "90d");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # No secret is shown
//!
//! The registry holds no values, and what looks like one is masked before anything else reads it. Values that a verification
//! needs are `secrecy::SecretString`s: they have no `Display`, their `Debug` is redacted, and vendors' answers are dropped
//! after the few fields that a verdict needs.

pub mod checklist;
pub mod export;
pub mod finding;
pub mod glob;
mod http;
pub mod live;
pub mod matrix;
pub mod migrate;
pub mod name;
pub mod provision;
pub mod refs;
pub mod registry;
pub mod report;
pub mod rules;
pub mod secret_text;
pub mod verify;
