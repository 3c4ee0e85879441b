//! The router: every route of the contract, and beside it what only operators and the help desk call.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::routing::{MethodFilter, MethodRouter, get, on, post};
use axum::{Extension, Router};
use http::HeaderName;
use service_auth::{KeyRing, ServiceAuthLayer, Verifier};
use shared::{Endpoint, Method, SERVICE_AUTHORIZATION};

use super::call::{Handler, Served};
use super::dispatch::{dispatch, refuse_unknown};
use super::operations;
use super::refusal::Refusal;
use crate::app::App;
use crate::live::webhook;

/// The whole service. Everything of the contract is behind the edge's service token (ADR 0056).
pub fn router(app: Arc<App>, edge: Arc<KeyRing>) -> Router {
    let keys = edge.clone();
    let verifier = Verifier::new("edge", edge).with_header(HeaderName::from_static(SERVICE_AUTHORIZATION));
    contract(&app)
        .method_not_allowed_fallback(wrong_method)
        .fallback(unknown_path)
        .layer(ServiceAuthLayer::new(Arc::new(verifier)))
        .merge(open(&app).layer(Extension(keys)))
        .with_state(app)
}

/// What is reached without the edge: probes, the public keys, and the help desk's webhooks, which carry a signature of their own.
fn open(app: &Arc<App>) -> Router<Arc<App>> {
    Router::new()
        .route("/healthz", get(operations::health))
        .route("/readyz", get(operations::ready))
        .route("/metrics", get(operations::metrics))
        .route("/.well-known/jwks.json", get(operations::public_keys))
        .route("/api/v1/support/webhooks/helpdesk", post(webhook::receive))
        .with_state(app.clone())
}

struct Routes {
    router: Router<Arc<App>>,
}

impl Routes {
    fn add<E: Served>(&mut self)
    where
        App: Handler<E>,
    {
        let filter = match E::METHOD {
            Method::Get => MethodFilter::GET,
            Method::Post => MethodFilter::POST,
            Method::Put => MethodFilter::PUT,
            Method::Delete => MethodFilter::DELETE,
        };
        let serve = |State(app): State<Arc<App>>, request: Request| dispatch::<E>(app, request);
        let mut route: MethodRouter<Arc<App>> = on(filter, serve);
        if E::METHOD == Method::Get {
            // axum would answer HEAD with the handler of GET; the contract has no HEAD.
            route = route.on(MethodFilter::HEAD, wrong_method);
        }
        self.router = std::mem::take(&mut self.router).route(E::PATH, route);
    }
}

fn contract(_: &Arc<App>) -> Router<Arc<App>> {
    let mut routes = Routes { router: Router::new() };
    // A route of the list without a handler, or with a handler of other types, does not compile here.
    macro_rules! add_all {
        ($($endpoint:path,)*) => { $(routes.add::<$endpoint>();)* };
    }
    shared::endpoints!(add_all);
    routes.router
}

async fn wrong_method(State(app): State<Arc<App>>, request: Request) -> axum::response::Response {
    let allow = allowed_methods(request.uri().path());
    if allow.is_empty() {
        return refuse_unknown(&app, Refusal::not_found());
    }
    refuse_unknown(&app, Refusal::method_not_allowed(allow.join(", ")))
}

async fn unknown_path(State(app): State<Arc<App>>) -> axum::response::Response {
    refuse_unknown(&app, Refusal::not_found())
}

/// The methods that the contract has for a path (RFC 9110, section 10.2.1).
fn allowed_methods(path: &str) -> Vec<&'static str> {
    fn matches<E: Endpoint>(path: &str) -> Option<&'static str> {
        let (mut template, mut given) = (E::PATH.split('/'), path.split('/'));
        loop {
            match (template.next(), given.next()) {
                (None, None) => return Some(E::METHOD.as_str()),
                (Some(part), Some(segment)) if part == segment || part.starts_with('{') => {}
                _ => return None,
            }
        }
    }
    let mut methods = Vec::new();
    macro_rules! each {
        ($($endpoint:path,)*) => { $(methods.extend(matches::<$endpoint>(path));)* };
    }
    shared::endpoints!(each);
    methods
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_methods_of_a_path() {
        assert_eq!(allowed_methods("/api/v1/support/tickets"), ["GET", "POST"]);
        assert_eq!(allowed_methods("/api/v1/support/tickets/x"), ["GET"]);
        assert!(allowed_methods("/api/v1/support").is_empty());
    }
}
