//! Webhooks: signed snapshots, sent with retries that show the past, and every way of arriving wrongly.

mod delivery;

pub use delivery::sign;

use crate::{
    api::{php, render::Embed},
    canary::random_hex,
    config::WebhookConfig,
    desk::{Desk, Event, State},
};
use axum::body::Bytes;
use serde::{Deserialize, Serialize};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::mpsc;

/// How deliveries go wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebhookBehaviour {
    /// Nothing is sent, as if webhooks had never been set up.
    pub off: bool,
    /// Events pile up until released.
    pub hold: bool,
    /// Every delivery comes this late, in milliseconds.
    pub delay_ms: u64,
    /// Every delivery comes this many times more.
    pub duplicates: u32,
    /// This many of the next events are never sent.
    pub lose_next: u32,
    /// Sign with a wrong secret.
    pub wrong_signature: bool,
}

/// Order in which held events are released.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReleaseOrder {
    /// As they happened.
    #[default]
    Oldest,
    /// The last one first.
    Newest,
}

/// What became of one event for one receiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryRecord {
    /// For sending it again.
    pub id: u64,
    /// Name, such as `convo.created`.
    pub event: String,
    /// Conversation or customer; 0 when it is gone.
    pub subject_id: u64,
    /// Receiver.
    pub url: String,
    /// Tries so far.
    pub attempts: u32,
    /// Status of the last answer; `None` when there was none.
    pub last_status: Option<u16>,
    /// Where it stands.
    pub progress: Progress,
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// Held back by the test.
    Held,
    /// To be sent, or to be sent again.
    Pending,
    /// Answered 2xx.
    Delivered,
    /// All tries failed.
    Failed,
    /// The agent took the message back in time, or the event was lost on purpose.
    Dropped,
}

/// An event for one receiver.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    pub(crate) event: &'static str,
    pub(crate) subject_id: u64,
    pub(crate) url: String,
    pub(crate) body: Bytes,
}

/// All deliveries of a help desk.
#[derive(Debug)]
pub(crate) struct Webhooks {
    config: WebhookConfig,
    secret: String,
    inner: Mutex<Inner>,
    sender: mpsc::UnboundedSender<Job>,
    receiver: Mutex<Option<mpsc::UnboundedReceiver<Job>>>,
}

#[derive(Debug, Default)]
struct Inner {
    behaviour: WebhookBehaviour,
    records: Vec<(DeliveryRecord, Delivery)>,
    next_id: u64,
}

/// A delivery to start now.
#[derive(Debug)]
pub(crate) struct Job {
    id: u64,
    delivery: Delivery,
    wait: Duration,
    wrong_signature: bool,
}

impl Webhooks {
    /// Records kept; the oldest finished ones go first.
    const MAX_RECORDS: usize = 5_000;

