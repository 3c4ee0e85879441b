//! One file to us, with progress. `fetch` cannot tell how much has left, so this is an `XMLHttpRequest`.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::Promise;
use shared::endpoints::files::{UploadFile, UploadQuery, UploadedFile};
use shared::{Endpoint, Line, ResponseBody};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Event, ProgressEvent, XmlHttpRequest};

use super::{Cause, Failure, credentials};

/// An upload under way.
#[derive(Clone)]
pub struct Upload {
    request: XmlHttpRequest,
    cancelled: Rc<Cell<bool>>,
}

impl Upload {
    /// Calls it off.
    pub fn cancel(&self) {
        self.cancelled.set(true);
        let _ = self.request.abort();
    }
}

/// Starts an upload. `progress` is told the share that has left, 0 to 100, as often as the browser knows more.
///
/// # Errors
/// When the browser cannot even begin; what comes later is in the future's answer.
pub fn start<P: Fn(u32) + 'static>(
    name: &str,
    file: &Blob,
    progress: P,
) -> Result<(Upload, impl Future<Output = Result<UploadedFile, Failure>> + use<P>), Failure> {
    let internal = |_: JsValue| Failure::new(Cause::Internal);
    let name = Line::fitted(name).unwrap_or_default();
    let request = XmlHttpRequest::new().map_err(internal)?;
    request.open(UploadFile::METHOD.as_str(), &UploadFile::uri(&(), &UploadQuery { name })).map_err(internal)?;
    request.set_response_type(web_sys::XmlHttpRequestResponseType::Arraybuffer);
    request.set_request_header("content-type", "application/octet-stream").map_err(internal)?;
    let token = credentials::token().unwrap_or_default();
    request.set_request_header("authorization", &["Bearer ", &token].concat()).map_err(internal)?;

    let told = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
        if event.length_computable() && event.total() > 0.0 {
            progress((event.loaded() / event.total() * 100.0) as u32);
        }
    });
    if let Ok(upload) = request.upload() {
        upload.set_onprogress(Some(told.as_ref().unchecked_ref()));
    }
    let ended = Promise::new(&mut |resolve, _| {
        let loadend = Closure::once_into_js(move |_: Event| {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        });
        request.set_onloadend(Some(loadend.unchecked_ref()));
    });
    request.send_with_opt_blob(Some(file)).map_err(internal)?;
    let upload = Upload { request, cancelled: Rc::new(Cell::new(false)) };
    let running = upload.clone();
    let finished = async move {
        let _ = JsFuture::from(ended).await;
        drop(told);
        outcome(&running, &token)
    };
    Ok((upload, finished))
}

fn outcome(upload: &Upload, token: &str) -> Result<UploadedFile, Failure> {
    let request = &upload.request;
    let status = request.status().unwrap_or_default();
    if upload.cancelled.get() {
        return Err(Failure::new(Cause::Cancelled));
    }
    if status == 0 {
        return Err(Failure::new(Cause::Offline));
    }
    let body = request.response().map(|body| js_sys::Uint8Array::new(&body).to_vec()).unwrap_or_default();
    if status == UploadFile::STATUS {
        return UploadedFile::decode(&body).map_err(|_| Failure::new(Cause::Unusable));
    }
    let retry_after = request.get_response_header("retry-after").ok().flatten();
    let failure = Failure::from_answer(status, retry_after.and_then(|seconds| seconds.parse().ok()), &body);
    if failure.cause == Cause::SessionEnded {
        credentials::refused(token);
    }
    Err(failure)
}
