//! What a route is.

use crate::body::{RequestBody, ResponseBody};
use crate::params::{PathParams, QueryParams, QueryWriter, percent_encode};

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

pub(crate) use {endpoint, or_default};
