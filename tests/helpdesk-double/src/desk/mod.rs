//! The help desk itself: what it stores and what each operation does to it.
//!
//! Every change goes through [`Desk::commit`], under one lock, so that counting what is stored afterwards tells exactly
//! what was accepted. The API and the operator side are two doors to the same operations.

mod attachments;
mod conversations;
mod customers;
mod input;
mod mails;
pub mod model;
mod order;
mod persistence;
mod preview;
mod state;
mod threads;
mod vocabulary;

pub(crate) use attachments::NewAttachment;
pub use attachments::rewrite_file_name;
pub(crate) use conversations::ConversationChange;
pub(crate) use input::{NewConversation, NewCustomer, NewThread};
pub use mails::Mail;
pub(crate) use order::tie_break;
pub use state::State;
pub(crate) use state::{FOLDERS, take as take_id};

use crate::{
    api::{errors::ApiError, render::Renderer},
    canary::{Canaries, random_hex},
    clock::Clock,
    config::Config,
    counters::Counters,
    faults::Faults,
    webhooks::{self, Webhooks},
};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio::sync::{broadcast, watch};

/// One running help desk.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) config: Config,
    /// `http://host:port`, without a slash at the end.
    pub(crate) base_url: String,
    pub(crate) api_key: String,
    pub(crate) clock: Clock,
    pub(crate) canaries: Canaries,
    pub(crate) counters: Counters,
    pub(crate) faults: Faults,
    pub(crate) webhooks: Arc<Webhooks>,
    /// Counts changes: the state file is written after each, and tests wait on it.
    pub(crate) changes: watch::Sender<u64>,
    /// What happened, for the automatic agent.
    pub(crate) events: broadcast::Sender<Event>,
    state: Mutex<State>,
    /// Held while the state file is written.
    saving: Mutex<()>,
}

/// What happened, for webhooks and for the automatic agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// Something about a conversation that still exists.
    Conversation { name: &'static str, id: u64 },
    /// A conversation is gone; the body was written before.
    Removed { name: &'static str, body: String },
    /// Something about a customer.
    Customer { name: &'static str, id: u64 },
}

/// A change in progress: the state, the time and the events so far.
pub(crate) struct Transaction<'a> {
    pub(crate) state: &'a mut State,
    pub(crate) now: i64,
    pub(crate) events: Vec<Event>,
    pub(crate) desk: &'a Desk,
}

impl Desk {
    /// Sets up a help desk whose pages live at `base_url`, with what the state file holds, if there is one.
    ///
    /// # Errors
    /// The state file exists and cannot be read.
    pub(crate) fn new(config: Config, base_url: String) -> Result<Self, crate::StartError> {
        let state = match &config.state_file {
            Some(path) => persistence::load(path)?.unwrap_or_else(|| State::new(&config)),
            None => State::new(&config),
        };
        let api_key = config.api_key.clone().unwrap_or_else(|| random_hex(16));
        let desk = Self {
            base_url,
            api_key,
            clock: Clock::new(config.clock),
            canaries: Canaries::new(config.canary),
            counters: Counters::default(),
            faults: Faults::default(),
            webhooks: Arc::new(Webhooks::new(config.webhooks.clone())),
            changes: watch::Sender::new(0),
            // A slow listener loses the oldest events, which the automatic agent can bear.
            events: broadcast::Sender::new(1024),
            state: Mutex::new(state),
            saving: Mutex::new(()),
            config,
        };
        desk.register_fixed_canaries();
        Ok(desk)
    }

    /// Reads under the lock.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.lock())
    }

    /// Changes under the lock. When `change` fails, no event is sent; what it had done before stays done, as on the real
    /// help desk, which has no transaction around a request either.
    ///
    /// # Errors
    /// Those of `change`.
    pub(crate) fn commit<T>(
        &self,
        change: impl FnOnce(&mut Transaction<'_>) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let now = self.clock.now();
        let mut state = self.lock();
        let mut transaction = Transaction { state: &mut state, now, events: Vec::new(), desk: self };
        let value = change(&mut transaction)?;
        let events = transaction.events;
        // The bodies are snapshots of this very moment: a late retry shows the past.
        let deliveries = webhooks::snapshots(self, &state, &events);
        drop(state);
        self.webhooks.enqueue(deliveries);
        for event in events {
            // Without an automatic agent nobody listens.
            let _ = self.events.send(event);
        }
        self.note_change();
        Ok(value)
    }

    /// Empties the help desk: conversations, customers, files, tags, faults, counters, canaries.
    pub(crate) fn reset(&self) {
        *self.lock() = State::new(&self.config);
        self.faults.clear();
        self.counters.clear();
        self.webhooks.clear();
        self.canaries.clear();
        self.register_fixed_canaries();
        self.note_change();
    }

    /// Writes the state file, if there is to be one.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn save(&self) -> Result<(), crate::StartError> {
        match &self.config.state_file {
            Some(path) => {
                // One at a time: what was read later is written later.
                let _alone = self.saving.lock().unwrap_or_else(PoisonError::into_inner);
                let snapshot = self.lock().clone();
                persistence::save(path, &snapshot)
            }
            None => Ok(()),
        }
    }

    /// Writes the state file shortly after each change, for as long as it runs. However large it has become, that takes no more than a
    /// tenth of a processor.
    pub(crate) async fn keep_saving(self: Arc<Self>) {
        /// Several changes in a row become one write.
        const SETTLE: Duration = Duration::from_millis(200);
        let mut changes = self.changes.subscribe();
        let mut pause = SETTLE;
        while changes.changed().await.is_ok() {
            tokio::time::sleep(pause).await;
            let (desk, began) = (Arc::clone(&self), Instant::now());
            // A panic has been told by the thread that it happened in.
            if let Ok(Err(error)) = tokio::task::spawn_blocking(move || desk.save()).await {
                eprintln!("helpdesk-double: {error}");
            }
            pause = SETTLE.max(began.elapsed() * 9);
        }
    }

    pub(crate) fn renderer<'a>(&'a self, state: &'a State) -> Renderer<'a> {
        Renderer { desk: self, state, now: self.clock.now() }
    }

    pub(crate) fn set_canary_mode(&self, enabled: bool) {
        self.canaries.set_enabled(enabled);
        self.register_fixed_canaries();
    }

    fn register_fixed_canaries(&self) {
        self.canaries.register("api.key", 0, &self.api_key);
        self.canaries.register("webhook.secret", 0, self.webhooks.secret());
        if let Some(host) = self.base_url.split_once("://").map(|(_, host)| host) {
            self.canaries.register("host", 0, host);
        }
    }

    fn note_change(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic in one request must not take the help desk down for all others.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Bytes as base64 text in the state file.
pub(crate) mod base64_bytes {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        STANDARD.decode(String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
