//! The tower layer: no request passes without a valid token.

use std::{
    future::{Ready, ready},
    sync::Arc,
    task::{Context, Poll},
};

use futures_util::future::Either;
use http::{Request, Response};
use tower::{Layer, Service};

use crate::{Verifier, refusal_response};

/// Puts a [`ServiceAuth`] around a service.
#[derive(Debug, Clone)]
pub struct ServiceAuthLayer {
    verifier: Arc<Verifier>,
}

impl ServiceAuthLayer {
    /// A layer that asks this verifier.
    pub fn new(verifier: Arc<Verifier>) -> Self {
        Self { verifier }
    }
}

impl<S> Layer<S> for ServiceAuthLayer {
    type Service = ServiceAuth<S>;

    fn layer(&self, inner: S) -> Self::Service {
        ServiceAuth { inner, verifier: self.verifier.clone() }
    }
}

/// A service behind the check. A verified request carries a [`crate::Verified`] extension and no longer the token; any other
/// gets [`refusal_response`] and never reaches the inner service.
#[derive(Debug, Clone)]
pub struct ServiceAuth<S> {
    inner: S,
    verifier: Arc<Verifier>,
}

impl<S, B, R> Service<Request<B>> for ServiceAuth<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    R: From<&'static str>,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Either<S::Future, Ready<Result<Response<R>, S::Error>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        match self.verifier.verify(request.headers()) {
            Ok(verified) => {
                // The token has done its work: nothing further in, a log of headers say, needs to see it.
                request.headers_mut().remove(self.verifier.header());
                request.extensions_mut().insert(verified);
                Either::Left(self.inner.call(request))
            }
            Err(_) => Either::Right(ready(Ok(refusal_response()))),
        }
    }
}
