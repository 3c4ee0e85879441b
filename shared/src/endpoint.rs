//! What a route is.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::json::{DecodeError, Decoded, decode_noting_unknown, decode_plainly, decode_strictly, encode};
use crate::params::{PathParams, QueryParams, QueryWriter, percent_encode};
use crate::problem::FieldCode;

/// The HTTP methods that the contract uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates.
    Post,
    /// Sets, as often as one likes with the same effect.
    Put,
    /// Removes.
    Delete,
}

impl Method {
    /// The method as it stands in a request.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Auth {
    /// Anybody.
    Public,
    /// The bearer of a session's JWT.
    Bearer,
    /// Anybody, and only where demo enrolment is switched on; elsewhere the route does not exist (404).
    Development,
}

/// How often a route may be called. The edge and Raptor each count for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rate {
    /// Sign-in, by address: 20 a minute.
    SignIn,
    /// Reads, by customer: 240 a minute.
    Read,
    /// Writes, by customer: 60 a minute.
    Write,
    /// Uploads and downloads, by customer: 120 a minute.
    Files,
    /// Opening a stream or an export, by customer: 20 a minute.
    Heavy,
}

impl Rate {
    /// Calls that one caller may make in 60 seconds.
    #[must_use]
    pub const fn per_minute(self) -> u32 {
        match self {
            Self::SignIn | Self::Heavy => 20,
            Self::Read => 240,
            Self::Write => 60,
            Self::Files => 120,
        }
    }
}

/// A route of the contract, as a type.
pub trait Endpoint: Listed + 'static {
    /// Name of the operation in the published document.
    const ID: &'static str;
    /// One sentence for the published document.
    const SUMMARY: &'static str;
    /// The method.
    const METHOD: Method;
    /// The path, with `{name}` where a parameter stands; each parameter is a whole segment.
    const PATH: &'static str;
    /// Who may call it.
    const AUTH: Auth;
    /// How often.
    const RATE: Rate;
    /// Whether an `Idempotency-Key` header is required.
    const IDEMPOTENT_BY_KEY: bool = false;
    /// The status of a success.
    const STATUS: u16;

    /// Parameters of the path.
    type Path: PathParams;
    /// Parameters of the query.
    type Query: QueryParams;
    /// Body of a request.
    type Request: RequestBody;
    /// Body of a success.
    type Response: ResponseBody;

    /// Path and query of a call, percent-encoded.
    fn uri(path: &Self::Path, query: &Self::Query) -> String {
        let segments = path.segments();
        let mut values = segments.iter();
        let mut uri = String::new();
        for segment in Self::PATH.split('/').skip(1) {
            uri.push('/');
            if segment.starts_with('{') {
                if let Some(value) = values.next() {
                    uri.push_str(&percent_encode(value));
                }
            } else {
                uri.push_str(segment);
            }
        }
        let mut writer = QueryWriter::default();
        query.write(&mut writer);
        uri.push_str(&writer.finish());
        uri
    }
}

/// Implemented for the routes in [`crate::endpoints!`] and for nothing else, so that a route outside the list cannot be served.
///
/// A route of one's own does not become an [`Endpoint`], for it cannot be listed:
///
/// ```compile_fail
/// struct Extra;
/// impl shared::Listed for Extra {
///     const INDEX: usize = 99;
/// }
/// impl shared::Endpoint for Extra {
///     const ID: &'static str = "extra";
///     const SUMMARY: &'static str = "Not in the list.";
///     const METHOD: shared::Method = shared::Method::Get;
///     const PATH: &'static str = "/api/v1/support/extra";
///     const AUTH: shared::Auth = shared::Auth::Public;
///     const RATE: shared::Rate = shared::Rate::Read;
///     const STATUS: u16 = 200;
///     type Path = ();
///     type Query = ();
///     type Request = shared::Nothing;
///     type Response = shared::Nothing;
/// }
/// ```
///
/// A list that leaves a route out, as a server would that forgot a handler, does not compile either, because whoever serves the list
/// serves all of it:
///
/// ```
/// trait Serves<E: shared::Endpoint> {}
/// struct Server;
/// macro_rules! all { ($($endpoint:path,)*) => { $(impl Serves<$endpoint> for Server {})* fn served() { $(serves::<$endpoint>();)* } }; }
/// fn serves<E: shared::Endpoint>() where Server: Serves<E> {}
/// shared::endpoints!(all);
/// ```
///
/// ```compile_fail
/// trait Serves<E: shared::Endpoint> {}
/// struct Server;
/// impl Serves<shared::endpoints::desk::ListTopics> for Server {}
/// macro_rules! all { ($($endpoint:path,)*) => { fn served() { $(serves::<$endpoint>();)* } }; }
/// fn serves<E: shared::Endpoint>() where Server: Serves<E> {}
/// shared::endpoints!(all);
/// ```
pub trait Listed: sealed::Sealed {
    /// Place in the list, from 0.
    const INDEX: usize;
}

/// Closes [`Listed`] to other crates.
pub(crate) mod sealed {
    pub trait Sealed {}
}

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

/// Makes types bodies of JSON requests, with their largest size in bytes.
macro_rules! json_requests {
    ($($name:ty: $max:expr;)*) => {$(
        impl $crate::RequestBody for $name {
            const KIND: $crate::RequestKind = $crate::RequestKind::Json;
            const MAX_BYTES: usize = $max;
            fn decode(bytes: &[u8]) -> Result<Self, $crate::DecodeError> {
                $crate::endpoint::decode_request(bytes)
            }
            fn encode(&self) -> Vec<u8> {
                $crate::endpoint::encode_body(self)
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
                $crate::endpoint::decode_response(bytes)
            }
            fn decode_noting_unknown(bytes: &[u8]) -> Result<$crate::Decoded<Self>, $crate::DecodeError> {
                $crate::endpoint::decode_response_noting(bytes)
            }
            fn encode(&self) -> Vec<u8> {
                $crate::endpoint::encode_body(self)
            }
            #[cfg(feature = "schema")]
            fn schema(generator: &mut schemars::SchemaGenerator) -> Option<schemars::Schema> {
                Some(generator.subschema_for::<Self>())
            }
        }
    )*};
}

/// Declares a route.
macro_rules! endpoint {
    (
        $(#[$doc:meta])*
        $name:ident = $id:literal: $method:ident $path:literal, $auth:ident, $rate:ident => $status:literal
        $(, path $path_type:ty)? $(, query $query_type:ty)? $(, request $request:ty)? $(, response $response:ty)?
        $(, idempotent $idempotent:literal)?;
        $summary:literal
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl $crate::Endpoint for $name {
            const ID: &'static str = $id;
            const SUMMARY: &'static str = $summary;
            const METHOD: $crate::Method = $crate::Method::$method;
            const PATH: &'static str = $path;
            const AUTH: $crate::Auth = $crate::Auth::$auth;
            const RATE: $crate::Rate = $crate::Rate::$rate;
            $(const IDEMPOTENT_BY_KEY: bool = $idempotent;)?
            const STATUS: u16 = $status;
            type Path = $crate::endpoint::or_default!(() $(, $path_type)?);
            type Query = $crate::endpoint::or_default!(() $(, $query_type)?);
            type Request = $crate::endpoint::or_default!($crate::Nothing $(, $request)?);
            type Response = $crate::endpoint::or_default!($crate::Nothing $(, $response)?);
        }
    };
}

macro_rules! or_default {
    ($default:ty) => {
        $default
    };
    ($default:ty, $given:ty) => {
        $given
    };
}

pub(crate) use {endpoint, json_requests, json_responses, or_default};
