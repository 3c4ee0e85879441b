//! The contract: every type that crosses the wire between the portal, the edge and Raptor, once.
//!
//! A route is a type that implements [`Endpoint`]. The portal's client, the edge's route table and Raptor's router are generic
//! over the same list ([`endpoints!`]), so a route or a field that one end forgets does not compile. Bounds live in the types
//! ([`Text`], [`Line`], [`List`], ids, [`Timestamp`]): a value that exists is a value that fits.
//!
//! The crate does no input or output, reads no clock, draws no random numbers, and builds for the host and for
//! `wasm32-unknown-unknown` alike.

/// Version of the contract, as its OpenAPI document and every answer of the edge say: raised by hand, a breaking change raises the first
/// number.
pub const CONTRACT_VERSION: &str = "1.0.0";

mod ascii;
mod body;
mod bounded;
mod endpoint;
pub mod endpoints;
mod id;
mod json;
mod live;
#[cfg(feature = "schema")]
pub mod openapi;
mod params;
mod portal;
mod problem;
pub mod rich_text;
pub mod session;
mod timestamp;
mod words;
mod written;

pub use body::{Download, EventStream, Nothing, RequestBody, RequestKind, ResponseBody, ResponseKind, Upload};
pub use bounded::{Line, List, Text};
pub use endpoint::{Auth, Endpoint, Listed, Method, Rate};
pub use id::{
    AttachmentId, CeremonyId, CustomerId, FieldId, IdempotencyKey, MessageId, NoticeId, Reference, TicketId, TopicId,
    UploadId,
};
pub use json::{DecodeError, Decoded, MAX_DEPTH, OpaqueObject, check_shape};
pub use live::LiveEvent;
pub use params::{Param, PathParams, QueryParams, QueryWriter, percent_decode, percent_encode, query_pairs};
pub use portal::{CLIENT_ADDRESS, PORTAL_PAGES, REQUEST_ID, SERVICE_AUTHORIZATION, is_portal_page};
pub use problem::{FieldCode, FieldError, Problem, ProblemCode, Violation};
pub use timestamp::Timestamp;
