//! Making a fault happen to a call.

use super::FaultKind;
use crate::{
    api::errors::{ApiError, error_page, html, web_server_page},
    desk::Desk,
};
use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use futures_util::stream;
use http_body_util::BodyExt as _;
use std::{future::Future, io, sync::Arc, time::Duration};

/// Tells the accept loop to close the connection instead of answering.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DropConnection;

tokio::task_local! {
    static LOSES_FILES: bool;
}

/// Whether the call that is being served loses its files.
pub(crate) fn loses_files() -> bool {
    LOSES_FILES.try_with(|loses| *loses).unwrap_or_default()
}

/// Runs `serve`, which commits, with these faults around it.
pub(crate) async fn with_faults<F>(desk: &Arc<Desk>, faults: Vec<FaultKind>, serve: F) -> Response
where
    F: Future<Output = Response> + Send + 'static,
{
    let serve = LOSES_FILES.scope(faults.contains(&FaultKind::LoseFiles), serve);
    let mut late = None;
    for fault in &faults {
        match fault {
            FaultKind::Latency { ms } => tokio::time::sleep(Duration::from_millis(*ms)).await,
            FaultKind::ErrorBeforeCommit { status } => return error(*status),
            FaultKind::TooManyRequests { retry_after } => return too_many_requests(*retry_after),
            FaultKind::HangBeforeCommit => {
                desk.faults.until_cleared().await;
                return web_server_page(StatusCode::GATEWAY_TIMEOUT);
            }
            FaultKind::DropBeforeCommit => return drop_connection(),
            FaultKind::LoginPage => return html(StatusCode::OK, error_page("Sign in to continue")),
            FaultKind::RedirectToLogin => return redirect_to_login(),
            FaultKind::CommitLate { ms } => late = Some(Duration::from_millis(*ms)),
            _ => {}
        }
    }
    let mut response = match late {
        Some(wait) => {
            // A task of its own: it goes on when the caller hangs up and this future is dropped.
            let task = tokio::spawn(async move {
                tokio::time::sleep(wait).await;
                serve.await
            });
            task.await.unwrap_or_else(|_| ApiError::Server.into_response())
        }
        None => serve.await,
    };
    for fault in faults {
        response = match fault {
            FaultKind::SlowAnswer { ms } => {
                tokio::time::sleep(Duration::from_millis(ms)).await;
                response
            }
            FaultKind::ErrorAfterCommit { status } => error(status),
            FaultKind::HangAfterCommit => {
                desk.faults.until_cleared().await;
                web_server_page(StatusCode::GATEWAY_TIMEOUT)
            }
            FaultKind::DropAfterCommit => drop_connection(),
            FaultKind::MalformedJson => half_of(response, false).await,
            FaultKind::TruncatedBody => half_of(response, true).await,
            FaultKind::EmptyBody => {
                let (mut parts, _) = response.into_parts();
                parts.headers.remove(header::CONTENT_LENGTH);
                Response::from_parts(parts, Body::empty())
            }
            _ => response,
        };
    }
    response
}

fn error(status: u16) -> Response {
    match StatusCode::from_u16(status) {
        // HTML even for those who ask for JSON, and with the product's name on it: a crash before the framework is up.
        Ok(StatusCode::INTERNAL_SERVER_ERROR) | Err(_) => {
            html(StatusCode::INTERNAL_SERVER_ERROR, error_page("FreeScout: whoops, something went wrong"))
        }
        Ok(status) => web_server_page(status),
    }
}

fn too_many_requests(retry_after: Option<u64>) -> Response {
    let mut response = web_server_page(StatusCode::TOO_MANY_REQUESTS);
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn redirect_to_login() -> Response {
    let location = "https://gate.raxx.test/cdn-cgi/access/login/desk.raxx.test?kid=1&redirect_url=%2Fapi";
    let mut response = html(StatusCode::FOUND, error_page("Redirecting"));
    response.headers_mut().insert(header::LOCATION, HeaderValue::from_static(location));
    response
}

fn drop_connection() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.extensions_mut().insert(DropConnection);
    response
}

/// The first half of an answer's body: as a whole body of that length, or cut off in the middle of the announced one.
async fn half_of(response: Response, cut_off: bool) -> Response {
    let (mut parts, body) = response.into_parts();
    let whole = body.collect().await.map_or_else(|_| Bytes::new(), http_body_util::Collected::to_bytes);
    let half = whole.slice(..whole.len() / 2);
    parts.headers.remove(header::CONTENT_LENGTH);
    let body = if cut_off {
        parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len()));
        let chunks = [Ok(half), Err(io::Error::from(io::ErrorKind::ConnectionReset))];
        Body::from_stream(stream::iter(chunks))
    } else {
        Body::from(half)
    };
    Response::from_parts(parts, body)
}
