//! Files to the customer, as blobs: a link cannot carry the token.

use shared::Endpoint;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use super::send::{Outgoing, begin, failure_of};
use super::{Cause, Failure, credentials};

/// A file may take as long as it needs, up to five minutes.
const TIMEOUT: i32 = 300_000;

/// Fetches the body of a route's success as a blob.
///
/// # Errors
/// Anything but the promised success, as a [`Failure`].
pub async fn download<E>(path: &E::Path) -> Result<Blob, Failure>
where
    E: Endpoint,
    E::Query: Default,
{
    fetch(E::uri(path, &E::Query::default()), E::STATUS).await
}

async fn fetch(uri: String, success: u16) -> Result<Blob, Failure> {
    let outgoing = Outgoing { method: shared::Method::Get, uri, bearer: true, success, body: None, key: None };
    let token = credentials::token();
    let (response, clock) = begin(outgoing, Some(TIMEOUT)).await?;
    if response.status() != success {
        let failure = failure_of(&response).await;
        if let (Cause::SessionEnded, Some(token)) = (&failure.cause, token) {
            credentials::refused(&token);
        }
        return Err(failure);
    }
    let unusable = || Failure::new(Cause::Unusable);
    let promise = response.blob().map_err(|_| unusable())?;
    let blob = JsFuture::from(promise).await.map_err(|_| Failure::new(Cause::Offline))?;
    clock.stop();
    blob.dyn_into().map_err(|_| unusable())
}
