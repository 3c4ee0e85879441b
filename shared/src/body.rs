//! What travels in a request and in an answer.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::json::{DecodeError, Decoded, decode_noting_unknown, decode_plainly, decode_strictly, encode};
use crate::problem::FieldCode;
use crate::written::is_written_as;

/// How a request's body travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    /// There is none.
    Nothing,
    /// `application/json`.
    Json,
    /// A file's bytes, streamed, as `application/octet-stream`.
    Upload,
}

/// How a success's body travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseKind {
    /// There is none.
    Nothing,
    /// `application/json`.
    Json,
    /// A file's bytes, streamed, always as an attachment.
    Download,
    /// `text/event-stream`.
    Events,
}

/// The body of a request.
pub trait RequestBody: Sized + 'static {
    /// How it travels.
    const KIND: RequestKind;
    /// Largest size in bytes; a larger one is refused with 413 while it is being read.
    const MAX_BYTES: usize;

    /// Reads a whole body, strictly: bounds, depth, unknown and duplicate fields.
    ///
    /// # Errors
    /// The field that was refused.
    fn decode(bytes: &[u8]) -> Result<Self, DecodeError>;

    /// Writes it.
    fn encode(&self) -> Vec<u8>;

    /// Its JSON Schema, when it is JSON.
    #[cfg(feature = "schema")]
    fn schema(generator: &mut schemars::SchemaGenerator) -> Option<schemars::Schema>;
}

/// The body of a success.
pub trait ResponseBody: Sized + 'static {
    /// How it travels.
    const KIND: ResponseKind;
    /// Largest size in bytes; a larger one is withheld by the edge.
    const MAX_BYTES: usize;

    /// Reads a whole body; fields that the type does not know are skipped.
    ///
    /// # Errors
    /// The field that does not fit.
    fn decode(bytes: &[u8]) -> Result<Self, DecodeError>;

    /// Reads a whole body and says whether anything was skipped.
    ///
    /// # Errors
    /// The field that does not fit.
    fn decode_noting_unknown(bytes: &[u8]) -> Result<Decoded<Self>, DecodeError>;

    /// Writes it.
    fn encode(&self) -> Vec<u8>;

    /// Whether these bytes are what [`Self::encode`] writes: then they hold what the type knows, in its one spelling, and nothing else.
    /// An answer that holds a [`crate::OpaqueObject`] never says so: what is in there has no one spelling.
    fn is_encoded_as(&self, bytes: &[u8]) -> bool;

    /// Its JSON Schema, when it is JSON.
    #[cfg(feature = "schema")]
    fn schema(generator: &mut schemars::SchemaGenerator) -> Option<schemars::Schema>;
}

/// No body, and no bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Nothing;

/// A file on its way to us. It is streamed, so the type stands for it and holds nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upload;

/// A file on its way to the customer. It is streamed, so the type stands for it and holds nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Download;

/// Server-sent events, each a [`crate::LiveEvent`]. They are streamed, so the type stands for them and holds nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventStream;

impl Upload {
    /// Largest file, in bytes: 10 MiB.
    pub const MAX_BYTES: usize = 10 * 1024 * 1024;
}

fn streamed() -> DecodeError {
    DecodeError::whole(FieldCode::Malformed.because("this body is streamed and not read as a whole"))
}

macro_rules! bodiless {
    ($name:ident: $($role:ident)+ = $kind:ident, $max:expr, $decode:expr) => {$(
        impl $role for $name {
            bodiless!(@kind $role $kind);
            const MAX_BYTES: usize = $max;
            fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
                let decode: fn(&[u8]) -> Result<Self, DecodeError> = $decode;
                decode(bytes)
            }
            bodiless!(@noting $role);
            fn encode(&self) -> Vec<u8> {
                Vec::new()
            }
            #[cfg(feature = "schema")]
            fn schema(_: &mut schemars::SchemaGenerator) -> Option<schemars::Schema> {
                None
            }
        }
    )+};
    (@kind RequestBody $kind:ident) => { const KIND: RequestKind = RequestKind::$kind; };
    (@kind ResponseBody $kind:ident) => { const KIND: ResponseKind = ResponseKind::$kind; };
    (@noting RequestBody) => {};
    (@noting ResponseBody) => {
        fn decode_noting_unknown(bytes: &[u8]) -> Result<Decoded<Self>, DecodeError> {
            <Self as ResponseBody>::decode(bytes).map(|value| Decoded { value, had_unknown: false })
        }
        fn is_encoded_as(&self, bytes: &[u8]) -> bool {
            bytes.is_empty()
        }
    };
}

bodiless!(Nothing: RequestBody ResponseBody = Nothing, 0, |bytes| {
    if bytes.is_empty() { Ok(Nothing) } else { Err(DecodeError::whole(FieldCode::Unknown.because("this request has no body"))) }
});
bodiless!(Upload: RequestBody = Upload, Upload::MAX_BYTES, |_| Err(streamed()));
bodiless!(Download: ResponseBody = Download, 32 * 1024 * 1024, |_| Err(streamed()));
bodiless!(EventStream: ResponseBody = Events, usize::MAX, |_| Err(streamed()));

pub(crate) fn decode_request<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeError> {
    decode_strictly(bytes)
}

pub(crate) fn decode_response<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeError> {
    decode_plainly(bytes)
}

pub(crate) fn decode_response_noting<T: DeserializeOwned>(bytes: &[u8]) -> Result<Decoded<T>, DecodeError> {
    decode_noting_unknown(bytes)
}

pub(crate) fn encode_body<T: Serialize>(value: &T) -> Vec<u8> {
    encode(value)
}

pub(crate) fn is_body<T: Serialize>(bytes: &[u8], value: &T) -> bool {
    is_written_as(bytes, value)
}

/// Makes types bodies of JSON requests, with their largest size in bytes.
macro_rules! json_requests {
    ($($name:ty: $max:expr;)*) => {$(
        impl $crate::RequestBody for $name {
            const KIND: $crate::RequestKind = $crate::RequestKind::Json;
            const MAX_BYTES: usize = $max;
            fn decode(bytes: &[u8]) -> Result<Self, $crate::DecodeError> {
                $crate::body::decode_request(bytes)
            }
            fn encode(&self) -> Vec<u8> {
                $crate::body::encode_body(self)
            }
            #[cfg(feature = "schema")]
            fn schema(generator: &mut schemars::SchemaGenerator) -> Option<schemars::Schema> {
                Some(generator.subschema_for::<Self>())
            }
        }
    )*};
}

/// Makes types bodies of JSON answers, with their largest size in bytes.
macro_rules! json_responses {
    ($($name:ty: $max:expr;)*) => {$(
        impl $crate::ResponseBody for $name {
            const KIND: $crate::ResponseKind = $crate::ResponseKind::Json;
            const MAX_BYTES: usize = $max;
            fn decode(bytes: &[u8]) -> Result<Self, $crate::DecodeError> {
                $crate::body::decode_response(bytes)
            }
            fn decode_noting_unknown(bytes: &[u8]) -> Result<$crate::Decoded<Self>, $crate::DecodeError> {
                $crate::body::decode_response_noting(bytes)
            }
            fn encode(&self) -> Vec<u8> {
                $crate::body::encode_body(self)
            }
            fn is_encoded_as(&self, bytes: &[u8]) -> bool {
                $crate::body::is_body(bytes, self)
            }
            #[cfg(feature = "schema")]
            fn schema(generator: &mut schemars::SchemaGenerator) -> Option<schemars::Schema> {
                Some(generator.subschema_for::<Self>())
            }
        }
    )*};
}

pub(crate) use {json_requests, json_responses};
