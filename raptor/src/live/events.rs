//! The event stream (server-sent events, WHATWG HTML section 9.2).

use std::collections::VecDeque;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use http::HeaderValue;
use shared::endpoints::events::Subscribe;
use shared::{CustomerId, EventStream, LiveEvent, ProblemCode, Timestamp};
use tokio::sync::{broadcast, watch};

use super::Wake;
use super::open::OpenStream;
use crate::app::App;
use crate::http::{Answer, Call, Handler, Refusal};
use crate::store::Store;

/// Events that are read from the database together.
const BATCH: u32 = 100;
/// The client's first wait before it reconnects, in milliseconds.
const RETRY: &str = "retry: 2000\n\n";

impl Handler<Subscribe> for App {
    async fn handle(&self, call: Call<Subscribe>) -> Result<Answer<EventStream>, Refusal> {
        let signed_in = call.signed_in()?;
        let Some(open) = self.live.open.open(signed_in.customer, &self.metrics) else {
            return Err(Refusal::new(ProblemCode::RateLimited).retry_after(30));
        };
        // Subscribed before the database is read: what happens in between is seen twice rather than never.
        let wakes = self.live.wakes.subscribe();
        let (oldest, newest) = self.store.event_bounds().await?;
        let (after, resync) = match call.last_event_id {
            // What the reader has seen last is still kept, or nothing has happened since.
            Some(seen) if seen <= newest && (seen + 1 >= oldest || newest == 0) => (seen, false),
            Some(_) => (newest, true),
            None => (newest, false),
        };
        let mut queue = VecDeque::from([Bytes::from_static(RETRY.as_bytes())]);
        if resync {
            queue.push_back(frame(Some(newest), &LiveEvent::Resync));
        }
        queue.push_back(frame(Some(after), &LiveEvent::Ready));
        let reader = Reader {
            store: self.store.clone(),
            customer: signed_in.customer,
            session: signed_in.session.clone(),
            expires_at: signed_in.expires_at,
            now: self.now(),
            started: tokio::time::Instant::now(),
            heartbeat: self.timing.heartbeat,
            wakes,
            closing: self.live.closing.subscribe(),
            after,
            queue,
            // The database may already have more than `after` when a reader resumes.
            dirty: true,
            ended: false,
            _open: open,
        };
        let body = Body::from_stream(stream::unfold(reader, |mut reader| async move {
            let bytes = reader.next().await?;
            Some((Ok::<_, std::convert::Infallible>(bytes), reader))
        }));
        Ok(Answer::streamed(body).with_header("x-accel-buffering", HeaderValue::from_static("no")))
    }
}

/// One open stream. It is asked for bytes only when the client has room for them, and holds no more than one batch: a slow client costs
/// no memory, it merely reads the database later.
struct Reader {
    store: Store,
    customer: CustomerId,
    session: String,
    expires_at: Timestamp,
    now: Timestamp,
    started: tokio::time::Instant,
    heartbeat: Duration,
    wakes: broadcast::Receiver<Wake>,
    closing: watch::Receiver<bool>,
    after: u64,
    queue: VecDeque<Bytes>,
    dirty: bool,
    ended: bool,
    _open: OpenStream,
}

impl Reader {
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(bytes) = self.queue.pop_front() {
                return Some(bytes);
            }
            if self.ended || *self.closing.borrow() {
                return None;
            }
            if self.dirty {
                self.read().await?;
                continue;
            }
            let left = u64::try_from(self.expires_at.millis() - self.now.millis()).unwrap_or_default();
            let end = self.started + Duration::from_millis(left);
            tokio::select! {
                wake = self.wakes.recv() => self.woken(wake),
                () = tokio::time::sleep_until(end) => self.end_session(),
                () = tokio::time::sleep(self.heartbeat) => {
                    // A session can be ended at another instance, which wakes nobody here.
                    self.check_session().await;
                    self.queue.push_back(Bytes::from_static(b": alive\n\n"));
                }
                _ = self.closing.changed() => return None,
            }
        }
    }

    fn woken(&mut self, wake: Result<Wake, broadcast::error::RecvError>) {
        match wake {
            Ok(Wake::Customer(customer)) => self.dirty = customer == self.customer,
            Ok(Wake::Anybody) | Err(broadcast::error::RecvError::Lagged(_)) => self.dirty = true,
            Ok(Wake::SessionEnded(session)) if session == self.session => self.end_session(),
            Ok(Wake::SessionEnded(_)) => {}
            Err(broadcast::error::RecvError::Closed) => self.ended = true,
        }
    }

    /// Reads the next batch. A database that fails ends the stream: the client comes back with the place where it stopped.
    async fn read(&mut self) -> Option<()> {
        let events = self.store.events_after(self.customer, self.after, BATCH).await.ok()?;
        self.dirty = events.len() == BATCH as usize;
        for stored in events {
            self.after = stored.seq;
            self.queue.push_back(frame(Some(stored.seq), &stored.event));
        }
        Some(())
    }

    async fn check_session(&mut self) {
        let passed = i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX);
        let now = Timestamp::from_millis(self.now.millis().saturating_add(passed));
        if let Ok(None) = self.store.live_session(&self.session, now).await {
            self.end_session();
        }
    }

    fn end_session(&mut self) {
        self.queue.push_back(frame(None, &LiveEvent::SessionEnded));
        self.ended = true;
    }
}

fn frame(id: Option<u64>, event: &LiveEvent) -> Bytes {
    let id = id.map(|id| format!("id: {id}\n")).unwrap_or_default();
    Bytes::from(format!("{id}event: {}\ndata: {}\n\n", event.name(), event.data()))
}
