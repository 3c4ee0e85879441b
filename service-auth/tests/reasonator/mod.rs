//! A small Reasonator: scores a request, with a queue by tier, for its one verified caller. And a client for it that
//! speaks HTTP/1.1 over one kept-alive loopback connection.

// Each test program uses its own part of this stand-in.
#![allow(dead_code, reason = "shared by several test programs, each of which uses a part")]

use std::{net::SocketAddr, sync::Arc};

use axum::{Router, body::Body, http::Request, routing::get};
use http::{HeaderMap, StatusCode};
use http_body_util::{BodyExt, Empty};
use hyper::{body::Bytes, client::conn::http1::SendRequest};
use hyper_util::rt::TokioIo;
use service_auth::{ServiceAuthLayer, Tier, Verified, Verifier};
use tokio::net::{TcpListener, TcpStream};

/// The service's routes behind the check.
pub(crate) fn routes(verifier: Arc<Verifier>) -> Router {
    Router::new()
        .route("/score", get(|tier: Tier| async move { format!("queue={}", tier.as_str()) }))
        .route("/headers", get(|headers: HeaderMap| async move { format!("{headers:?}") }))
        .route("/caller", get(|verified: Verified| async move { verified.caller().to_owned() }))
        .layer(ServiceAuthLayer::new(verifier))
}

/// Starts the service on a free loopback port.
pub(crate) async fn start(verifier: Arc<Verifier>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, routes(verifier)).await.unwrap() });
    address
}

/// One kept-alive connection to the service.
pub(crate) struct Connection(SendRequest<Empty<Bytes>>);

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        Self(sender)
    }

    pub(crate) async fn get(&mut self, path: &str, headers: &HeaderMap) -> (StatusCode, HeaderMap, String) {
        let mut request = Request::get(path).header("host", "reasonator").body(Empty::new()).unwrap();
        request.headers_mut().extend(headers.clone());
        self.0.ready().await.unwrap();
        let (parts, body) = self.0.send_request(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        (parts.status, parts.headers, String::from_utf8(body.to_vec()).unwrap())
    }
}

/// Collects a response body of a service that is called without a network.
pub(crate) async fn text(body: Body) -> String {
    String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap()
}
