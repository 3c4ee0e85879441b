//! What stands around every route: the web server's limits, the access gate, the key, common headers, counting, faults.

use super::{
    body::Input,
    errors::{ApiError, FrameworkPage, html, json, web_server_page},
    php,
};
use crate::{
    desk::Desk,
    faults::{DropConnection, with_faults},
};
use axum::{
    body::{Body, Bytes},
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http_body_util::{BodyExt as _, Limited};
use std::{collections::BTreeMap, sync::Arc};

/// The web server in front, and the framework around the handlers.
pub(crate) async fn front(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let wants_json = accepts_json(request.headers());
    let running = desk.counters.call(method.as_str(), &route);

    let faults = desk.faults.take(method.as_str(), &route, &path);
    let serving = serve(Arc::clone(&desk), request, next, method == Method::HEAD && path.starts_with("/api/"));
    let response = with_faults(&desk, faults, serving).await;
    let response = framework_form(response, wants_json);
    let mut response = mark_error(&desk, response).await;
    add_headers(&desk, &mut response);
    desk.counters.answer(response.status().as_u16());
    drop(running);
    response
}

/// 401 unless the one key of the whole help desk is given: in the header, or in a parameter of query or body.
pub(crate) async fn check_key(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let in_header = request.headers().get("x-freescout-api-key").map(HeaderValue::as_bytes);
    if in_header == Some(desk.api_key.as_bytes()) {
        return next.run(request).await;
    }
    let query: BTreeMap<String, String> = axum::extract::Query::try_from_uri(request.uri())
        .map_or_else(|_| BTreeMap::new(), |axum::extract::Query(parameters)| parameters);
    let (parts, body) = request.into_parts();
    // `serve` has put the whole body in memory already.
    let body = body.collect().await.map_or_else(|_| Bytes::new(), http_body_util::Collected::to_bytes);
    let in_parameters = query.get("api_key").cloned().or_else(|| Input::parse(&body).text("api_key"));
    if in_parameters.as_deref() == Some(desk.api_key.as_str()) {
        desk.counters.key_outside_the_header();
        return next.run(Request::from_parts(parts, Body::from(body))).await;
    }
    ApiError::Unauthorized.into_response()
}

async fn serve(desk: Arc<Desk>, request: Request, next: Next, head: bool) -> Response {
    if let Some((id, secret)) = &desk.config.access_gate {
        let given = |name: &str| request.headers().get(name).map(HeaderValue::as_bytes);
        let passes = given("cf-access-client-id") == Some(id.as_bytes())
            && given("cf-access-client-secret") == Some(secret.as_bytes());
        if !passes {
            return html(StatusCode::FORBIDDEN, super::errors::error_page("You do not have access to desk.raxx.test"));
        }
    }
    let (parts, body) = request.into_parts();
    // Refuse by the announced length before reading, as a web server does.
    let announced = parts.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()).map(php::int);
    let limit = desk.config.max_body_bytes;
    if announced.is_some_and(|length| usize::try_from(length).is_ok_and(|length| length > limit)) {
        return web_server_page(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let Ok(body) = Limited::new(body, limit).collect().await else {
        return web_server_page(StatusCode::PAYLOAD_TOO_LARGE);
    };
    if head {
        return ApiError::Head.into_response();
    }
    next.run(Request::from_parts(parts, Body::from(body.to_bytes()))).await
}

fn accepts_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("");
    let first = accept.split(',').next().unwrap_or("");
    first.contains("/json") || first.contains("+json")
}

/// The framework's own errors are JSON only for those who ask for it.
fn framework_form(response: Response, wants_json: bool) -> Response {
    match response.extensions().get::<FrameworkPage>() {
        Some(page) if wants_json => {
            let message = serde_json::json!({ "message": page.json_message });
            json(response.status(), php::json_encode(&message))
        }
        _ => response,
    }
}

/// Puts a token into what an error says: no word of it may reach a customer.
async fn mark_error(desk: &Desk, response: Response) -> Response {
    let status = response.status();
    let Some(token) = desk.canaries.token("error.text", u64::from(status.as_u16())) else { return response };
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error || response.extensions().get::<DropConnection>().is_some() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let body = body.collect().await.map_or_else(|_| Bytes::new(), http_body_util::Collected::to_bytes);
    let text = String::from_utf8_lossy(&body);
    let marked = match serde_json::from_str::<serde_json::Value>(&text) {
        Ok(serde_json::Value::Object(mut error)) => {
            let message = error.get("message").and_then(serde_json::Value::as_str).unwrap_or("");
            let message = format!("{message} {token}");
            error.insert("message".to_owned(), message.into());
            php::json_encode(&error)
        }
        Ok(_) => text.into_owned(),
        Err(_) => text.replace("</body>", &format!("<p>{token}</p></body>")),
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(marked))
}

fn add_headers(desk: &Desk, response: &mut Response) {
    let from_web_server = response.headers().contains_key(header::SERVER);
    let headers = response.headers_mut();
    if !from_web_server {
        let no_store = HeaderValue::from_static("max-age=0, must-revalidate, no-cache, no-store, private");
        headers.insert(header::CACHE_CONTROL, no_store);
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    }
    // Headers that a help desk of another version or a web server in front of it adds; they must go no further.
    for (name, field) in [
        ("set-cookie", "header.set-cookie"),
        ("x-powered-by", "header.x-powered-by"),
        ("x-freescout-request", "header.x-freescout-request"),
        ("etag", "header.etag"),
    ] {
        let token = desk.canaries.token(field, 0);
        if let Some(value) = token.and_then(|token| HeaderValue::from_str(&format!("{name}={token}")).ok()) {
            headers.insert(name, value);
        }
    }
}
