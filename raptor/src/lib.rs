//! Raptor's support API: the privacy boundary in front of the private help desk.
//!
//! Customers speak the contract of the crate `shared`; the help desk speaks its own. Raptor stands between: it knows who is asking
//! ([`sessions`]), asks the help desk for what is theirs and nothing else ([`helpdesk`]), keeps a copy of what they may see ([`tickets`]),
//! delivers what they write once ([`submissions`]), and tells them when something happened ([`live`]).

pub mod app;
pub mod audit;
pub mod config;
pub mod files;
pub mod helpdesk;
pub mod html;
pub mod http;
mod ids;
pub mod live;
pub mod metrics;
pub mod random;
pub mod server;
pub mod sessions;
pub mod store;
pub mod submissions;
pub mod tickets;
pub mod topics;
