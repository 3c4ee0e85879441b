//! What operators and their machines ask.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use service_auth::KeyRing;

use crate::app::App;

/// The process runs.
pub(super) async fn health() -> Response {
    text(StatusCode::OK, "text/plain; charset=utf-8", "ok\n".into())
}

/// Customers can be served: the database answers. The help desk may be down: customers are then served from what we know.
pub(super) async fn ready(State(app): State<Arc<App>>) -> Response {
    match app.store.ping().await {
        Ok(()) if !app.is_stopping() => text(StatusCode::OK, "text/plain; charset=utf-8", "ready\n".into()),
        _ => text(StatusCode::SERVICE_UNAVAILABLE, "text/plain; charset=utf-8", "not ready\n".into()),
    }
}

/// Counters for Prometheus.
pub(super) async fn metrics(State(app): State<Arc<App>>, Extension(edge): Extension<Arc<KeyRing>>) -> Response {
    let mut body = app.render_metrics().await;
    body.push_str(&edge.metrics().render("edge"));
    text(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", body)
}

/// The public keys of session tokens, as a JWK Set. Cached for a minute, so that a new key is known everywhere before it signs.
pub(super) async fn public_keys(State(app): State<Arc<App>>) -> Response {
    let mut response = text(StatusCode::OK, "application/jwk-set+json", app.authenticator.tokens.public_key_set());
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
    response
}

fn text(status: StatusCode, content_type: &'static str, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, "no-store")], body).into_response()
}
