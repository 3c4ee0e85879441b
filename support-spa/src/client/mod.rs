//! The typed client: the one place that calls the support API.
//!
//! A page names a route of the contract and gets its typed answer or a [`Failure`]; it never sees a URL, a status or JSON. What is
//! generic here is only the encoding at both ends; the sending in [`send`] exists once, whatever the route.

mod credentials;
mod download;
mod failure;
mod release;
mod send;
mod stream;
mod upload;

pub use credentials::{on_refused, set_token, token};
pub use download::download;
pub use failure::{Cause, Failure};
pub use release::newest_page;
pub use stream::{Stream, open as open_stream};
pub use upload::{Upload, start as start_upload};

use shared::{Endpoint, IdempotencyKey, RequestBody, RequestKind, ResponseBody};

use crate::browser::timer;
use send::{Outgoing, send};

/// Milliseconds before asking again for the answer to a submission that is still being worked on.
const STILL_RUNNING: [i32; 4] = [300, 700, 1_500, 3_000];

/// Calls a route.
///
/// # Errors
/// Anything but the promised success, as a [`Failure`].
pub async fn call<E: Endpoint>(path: E::Path, query: E::Query, request: &E::Request) -> Result<E::Response, Failure> {
    let bytes = send(outgoing::<E>(&path, &query, request, None)).await?;
    decode::<E>(&bytes)
}

/// Calls a route that does its work once per key, however often it is called.
///
/// # Errors
/// As [`call`].
pub async fn call_once<E: Endpoint>(
    path: E::Path,
    request: &E::Request,
    key: &IdempotencyKey,
) -> Result<E::Response, Failure>
where
    E::Query: Default,
{
    let mut pauses = STILL_RUNNING.into_iter();
    loop {
        let answer = send(outgoing::<E>(&path, &E::Query::default(), request, Some(key))).await;
        match (answer, pauses.next()) {
            // Another tab, or an attempt whose answer was lost, is being worked on: its answer is ours too.
            (Err(Failure { cause: Cause::InProgress, .. }), Some(pause)) => timer::sleep(pause).await,
            (answer, _) => return decode::<E>(&answer?),
        }
    }
}

/// Reads a route and hands the bytes over too, for whoever keeps them as last seen.
///
/// # Errors
/// As [`call`].
pub async fn read<E: Endpoint<Request = shared::Nothing>>(
    path: &E::Path,
    query: &E::Query,
) -> Result<(E::Response, Vec<u8>), Failure> {
    let bytes = send(outgoing::<E>(path, query, &shared::Nothing, None)).await?;
    Ok((decode::<E>(&bytes)?, bytes))
}

fn outgoing<E: Endpoint>(
    path: &E::Path,
    query: &E::Query,
    request: &E::Request,
    key: Option<&IdempotencyKey>,
) -> Outgoing {
    Outgoing {
        method: E::METHOD,
        uri: E::uri(path, query),
        bearer: E::AUTH == shared::Auth::Bearer,
        success: E::STATUS,
        body: (E::Request::KIND == RequestKind::Json).then(|| request.encode()),
        key: key.map(|key| key.as_str().to_owned()),
    }
}

fn decode<E: Endpoint>(bytes: &[u8]) -> Result<E::Response, Failure> {
    E::Response::decode(bytes).map_err(|_| Failure::new(Cause::Unusable))
}
