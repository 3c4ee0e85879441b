//! The vendor's HTTP interface.

mod body;
mod conversation_filters;
mod conversations;
mod customers;
pub(crate) mod errors;
mod front;
mod mailboxes;
pub(crate) mod paging;
pub(crate) mod php;
pub(crate) mod render;
mod resource_id;
mod storage;
mod tags;
mod threads;
mod users;
mod webhooks;
pub(crate) mod wire;

use crate::desk::Desk;
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware,
    response::Response,
    routing::{get, post, put},
};
use errors::ApiError;
use std::sync::Arc;

/// What every handler gives back.
pub(crate) type ApiResult = Result<Response, ApiError>;

/// All routes that the help desk itself serves, behind the web server in front of it.
pub(crate) fn router(desk: &Arc<Desk>) -> Router {
    let wrong_method = || async { ApiError::WrongMethod };
    let api = Router::new()
        .route("/api/conversations", get(conversations::list).post(conversations::create))
        .route(
            "/api/conversations/{id}",
            get(conversations::get).put(conversations::update).delete(conversations::delete),
        )
        .route("/api/conversations/{id}/threads", post(threads::create))
        .route("/api/conversations/{id}/custom_fields", put(conversations::set_custom_fields))
        .route("/api/conversations/{id}/tags", put(tags::set))
        .route("/api/conversations/{id}/timelogs", get(conversations::timelogs))
        .route("/api/customers", get(customers::list).post(customers::create))
        .route("/api/customers/{id}", get(customers::get).put(customers::update))
        .route("/api/mailboxes", get(mailboxes::list))
        .route("/api/mailboxes/{id}/custom_fields", get(mailboxes::custom_fields))
        .route("/api/mailboxes/{id}/folders", get(mailboxes::folders))
        .route("/api/tags", get(tags::list))
        .route("/api/users", get(users::list))
        .route("/api/users/{id}", get(users::get))
        .route("/api/webhooks", post(webhooks::create))
        .route("/api/webhooks/{id}", axum::routing::delete(webhooks::delete))
        .route_layer(middleware::from_fn_with_state(Arc::clone(desk), front::check_key));
    Router::new()
        .merge(api)
        .route("/storage/attachment/{first}/{second}/{third}/{name}", get(storage::download))
        .fallback(|| async { ApiError::NoRoute })
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(Arc::clone(desk), front::front))
        .with_state(Arc::clone(desk))
}

/// 200 with the vendor's JSON.
pub(crate) fn ok(value: &impl serde::Serialize) -> Response {
    errors::json(StatusCode::OK, php::json_encode(value))
}

/// 201 with the new id in a header and the object in the body.
fn created(id: u64, value: &impl serde::Serialize) -> Response {
    let mut response = errors::json(StatusCode::CREATED, php::json_encode(value));
    response.headers_mut().insert("resource-id", id.into());
    response
}

/// 204; the vendor's framework still states a type.
fn no_content() -> Response {
    errors::html(StatusCode::NO_CONTENT, String::new())
}
