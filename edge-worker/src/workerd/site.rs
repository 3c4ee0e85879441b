//! The static site, from the Pages project.

use wasm_bindgen::JsValue;

use super::api::fetched;
use super::glue::{self, Exchange};
use super::incoming::Incoming;
use super::reply::{Reply, Trail};
use super::{Edge, lines};
use crate::assets::{self, Asset};
use crate::policy::Kind;
use crate::refusal::Refusal;

/// How long the origin may take, in milliseconds.
const TIMEOUT: u32 = 10_000;

pub(super) async fn answer(edge: &Edge, incoming: &Incoming<'_>, trail: &mut Trail) -> Result<Reply, Refusal> {
    if !matches!(incoming.method, "GET" | "HEAD") {
        return Err(Refusal::UnknownMethod(String::from("GET, HEAD")));
    }
    let asset = assets::resolve(incoming.path).ok_or(Refusal::UnknownPath)?;
    trail.route = Some(asset.plain.clone());
    if let Some(brotli) = asset.brotli.as_deref().filter(|_| assets::accepts_brotli(incoming.accept_encoding)) {
        match fetch(edge, incoming, brotli, true, trail).await {
            // The build leaves a twin beside every file; should one be missing, the file itself does.
            Err(Refusal::UnknownPath) => {}
            found => return found.map(|found| found.reply(&asset, incoming, true)),
        }
    }
    let shell = asset.kind == Kind::Document;
    fetch(edge, incoming, &asset.plain, !shell, trail).await.map(|found| found.reply(&asset, incoming, false))
}

/// What the origin has.
struct Found {
    exchange: Exchange,
    modified: bool,
    etag: Option<String>,
}

async fn fetch(
    edge: &Edge,
    incoming: &Incoming<'_>,
    path: &str,
    refuse_html: bool,
    trail: &mut Trail,
) -> Result<Found, Refusal> {
    match attempt(edge, incoming, path, refuse_html, trail).await {
        // A connection that was kept open, and that the origin had closed. Files are only read, so asking once more does no harm.
        Err(Refusal::Unreachable("pages_down")) => attempt(edge, incoming, path, refuse_html, trail).await,
        outcome => outcome,
    }
}

async fn attempt(
    edge: &Edge,
    incoming: &Incoming<'_>,
    path: &str,
    refuse_html: bool,
    trail: &mut Trail,
) -> Result<Found, Refusal> {
    let url = [&edge.config.pages_origin, path].concat();
    let mut headers = vec![("accept-encoding", String::from("identity"))];
    if !incoming.if_none_match.is_empty() {
        headers.push(("if-none-match", incoming.if_none_match.to_owned()));
    }
    let sent = glue::now();
    let exchange =
        fetched(glue::exchange(&url, incoming.method, &lines(&headers), &JsValue::NULL, -1.0, TIMEOUT).await);
    trail.upstream_ms = Some(glue::now() - sent);
    match judged(&exchange, incoming, refuse_html, trail) {
        Ok((modified, etag)) => {
            if !modified {
                glue::discard(&exchange);
            }
            Ok(Found { exchange, modified, etag })
        }
        Err(refusal) => {
            glue::discard(&exchange);
            Err(refusal)
        }
    }
}

/// Whether the file is sent, and its tag.
fn judged(
    exchange: &Exchange,
    incoming: &Incoming<'_>,
    refuse_html: bool,
    trail: &mut Trail,
) -> Result<(bool, Option<String>), Refusal> {
    let text = exchange.head();
    let mut values = text.split('\n');
    let status = match values.next() {
        Some("0 slow") => return Err(Refusal::Unreachable("pages_slow")),
        Some(status) => status.parse().unwrap_or(0),
        None => 0,
    };
    if status == 0 {
        return Err(Refusal::Unreachable("pages_down"));
    }
    trail.upstream_status = Some(status);
    let content_type = values.nth(1).unwrap_or_default();
    let etag = values.nth(2).and_then(assets::sound_etag).map(ToOwned::to_owned);
    match status {
        // Without a page for what is not found, Pages answers with the shell.
        200 if refuse_html && content_type.starts_with("text/html") => Err(Refusal::UnknownPath),
        200 => {
            let known = etag.as_deref().is_some_and(|etag| assets::none_match(incoming.if_none_match, etag));
            Ok((!known, etag))
        }
        304 if !incoming.if_none_match.is_empty() => Ok((false, etag)),
        404 => Err(Refusal::UnknownPath),
        500..=599 => Err(Refusal::Unreachable("pages_gateway")),
        _ => Err(Refusal::Withheld("pages_status")),
    }
}

impl Found {
    fn reply(self, asset: &Asset, incoming: &Incoming<'_>, brotli: bool) -> Reply {
        let mut reply = if self.modified {
            Reply::empty(asset.kind, 200, "served").with("content-type", asset.media_type).with("accept-ranges", "none")
        } else {
            Reply::empty(asset.kind, 304, "not_modified")
        };
        if let Some(etag) = self.etag {
            reply = reply.with("etag", etag);
        }
        if asset.brotli.is_some() {
            reply = reply.with("vary", "accept-encoding");
        }
        if brotli && self.modified {
            reply = reply.with("content-encoding", "br");
            reply.precompressed = true;
        }
        if self.modified && incoming.method == "GET" {
            reply.body = glue::stream(&self.exchange);
        }
        reply
    }
}
