//! HTTP: one router for the whole contract, one way in and one way out.

mod call;
mod dispatch;
mod operations;
mod rate;
mod refusal;
mod request;
mod router;

pub use call::{Answer, Body, Call, Handler, Served};
pub use rate::RateLimiter;
pub use refusal::Refusal;
pub use router::router;
