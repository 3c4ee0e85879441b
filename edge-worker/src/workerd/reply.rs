//! What is answered.

use shared::{Problem, Reference};
use wasm_bindgen::JsValue;
use web_sys::Response;

use super::glue;
use super::incoming::Incoming;
use super::lines;
use crate::assets;
use crate::policy::Kind;
use crate::refusal::Refusal;
use crate::trace::Names;

/// What became known about a request on its way, for the log.
#[derive(Default)]
pub(super) struct Trail {
    pub(super) route: Option<String>,
    pub(super) key_id: Option<String>,
    pub(super) cached_verdict: Option<bool>,
    pub(super) upstream_ms: Option<f64>,
    pub(super) upstream_status: Option<u16>,
    /// The reference that Raptor gave.
    pub(super) reference: Option<Reference>,
}

/// An answer in the making.
pub(super) struct Reply {
    pub(super) kind: Kind,
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: JsValue,
    /// The body is brotli already.
    pub(super) precompressed: bool,
    /// What the log calls it.
    pub(super) outcome: &'static str,
}

/// An answer as it was made.
pub(super) struct Sent {
    pub(super) raw: Response,
    pub(super) status: u16,
    pub(super) outcome: &'static str,
}

impl Reply {
    /// An answer without a body.
    pub(super) fn empty(kind: Kind, status: u16, outcome: &'static str) -> Self {
        Self { kind, status, headers: Vec::new(), body: JsValue::NULL, precompressed: false, outcome }
    }

    /// A problem document, or a small page for somebody who navigates.
    pub(super) fn refused(refusal: &Refusal, incoming: &Incoming<'_>, reference: Reference) -> Self {
        let problem = refusal.problem(reference);
        let (kind, content_type, body) = if incoming.is_navigation() {
            let page = assets::notice_page(&problem.title, &reference.to_string());
            (Kind::Notice, "text/html; charset=utf-8", page)
        } else {
            let body = serde_json::to_string(&problem).unwrap_or_default();
            (Kind::Api, Problem::CONTENT_TYPE, body)
        };
        let mut reply = Self::empty(kind, problem.status, refusal.code());
        reply.headers = refusal.headers();
        reply.headers.push(("content-type", content_type.to_owned()));
        reply.body = if incoming.method == "HEAD" { JsValue::NULL } else { body.into() };
        reply
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(super) fn into_response(mut self, names: &Names, trail: &Trail, duration: f64) -> Sent {
        let timing = trail.upstream_ms.map(|upstream| format!(", origin;dur={upstream}")).unwrap_or_default();
        self.headers.push(("server-timing", format!("edge;dur={duration}{timing}")));
        self.headers.push((shared::REQUEST_ID, names.request_id.clone()));
        let raw = glue::respond(self.kind as u32, self.status, &lines(&self.headers), &self.body, self.precompressed);
        Sent { raw, status: self.status, outcome: self.outcome }
    }
}
