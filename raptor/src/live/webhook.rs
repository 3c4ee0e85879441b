//! Webhooks of the help desk: hints that something happened, and nothing more.
//!
//! A webhook carries a snapshot that can be old, can be replayed, and holds what customers must not see. So its signature is checked over
//! the raw bytes, the conversation's number is read out of it, and everything else is read anew from the help desk.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::StatusCode;
use http_body_util::{BodyExt as _, Limited};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::helpdesk::{ConversationId, CustomerId};

/// Largest webhook, in bytes: a long conversation with all its threads.
const MAX_BYTES: usize = 8 * 1024 * 1024;
/// The header with the signature.
const SIGNATURE: &str = "x-freescout-signature";

#[derive(Deserialize)]
struct Hint {
    id: u64,
    #[serde(default)]
    customer: Option<Person>,
}

#[derive(Deserialize)]
struct Person {
    id: u64,
}

/// Takes a webhook. Whatever is wrong with it, the answer says as little as possible.
pub(crate) async fn receive(State(app): State<Arc<App>>, request: Request) -> Response {
    let status = take(&app, request).await;
    let counter = if status.is_success() { &app.metrics.webhooks_accepted } else { &app.metrics.webhooks_refused };
    counter.fetch_add(1, Ordering::Relaxed);
    (status, Body::empty()).into_response()
}

async fn take(app: &Arc<App>, request: Request) -> StatusCode {
    let Some(secret) = app.webhook_secret.load_full() else { return StatusCode::NOT_FOUND };
    let (parts, body) = request.into_parts();
    let Ok(bytes) = Limited::new(body, MAX_BYTES).collect().await else { return StatusCode::PAYLOAD_TOO_LARGE };
    let bytes = bytes.to_bytes();
    let signature = parts.headers.get(SIGNATURE).map(|value| value.as_bytes()).unwrap_or_default();
    if !is_signed(secret.expose_secret().as_bytes(), &bytes, signature) {
        tracing::warn!("a webhook without a valid signature was refused");
        return StatusCode::UNAUTHORIZED;
    }
    let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    match app.store.note_webhook(&digest, app.now()).await {
        // Seen before: a retry or a replay. It is well, and it is done.
        Ok(false) => return StatusCode::NO_CONTENT,
        Ok(true) => {}
        Err(error) => {
            tracing::error!(%error, "a webhook could not be noted");
            return StatusCode::SERVICE_UNAVAILABLE;
        }
    }
    let hint = serde_json::from_slice::<Hint>(&bytes).ok();
    let Some((conversation, owner)) =
        hint.and_then(|hint| Some((ConversationId::new(hint.id)?, CustomerId::new(hint.customer?.id)?)))
    else {
        // Events about customers and the like: signed, and of no use to us.
        return StatusCode::NO_CONTENT;
    };
    let app = app.clone();
    // The help desk waits 30 s at most; reading it back while it waits could take longer.
    tokio::spawn(async move {
        let customer = match app.store.customer_of(owner).await {
            Ok(Some(customer)) => customer,
            Ok(None) => return,
            Err(error) => {
                tracing::error!(%error, "a webhook could not be followed");
                return;
            }
        };
        if let Err(error) = app.copier.reread(customer, conversation).await {
            tracing::warn!(%error, "a webhook could not be followed; polling will find it");
        }
    });
    StatusCode::NO_CONTENT
}

/// Whether `signature` is the base 64 of an HMAC-SHA1 over the raw bytes. Compared in constant time.
fn is_signed(secret: &[u8], bytes: &[u8], signature: &[u8]) -> bool {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else { return false };
    mac.update(bytes);
    let Ok(signature) = STANDARD.decode(signature) else { return false };
    mac.verify_slice(&signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_checked_over_the_raw_bytes() {
        let body = br#"{"id":42,"status":"pending"}"#;
        let good = b"fEehwa3N7y7afkpjFsbtGIBnrRQ=";
        assert!(is_signed(b"webhook-secret", body, good));
        assert!(!is_signed(b"another-secret", body, good));
        assert!(!is_signed(b"webhook-secret", br#"{"id":42, "status":"pending"}"#, good));
        for bad in [&b""[..], b"=", b"fEehwa3N7y7afkpjFsbtGIBnrR", b"AAAA"] {
            assert!(!is_signed(b"webhook-secret", body, bad), "{bad:?}");
        }
    }
}
