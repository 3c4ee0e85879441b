//! What is answered.

use std::borrow::Cow;
use std::rc::Rc;

use shared::{Problem, Reference};

use super::events::Bounds;
use super::glue;
use super::incoming::Incoming;
use crate::assets;
use crate::log::{Record, known_method};
use crate::policy::Kind;
use crate::refusal::Refusal;
use crate::trace::Names;

/// What became known about a request on its way, for the log.
#[derive(Default)]
pub(super) struct Trail {
    pub(super) route: Option<Cow<'static, str>>,
    pub(super) key_id: Option<Rc<str>>,
    pub(super) cached_verdict: Option<bool>,
    pub(super) upstream_ms: Option<f64>,
    pub(super) upstream_status: Option<u16>,
    /// The reference that Raptor gave.
    pub(super) reference: Option<Reference>,
}

/// The body of an answer.
pub(super) enum Body {
    Nothing,
    Given(Vec<u8>),
    /// What was read of the origin's answer, byte for byte.
    AsReceived,
    /// The origin's answer, as it flows.
    Stream,
    /// The same for a stream of events, within bounds.
    Events(Bounds),
}

/// An answer in the making.
pub(super) struct Reply {
    pub(super) kind: Kind,
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, Cow<'static, str>)>,
    pub(super) body: Body,
    /// The body is brotli already.
    pub(super) precompressed: bool,
    /// What the log calls it.
    pub(super) outcome: &'static str,
    /// A file that is kept: its slot holds body and headers. The body is left out for HEAD.
    pub(super) kept: Option<u32>,
}

impl Reply {
    /// An answer without a body.
    pub(super) fn empty(kind: Kind, status: u16, outcome: &'static str) -> Self {
        let (headers, body, precompressed) = (Vec::new(), Body::Nothing, false);
        Self { kind, status, headers, body, precompressed, outcome, kept: None }
    }

    /// A problem document, or a small page for somebody who navigates.
    pub(super) fn refused(refusal: &Refusal, incoming: &Incoming<'_>, reference: Reference) -> Self {
        let problem = refusal.problem(reference);
        let (kind, content_type, body) = if incoming.is_navigation() {
            let page = assets::notice_page(&problem.title, &reference.to_string());
            (Kind::Notice, "text/html; charset=utf-8", page.into_bytes())
        } else {
            (Kind::Api, Problem::CONTENT_TYPE, serde_json::to_vec(&problem).unwrap_or_default())
        };
        let mut reply = Self::empty(kind, problem.status, refusal.code());
        reply.headers.push(("content-type", content_type.into()));
        reply.headers.extend(refusal.headers().into_iter().map(|(name, value)| (name, value.into())));
        if incoming.method != "HEAD" {
            reply.body = Body::Given(body);
        }
        reply
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Sends the answer, and writes the log line about it.
    pub(super) fn send(self, incoming: &Incoming<'_>, names: &Names, trail: &Trail, refusal: Option<&Refusal>) {
        let duration = glue::now() - incoming.arrived;
        let mut text = self.log_line(incoming, names, trail, refusal, duration);
        let mut line = |name: &str, value: &str| text.extend(["\n", name, ": ", value]);
        for (name, value) in &self.headers {
            line(name, value);
        }
        let timing = trail.upstream_ms.map(|upstream| format!(", origin;dur={upstream}")).unwrap_or_default();
        line("server-timing", &format!("edge;dur={duration}{timing}"));
        line(shared::REQUEST_ID, &names.request_id);
        if let Some(slot) = self.kept {
            return glue::respond_kept(slot, &text, incoming.method == "HEAD");
        }
        if let Body::Events(Bounds { lifetime, silence, most }) = self.body {
            return glue::respond_events(self.kind as u32, self.status, &text, lifetime, silence, most);
        }
        let (body, bytes): (u32, &[u8]) = match &self.body {
            Body::Nothing => (0, &[]),
            Body::Given(bytes) => (1, bytes),
            Body::AsReceived => (2, &[]),
            Body::Stream | Body::Events(_) => (3, &[]),
        };
        glue::respond(self.kind as u32, self.status, &text, body, bytes, self.precompressed);
    }

    fn log_line(
        &self,
        incoming: &Incoming<'_>,
        names: &Names,
        trail: &Trail,
        refusal: Option<&Refusal>,
        duration_ms: f64,
    ) -> String {
        let reference = refusal.map(|_| names.reference).or(trail.reference).map(|reference| reference.to_string());
        Record {
            level: if self.status >= 500 { "warn" } else { "info" },
            outcome: refusal.map_or(self.outcome, Refusal::code),
            detail: refusal.and_then(Refusal::detail),
            request_id: &names.request_id,
            trace_id: names.trace_id(),
            reference: reference.as_deref(),
            method: known_method(incoming.method),
            route: trail.route.as_deref().unwrap_or("unknown"),
            status: self.status,
            kid: trail.key_id.as_deref(),
            cached_verdict: trail.cached_verdict,
            duration_ms,
            upstream_ms: trail.upstream_ms,
            upstream_status: trail.upstream_status,
        }
        .line()
    }
}

/// Header lines, as the glue takes them.
pub(super) fn lines(headers: &[(&'static str, Cow<'_, str>)]) -> String {
    let mut text = String::with_capacity(headers.iter().map(|(name, value)| name.len() + value.len() + 3).sum());
    for (place, (name, value)) in headers.iter().enumerate() {
        text.extend([if place == 0 { "" } else { "\n" }, name, ": ", value]);
    }
    text
}