    pub(crate) fn new(config: WebhookConfig) -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        let secret = config.secret.clone().unwrap_or_else(|| random_hex(16));
        Self { config, secret, inner: Mutex::default(), sender, receiver: Mutex::new(Some(receiver)) }
    }

    pub(crate) fn secret(&self) -> &str {
        &self.secret
    }

    pub(crate) fn behaviour(&self) -> WebhookBehaviour {
        self.with(|inner| inner.behaviour)
    }

    pub(crate) fn set_behaviour(&self, behaviour: WebhookBehaviour) {
        self.with(|inner| inner.behaviour = behaviour);
    }

    pub(crate) fn records(&self) -> Vec<DeliveryRecord> {
        self.with(|inner| inner.records.iter().map(|(record, _)| record.clone()).collect())
    }

    pub(crate) fn clear(&self) {
        self.with(|inner| inner.records.clear());
    }

    pub(crate) fn enqueue(&self, deliveries: Vec<Delivery>) {
        for delivery in deliveries {
            let wait = match delivery.event {
                "convo.agent.reply.created" => self.config.agent_reply_delay,
                _ => Duration::ZERO,
            };
            let job = self.with(|inner| {
                let behaviour = &mut inner.behaviour;
                if behaviour.off {
                    return None;
                }
                let progress = if behaviour.lose_next > 0 {
                    behaviour.lose_next -= 1;
                    Progress::Dropped
                } else if behaviour.hold {
                    Progress::Held
                } else {
                    Progress::Pending
                };
                let behaviour = *behaviour;
                let id = inner.record(&delivery, progress);
                let wait = wait + Duration::from_millis(behaviour.delay_ms);
                (progress == Progress::Pending).then_some((id, wait, behaviour))
            });
            if let Some((id, wait, behaviour)) = job {
                self.start(id, delivery, wait, behaviour);
            }
        }
    }

    /// Sends what was held, in this order.
    pub(crate) fn release(&self, order: ReleaseOrder) -> usize {
        let (mut held, behaviour) = self.with(|inner| {
            inner.behaviour.hold = false;
            let held: Vec<(u64, Delivery)> = inner
                .records
                .iter_mut()
                .filter(|(record, _)| record.progress == Progress::Held)
                .map(|(record, delivery)| {
                    record.progress = Progress::Pending;
                    (record.id, delivery.clone())
                })
                .collect();
            (held, inner.behaviour)
        });
        if order == ReleaseOrder::Newest {
            held.reverse();
        }
        let count = held.len();
        // A few milliseconds apart, so that they also arrive in this order.
        for (position, (id, delivery)) in (0_u64..).zip(held) {
            self.start(id, delivery, Duration::from_millis(10 * position), behaviour);
        }
        count
    }

    /// Sends the old snapshot once more, whatever became of it.
    pub(crate) fn redeliver(&self, id: u64) -> bool {
        let found = self.with(|inner| {
            let behaviour = inner.behaviour;
            inner.records.iter_mut().find(|(record, _)| record.id == id).map(|(record, delivery)| {
                record.progress = Progress::Pending;
                (delivery.clone(), behaviour)
            })
        });
        let Some((delivery, behaviour)) = found else { return false };
        self.start(id, delivery, Duration::ZERO, behaviour);
        true
    }

    /// Drops events that have not been sent yet.
    pub(crate) fn forget_pending(&self, subject_id: u64, event: &str) {
        self.with(|inner| {
            for (record, _) in &mut inner.records {
                let waits = matches!(record.progress, Progress::Held | Progress::Pending);
                if waits && record.attempts == 0 && record.subject_id == subject_id && record.event == event {
                    record.progress = Progress::Dropped;
                }
            }
        });
    }

    fn start(&self, id: u64, delivery: Delivery, wait: Duration, behaviour: WebhookBehaviour) {
        for _ in 0..=behaviour.duplicates {
            let delivery = delivery.clone();
            let job = Job { id, delivery, wait, wrong_signature: behaviour.wrong_signature };
            // Without a receiver the help desk is shutting down.
            let _ = self.sender.send(job);
        }
    }

    fn with<T>(&self, use_inner: impl FnOnce(&mut Inner) -> T) -> T {
        use_inner(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Inner {
    fn record(&mut self, delivery: &Delivery, progress: Progress) -> u64 {
        self.next_id += 1;
        if self.records.len() >= Webhooks::MAX_RECORDS {
            let finished = |progress| !matches!(progress, Progress::Held | Progress::Pending);
            if let Some(oldest) = self.records.iter().position(|(record, _)| finished(record.progress)) {
                self.records.remove(oldest);
            }
        }
        let record = DeliveryRecord {
            id: self.next_id,
            event: delivery.event.to_owned(),
            subject_id: delivery.subject_id,
            url: delivery.url.clone(),
            attempts: 0,
            last_status: None,
            progress,
        };
        self.records.push((record, delivery.clone()));
        self.next_id
    }
}

/// Bodies for everybody who wants these events, written now.
pub(crate) fn snapshots(desk: &Desk, state: &State, events: &[Event]) -> Vec<Delivery> {
    let mut deliveries = Vec::new();
    for event in events {
        let name = match event {
            Event::Conversation { name, .. } | Event::Removed { name, .. } | Event::Customer { name, .. } => *name,
        };
        let registered = state
            .webhooks
            .values()
            .filter(|hook| hook.events.iter().any(|wanted| wanted == name))
            .map(|hook| &hook.url);
        let urls: Vec<&String> = desk.config.webhooks.url.iter().chain(registered).collect();
        if urls.is_empty() {
            continue;
        }
        let renderer = desk.renderer(state);
        let (subject_id, body) = match event {
            Event::Removed { body, .. } => (0, body.clone()),
            Event::Conversation { id, .. } => match state.conversations.get(id) {
                Some(conversation) => (*id, php::json_encode(&renderer.conversation(conversation, &Embed::ALL))),
                None => continue,
            },
            Event::Customer { id, .. } => match state.customers.get(id) {
                Some(customer) => (*id, php::json_encode(&renderer.customer(customer, true))),
                None => continue,
            },
        };
        let body = Bytes::from(body);
        deliveries.extend(urls.into_iter().map(|url| Delivery {
            event: name,
            subject_id,
            url: url.clone(),
            body: body.clone(),
        }));
    }
    deliveries
}

/// Sends deliveries until the help desk is dropped.
pub(crate) async fn run(webhooks: Arc<Webhooks>) {
    let receiver = webhooks.receiver.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(mut receiver) = receiver else { return };
    // Dropping the set ends the deliveries along with this task.
    let mut running = tokio::task::JoinSet::new();
    while let Some(job) = receiver.recv().await {
        running.spawn(delivery::deliver(Arc::clone(&webhooks), job));
        while running.try_join_next().is_some() {}
    }
}
