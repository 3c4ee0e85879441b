//! Raptor's support API: the privacy boundary in front of the private help desk.

pub mod files;
pub mod helpdesk;
pub mod html;
