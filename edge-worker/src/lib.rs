//! The Cloudflare Worker in front of the portal and Raptor.
