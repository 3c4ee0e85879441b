//! The static site, from the Pages project.

use super::Edge;
use super::glue::{self, Exchange, Reads, Sent};
use super::incoming::Incoming;
use super::reply::{Body, Reply, Trail, lines};
use super::task::Outcome;
use crate::assets::{self, Asset};
use crate::policy::Kind;
use crate::refusal::Refusal;
use crate::shelf;

/// How long the origin may take, in milliseconds.
const TIMEOUT: u32 = 10_000;

pub(super) async fn answer(edge: &Edge, incoming: &Incoming<'_>, trail: &mut Trail) -> Result<Reply, Refusal> {
    if !matches!(incoming.method, "GET" | "HEAD") {
        return Err(Refusal::UnknownMethod(String::from("GET, HEAD")));
    }
    let asset = assets::resolve(incoming.path).ok_or(Refusal::UnknownPath)?;
    trail.route = Some(asset.plain.clone().into());
    let wanted = Wanted { edge, incoming, asset: &asset };
    if let Some(brotli) = asset.brotli.as_deref().filter(|_| assets::accepts_brotli(incoming.accept_encoding)) {
        match wanted.get(brotli, true, true, trail).await {
            // The build leaves a twin beside every file; should one be missing, the file itself does.
            Err(Refusal::UnknownPath) => {}
            found => return found,
        }
    }
    wanted.get(&asset.plain, !asset.kind.is_document(), false, trail).await
}

/// A file that somebody wants.
struct Wanted<'a> {
    edge: &'a Edge,
    incoming: &'a Incoming<'a>,
    asset: &'a Asset,
}

impl Wanted<'_> {
    async fn get(&self, path: &str, refuse_html: bool, brotli: bool, trail: &mut Trail) -> Result<Reply, Refusal> {
        if self.asset.kind == Kind::HashedAsset
            && let Some(kept) = self.edge.shelf.borrow_mut().get(path)
        {
            return Ok(self.kept(kept, brotli));
        }
        match self.fetch(path, refuse_html, brotli, trail).await {
            // A connection that was kept open, and that the origin had closed. Files are only read, so asking once more does no harm.
            Err(Refusal::Unreachable("pages_down")) => self.fetch(path, refuse_html, brotli, trail).await,
            outcome => outcome,
        }
    }

    fn kept(&self, kept: &shelf::Kept, brotli: bool) -> Reply {
        if self.is_known(kept.etag.as_deref()) {
            return self.reply(false, kept.etag.clone(), brotli);
        }
        let mut reply = Reply::empty(self.asset.kind, 200, "served");
        reply.kept = Some(kept.slot);
        reply
    }

    fn is_known(&self, etag: Option<&str>) -> bool {
        etag.is_some_and(|etag| assets::none_match(self.incoming.if_none_match, etag))
    }

    async fn fetch(&self, path: &str, refuse_html: bool, brotli: bool, trail: &mut Trail) -> Result<Reply, Refusal> {
        let keeps = self.asset.kind == Kind::HashedAsset && self.incoming.method == "GET";
        let mut headers = vec![("accept-encoding", "identity".into())];
        if !self.incoming.if_none_match.is_empty() {
            headers.push(("if-none-match", self.incoming.if_none_match.into()));
        }
        let sent = glue::now();
        let exchange = Exchange {
            url: &[&self.edge.config.pages_origin, path].concat(),
            method: self.incoming.method,
            headers: lines(&headers),
            sent: Sent::Nothing,
            reads: Reads::Site,
            body: glue::Body::Leave,
            max: 0,
            milliseconds: TIMEOUT,
        };
        let outcome = exchange.run().await;
        trail.upstream_ms = Some(glue::now() - sent);
        let judged = self.judged(&outcome, refuse_html, trail);
        if !matches!(judged, Ok(Judged { modified: true, .. })) {
            glue::discard();
        }
        let Judged { modified, etag, length } = judged?;
        let mut reply = self.reply(modified, etag.clone(), brotli);
        if modified && self.incoming.method == "GET" {
            reply.body = Body::Stream;
            if keeps && length.is_some_and(|length| length <= shelf::MAX_FILE) {
                self.keep(path, etag, &mut reply).await?;
            }
        }
        Ok(reply)
    }

    /// Reads the whole file and keeps it.
    async fn keep(&self, path: &str, etag: Option<String>, reply: &mut Reply) -> Result<(), Refusal> {
        let read = glue::read_exchange(shelf::MAX_FILE, false, TIMEOUT).await;
        // One that broke off is neither kept nor sent.
        let length: usize = read.text.parse().map_err(|_| Refusal::Unreachable("pages_broke_off"))?;
        reply.body = Body::AsReceived;
        if let Some((slot, gone)) = self.edge.shelf.borrow_mut().put(path, etag, length) {
            gone.into_iter().for_each(glue::unkeep);
            glue::keep(slot, self.asset.kind as u32, &lines(&reply.headers), reply.precompressed);
        }
        Ok(())
    }

    /// Whether the file is sent, and its tag.
    fn judged(&self, outcome: &Outcome, refuse_html: bool, trail: &mut Trail) -> Result<Judged, Refusal> {
        let mut values = outcome.text.split('\n');
        let status = match values.next() {
            Some("slow") => return Err(Refusal::Unreachable("pages_slow")),
            Some(status) => status.parse().unwrap_or(0),
            None => 0,
        };
        if status == 0 {
            return Err(Refusal::Unreachable("pages_down"));
        }
        trail.upstream_status = Some(status);
        // In the order of `Reads::LISTS`, after what the reading of the body came to.
        let mut value = || values.next().unwrap_or_default();
        let (_, content_type, length, etag) = (value(), value(), value().parse().ok(), value());
        let etag = assets::sound_etag(etag).map(ToOwned::to_owned);
        match status {
            // Without a page for what is not found, Pages answers with the shell.
            200 if refuse_html && content_type.starts_with("text/html") => Err(Refusal::UnknownPath),
            200 => Ok(Judged { modified: !self.is_known(etag.as_deref()), etag, length }),
            304 if !self.incoming.if_none_match.is_empty() => Ok(Judged { modified: false, etag, length }),
            404 => Err(Refusal::UnknownPath),
            500..=599 => Err(Refusal::Unreachable("pages_gateway")),
            _ => Err(Refusal::Withheld("pages_status")),
        }
    }

    fn reply(&self, modified: bool, etag: Option<String>, brotli: bool) -> Reply {
        let mut reply = if modified {
            let reply = Reply::empty(self.asset.kind, 200, "served");
            reply.with("content-type", self.asset.media_type).with("accept-ranges", "none")
        } else {
            Reply::empty(self.asset.kind, 304, "not_modified")
        };
        if let Some(etag) = etag {
            reply = reply.with("etag", etag);
        }
        if self.asset.brotli.is_some() {
            reply = reply.with("vary", "accept-encoding");
        }
        if brotli && modified {
            reply = reply.with("content-encoding", "br");
            reply.precompressed = true;
        }
        reply
    }
}

/// What the origin has.
struct Judged {
    modified: bool,
    etag: Option<String>,
    length: Option<usize>,
}
