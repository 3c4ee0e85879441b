//! Server-sent events over `fetch`: `EventSource` cannot send a bearer token.

use js_sys::Uint8Array;
use shared::{Endpoint, LiveEvent, endpoints::events::Subscribe};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::ReadableStreamDefaultReader;

use super::send::{Clock, Outgoing, begin, failure_of};
use super::{Cause, Failure, credentials};
use crate::browser::property;

/// What is kept of an event whose end has not come yet; more than this is not one of ours.
const MAX_PENDING: usize = 64 * 1024;

/// An open stream of events.
pub struct Stream {
    reader: ReadableStreamDefaultReader,
    clock: Clock,
    parser: Parser,
}

/// Opens the stream. The head of the answer may take 20 seconds; after that the stream lasts as long as both ends want.
///
/// # Errors
/// As any call.
pub async fn open() -> Result<Stream, Failure> {
    let outgoing = Outgoing {
        method: Subscribe::METHOD,
        uri: Subscribe::uri(&(), &()),
        bearer: true,
        success: Subscribe::STATUS,
        body: None,
        key: None,
    };
    let token = credentials::token();
    let (response, clock) = begin(outgoing, Some(20_000)).await?;
    clock.stop();
    if response.status() != Subscribe::STATUS {
        let failure = failure_of(&response).await;
        if let (Cause::SessionEnded, Some(token)) = (&failure.cause, token) {
            credentials::refused(&token);
        }
        return Err(failure);
    }
    let reader = response.body().and_then(|body| body.get_reader().dyn_into().ok());
    let reader = reader.ok_or_else(|| Failure::new(Cause::Unusable))?;
    Ok(Stream { reader, clock, parser: Parser::default() })
}

impl Stream {
    /// The events of the next piece, none for a heartbeat; `None` when the stream has ended.
    pub async fn next(&mut self) -> Option<Vec<LiveEvent>> {
        let piece = JsFuture::from(self.reader.read()).await.ok()?;
        if property(&piece, "done").is_some_and(|done| done.is_truthy()) {
            return None;
        }
        let bytes = Uint8Array::new(&property(&piece, "value")?).to_vec();
        Some(self.parser.push(&bytes))
    }

    /// What ends the stream from outside, as when it has been silent for too long.
    pub fn stopper(&self) -> impl Fn() + use<> {
        let reader = self.reader.clone();
        move || {
            let _ = reader.cancel();
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.clock.abort();
    }
}

/// Reads `text/event-stream` (HTML Living Standard, 9.2.6) as far as we use it: `event`, `data`, comments.
#[derive(Default)]
pub struct Parser {
    pending: Vec<u8>,
    name: String,
    data: String,
}

impl Parser {
    /// Takes a piece and answers the events that it completes.
    pub fn push(&mut self, piece: &[u8]) -> Vec<LiveEvent> {
        let mut events = Vec::new();
        self.pending.extend_from_slice(piece);
        while let Some(end) = self.pending.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.pending.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line);
            self.line(line.trim_end_matches(['\r', '\n']), &mut events);
        }
        if self.pending.len() > MAX_PENDING {
            self.pending.clear();
            // Something was missed; the reader then reads the list again.
            events.push(LiveEvent::Resync);
        }
        events
    }

    fn line(&mut self, line: &str, events: &mut Vec<LiveEvent>) {
        if line.is_empty() {
            if !self.name.is_empty() || !self.data.is_empty() {
                // What this version does not know may matter: better to read the list once more.
                events.push(LiveEvent::parse(&self.name, &self.data).unwrap_or(LiveEvent::Resync));
            }
            self.name.clear();
            self.data.clear();
            return;
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.name),
            "data" => {
                if !self.data.is_empty() {
                    self.data.push('\n');
                }
                self.data.push_str(value);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_may_end_anywhere() {
        let text = ": beat\n\nevent: ready\ndata: {}\n\nevent: resync\r\ndata: {}\r\n\r\n";
        for cut in 0..text.len() {
            let mut parser = Parser::default();
            let mut events = parser.push(&text.as_bytes()[..cut]);
            events.extend(parser.push(&text.as_bytes()[cut..]));
            assert_eq!(events, [LiveEvent::Ready, LiveEvent::Resync], "cut at {cut}");
        }
    }

    #[test]
    fn what_it_does_not_know_means_reading_again() {
        assert_eq!(Parser::default().push(b"event: later\ndata: {}\n\n"), [LiveEvent::Resync]);
        assert_eq!(Parser::default().push(b"event: ticket_changed\ndata: {\"x\":1}\n\n"), [LiveEvent::Resync]);
        assert_eq!(Parser::default().push(b": only a comment\n\n"), []);
    }

    #[test]
    fn a_line_without_end_is_bounded() {
        let mut parser = Parser::default();
        assert_eq!(parser.push(&vec![b'x'; MAX_PENDING + 1]), [LiveEvent::Resync]);
        assert_eq!(parser.push(b"\nevent: ready\n\n"), [LiveEvent::Ready]);
    }
}
