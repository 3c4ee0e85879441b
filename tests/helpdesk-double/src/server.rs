//! Accepting connections.

use crate::{api, desk::Desk, faults::DropConnection, operator};
use axum::{Router, body::Body, extract::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{fmt, net::IpAddr, sync::Arc};
use tokio::{net::TcpListener, task::JoinSet};
use tower::ServiceExt as _;

/// Ends a connection without an answer.
#[derive(Debug)]
struct Dropped;

impl fmt::Display for Dropped {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the connection is dropped on purpose")
    }
}

impl std::error::Error for Dropped {}

/// Serves both sides until this future is dropped, and every connection with it.
pub(crate) async fn serve(listener: TcpListener, desk: Arc<Desk>) {
    let help_desk = api::router(&desk);
    let both_sides = Router::new().merge(operator::router(&desk)).fallback_service(help_desk.clone());
    let mut connections = JoinSet::new();
    loop {
        // A failed accept concerns one caller only.
        let Ok((stream, peer)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        // Without it small answers wait for the peer's acknowledgement; a failure costs only time.
        let _ = stream.set_nodelay(true);
        // The operator side asks for no key, so it is for this machine only.
        let router = if may_operate(peer.ip()) { both_sides.clone() } else { help_desk.clone() };
        let service = service_fn(move |request: Request<Incoming>| {
            let router = router.clone();
            async move {
                // The router's error type has no value.
                let Ok(response) = router.oneshot(request.map(Body::new)).await;
                match response.extensions().get::<DropConnection>() {
                    Some(DropConnection) => Err(Dropped),
                    None => Ok(response),
                }
            }
        });
        connections.spawn(async move {
            // A broken connection is the caller's business, or was asked for.
            let _ =
                http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service).await;
        });
        while connections.try_join_next().is_some() {}
    }
}

/// Only this machine may use the operator side.
fn may_operate(peer: IpAddr) -> bool {
    peer.to_canonical().is_loopback()
}

#[cfg(test)]
mod tests {
    use super::may_operate;

    #[test]
    fn only_this_machine_may_operate() {
        for (peer, expected) in [
            ("127.0.0.1", true),
            ("127.8.8.8", true),
            ("::1", true),
            ("::ffff:127.0.0.1", true),
            ("10.0.0.7", false),
            ("::ffff:10.0.0.7", false),
            ("2001:db8::1", false),
        ] {
            assert_eq!(may_operate(peer.parse().unwrap()), expected, "{peer}");
        }
    }
}
