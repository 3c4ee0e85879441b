//! The other side of `glue.js` and `answer.js`, where each function is described. Those that begin something are followed by [`task::outcome`].

use super::task::{self, Outcome};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/workerd/glue.js")]
extern "C" {
    pub(super) fn configure(fixed: &str, read_upstream: &str);
    pub(super) fn variable(name: &str) -> Option<String>;
    #[wasm_bindgen(js_name = requestHeader)]
    pub(super) fn request_header(name: &str) -> Option<String>;
    pub(super) fn random(length: u32) -> Vec<u8>;
    pub(super) fn now() -> f64;
    pub(super) fn log(line: &str);
    pub(super) fn panicked();
    #[wasm_bindgen(js_name = refreshLater)]
    pub(super) fn refresh_later();
    pub(super) fn discard();

    #[wasm_bindgen(js_name = admit)]
    fn begin_admit(limits: &str);
    #[wasm_bindgen(js_name = readBody)]
    fn begin_read_body(max: u32, milliseconds: u32);
    #[wasm_bindgen(js_name = exchange)]
    fn begin_exchange(
        request: &str,
        bytes: Option<&[u8]>,
        pass_on: bool,
        reads: u32,
        read: u32,
        max: u32,
        milliseconds: u32,
    );
    #[wasm_bindgen(js_name = readExchange)]
    fn begin_read_exchange(max: u32, give: bool, milliseconds: u32);
    #[wasm_bindgen(js_name = verifyEs256)]
    fn begin_verify_es256(x: &str, y: &str, signature: &[u8], signed: &[u8]);
}

#[wasm_bindgen(module = "/src/workerd/answer.js")]
extern "C" {
    pub(super) fn keep(slot: u32, kind: u32, headers: &str, precompressed: bool);
    pub(super) fn unkeep(slot: u32);
    pub(super) fn respond(kind: u32, status: u16, log_and_headers: &str, body: u32, bytes: &[u8], precompressed: bool);
    #[wasm_bindgen(js_name = respondEvents)]
    pub(super) fn respond_events(kind: u32, status: u16, log_and_headers: &str, lifetime: u32, silence: u32, most: u32);
    #[wasm_bindgen(js_name = respondKept)]
    pub(super) fn respond_kept(slot: u32, log_and_headers: &str, head: bool);
}

/// What is sent as the body of a request to an origin.
pub(super) enum Sent {
    Nothing,
    Bytes(Vec<u8>),
    /// The client's own, as it flows.
    Clients,
}

/// What is done with the body of an origin's answer.
#[derive(Clone, Copy)]
pub(super) enum Body {
    /// It is left as a stream.
    Leave = 0,
    /// It is read, and its bytes are given.
    Read = 1,
}

/// Which headers of an origin's answer are read; the lists are [`Reads::LISTS`].
#[derive(Clone, Copy)]
pub(super) enum Reads {
    /// Of the site.
    Site = 0,
    /// Of an answer of the API that is a document.
    Document = 1,
    /// Of an answer of the API that is a stream.
    Stream = 2,
}

impl Reads {
    pub(super) const LISTS: &'static str = "content-type content-length etag\n\
        content-type www-authenticate retry-after\n\
        content-type www-authenticate retry-after content-length content-disposition";
}

/// A request to an origin.
pub(super) struct Exchange<'a> {
    pub(super) url: &'a str,
    pub(super) method: &'a str,
    /// Header lines.
    pub(super) headers: String,
    pub(super) sent: Sent,
    pub(super) reads: Reads,
    pub(super) body: Body,
    /// Most bytes of a body that is read.
    pub(super) max: usize,
    /// How long the answer may take to begin, and to arrive where it is read.
    pub(super) milliseconds: u32,
}

fn bytes_32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl Exchange<'_> {
    pub(super) async fn run(&self) -> Outcome {
        let Self { url, method, headers, sent, reads, body, max, milliseconds } = self;
        let bytes = if let Sent::Bytes(bytes) = sent { Some(bytes.as_slice()) } else { None };
        let pass_on = matches!(sent, Sent::Clients);
        let request = [method, "\n", url, "\n", headers.as_str()].concat();
        let (reads, body, max) = (*reads as u32, *body as u32, bytes_32(*max));
        begin_exchange(&request, bytes, pass_on, reads, body, max, *milliseconds);
        task::outcome().await
    }
}

pub(super) async fn admit(limits: &str) -> Outcome {
    begin_admit(limits);
    task::outcome().await
}

pub(super) async fn read_body(max: usize, milliseconds: u32) -> Outcome {
    begin_read_body(bytes_32(max), milliseconds);
    task::outcome().await
}

pub(super) async fn read_exchange(max: usize, give: bool, milliseconds: u32) -> Outcome {
    begin_read_exchange(bytes_32(max), give, milliseconds);
    task::outcome().await
}

pub(super) async fn verify_es256(x: &str, y: &str, signature: &[u8], signed: &[u8]) -> Outcome {
    begin_verify_es256(x, y, signature, signed);
    task::outcome().await
}
