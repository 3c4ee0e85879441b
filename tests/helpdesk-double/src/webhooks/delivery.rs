//! Sending one event: the signature, the request, the retries.

use super::{Job, Progress, Webhooks};
use axum::{
    body::{Body, Bytes},
    http::{Request, Uri, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use hyper_util::rt::TokioIo;
use sha1::Sha1;
use std::{io, sync::Arc};
use tokio::{net::TcpStream, time::timeout};

/// `base64(HMAC-SHA1(raw body, secret))`, the value of `X-FreeScout-Signature`.
#[must_use]
pub fn sign(body: &[u8], secret: &str) -> String {
    // HMAC takes a key of any length, so this cannot fail; an empty signature would be refused by every receiver.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

/// Sends one event until it is answered 2xx or the tries are used up. Every try carries the old snapshot.
pub(super) async fn deliver(webhooks: Arc<Webhooks>, job: Job) {
    tokio::time::sleep(job.wait).await;
    let secret = if job.wrong_signature { "not the secret" } else { webhooks.secret.as_str() };
    for attempt in 1..=webhooks.config.max_attempts {
        if webhooks.is_dropped(job.id) {
            return;
        }
        let answer = timeout(webhooks.config.timeout, send(&job, secret)).await;
        let status = answer.ok().and_then(Result::ok);
        let delivered = status.is_some_and(|status| (200..300).contains(&status));
        let last = attempt == webhooks.config.max_attempts;
        webhooks.note_attempt(
            job.id,
            status,
            match (delivered, last) {
                (true, _) => Progress::Delivered,
                (false, true) => Progress::Failed,
                (false, false) => Progress::Pending,
            },
        );
        if delivered {
            return;
        }
        // A job that runs every half unit picks it up again when the last try is older than (tries - 1) units.
        let unit = webhooks.config.retry_unit;
        let pause = if attempt == 1 { unit / 2 } else { unit * (attempt - 1) };
        tokio::time::sleep(pause).await;
    }
}

impl Webhooks {
    fn is_dropped(&self, id: u64) -> bool {
        self.with(|inner| {
            inner.records.iter().any(|(record, _)| record.id == id && record.progress == Progress::Dropped)
        })
    }

    fn note_attempt(&self, id: u64, status: Option<u16>, progress: Progress) {
        self.with(|inner| {
            if let Some((record, _)) = inner.records.iter_mut().find(|(record, _)| record.id == id) {
                record.attempts += 1;
                record.last_status = status;
                record.progress = progress;
            }
        });
    }
}

async fn send(job: &Job, secret: &str) -> io::Result<u16> {
    let uri: Uri = job.delivery.url.parse().map_err(io::Error::other)?;
    let authority = uri.authority().ok_or_else(|| io::Error::other("a webhook address needs a host"))?;
    let address = (authority.host().trim_matches(['[', ']']), authority.port_u16().unwrap_or(80));
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake::<_, Body>(TokioIo::new(stream)).await.map_err(io::Error::other)?;
    let body: Bytes = job.delivery.body.clone();
    let request = Request::post(uri.path_and_query().map_or("/", |path| path.as_str()))
        .header(header::HOST, authority.as_str())
        .header(header::CONTENT_TYPE, "application/json")
        .header("x-freescout-event", job.delivery.event)
        .header("x-freescout-signature", sign(&body, secret))
        .body(Body::from(body))
        .map_err(io::Error::other)?;
    let driver = tokio::spawn(connection);
    let answer = sender.send_request(request).await.map_err(io::Error::other);
    driver.abort();
    answer.map(|answer| answer.status().as_u16())
}

#[cfg(test)]
mod tests {
    use super::sign;

    #[test]
    fn signs_like_the_vendor() {
        assert_eq!(sign(br#"{"id":42,"status":"pending"}"#, "webhook-secret"), "fEehwa3N7y7afkpjFsbtGIBnrRQ=");
    }
}
