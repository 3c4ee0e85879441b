//! The connection: a stream of events while that is possible, regular questions while it is not.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::{LiveEvent, TicketId, Timestamp};

use crate::browser::{is_visible, listen, now, timer};
use crate::client::{self, Cause};
use crate::features::list::TicketStore;
use crate::session::Session;
use crate::session::tabs::{self, Heard, Word};

/// Seconds between questions while there is no stream.
pub const POLLING: i32 = 20;
/// A stream that says nothing for so long (milliseconds), not even a heartbeat, is dead.
const SILENCE: i64 = 50_000;
/// Milliseconds before another try: grows with each failure, and stays within the route's rate.
const PAUSES: [i32; 5] = [3_000, 5_000, 10_000, 20_000, 30_000];

/// How news come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// The first try.
    Connecting,
    /// As it happens.
    Live,
    /// By asking regularly.
    Polling,
    /// Not at all: there is no connection.
    Offline,
}

/// What changed last; the number makes the same change twice two changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Change {
    number: u64,
    /// Which ticket; all of them when absent.
    ticket_id: Option<TicketId>,
}

/// The live connection of this app.
#[derive(Clone, Copy)]
pub struct Live {
    /// How news come.
    pub health: RwSignal<Health>,
    /// When what is shown was last known to be true.
    pub synced_at: RwSignal<Option<Timestamp>>,
    change: RwSignal<Change>,
}

impl Default for Live {
    fn default() -> Self {
        Self {
            health: RwSignal::new(Health::Connecting),
            synced_at: RwSignal::new(None),
            change: RwSignal::new(Change { number: 0, ticket_id: None }),
        }
    }
}

/// The live connection of this app; one that never says anything for components that are mounted alone.
#[must_use]
pub fn use_live() -> Live {
    use_context().unwrap_or_default()
}

impl Live {
    /// Runs something whenever a ticket may have changed, until the current owner is cleaned up.
    pub fn on_ticket(self, id: TicketId, run: impl Fn() + 'static) {
        Effect::new(move |before: Option<u64>| {
            let change = self.change.get();
            let meant = change.ticket_id.is_none_or(|changed| changed == id);
            if meant && before.is_some_and(|before| before != change.number) {
                run();
            }
            change.number
        });
    }

    /// Everything may have changed.
    pub fn check_now(self) {
        self.tell(None);
    }

    fn tell(self, ticket_id: Option<TicketId>) {
        self.change.try_update(|change| *change = Change { number: change.number + 1, ticket_id });
    }

    fn synced(self) {
        self.synced_at.try_set(Some(Timestamp::from_millis(now())));
    }
}

/// Connects while somebody is signed in, until the current owner is cleaned up.
pub fn start(session: Session, tickets: TicketStore, online: Signal<bool>) -> Live {
    let live = Live::default();
    let generation = Rc::new(Cell::new(0_u32));
    let ended = Rc::clone(&generation);
    on_cleanup({
        let ended = send_wrapper::SendWrapper::new(ended);
        move || ended.set(ended.get() + 1)
    });
    Effect::new({
        let generation = send_wrapper::SendWrapper::new(Rc::clone(&generation));
        move |was_online: Option<bool>| {
            let this = generation.get() + 1;
            generation.set(this);
            let is_online = online.get();
            if is_online && was_online == Some(false) && session.is_active() {
                // What was asked for meanwhile has failed.
                tickets.refresh();
            }
            if !is_online {
                live.health.set(Health::Offline);
            } else if session.is_active() {
                live.health.set(Health::Connecting);
                let generation = (*generation).clone();
                spawn_local(run(live, Rc::new(move || generation.get() == this)));
            } else {
                // Nobody is there to poll for.
                live.health.set(Health::Connecting);
            }
            is_online
        }
    });
    // The list follows every change; an open ticket follows its own.
    Effect::new(move |before: Option<u64>| {
        let number = live.change.get().number;
        if before.is_some_and(|before| before != number) {
            tickets.refresh();
        }
        number
    });
    Effect::new(move |_| {
        if tickets.synced_at.get().is_some() {
            live.synced();
        }
    });
    timer::every(POLLING * 1000, move || {
        if live.health.get_untracked() == Health::Polling && is_visible() {
            live.check_now();
        }
    });
    // A tab that was asleep may have missed anything.
    let hidden_at = Cell::new(None::<i64>);
    listen::on_document("visibilitychange", move |_| {
        if is_visible() {
            if hidden_at.take().is_some_and(|at| now() - at > SILENCE) {
                live.check_now();
            }
        } else {
            hidden_at.set(Some(now()));
        }
    });
    if let Some(Heard(heard)) = use_context::<Heard>() {
        Effect::new(move |_| {
            if heard.get() == Some(Word::Changed) {
                live.check_now();
            }
        });
    }
    live
}

async fn run(live: Live, is_current: Rc<dyn Fn() -> bool>) {
    let mut failures = 0;
    let mut before = false;
    while is_current() {
        match client::open_stream().await {
            Ok(stream) => {
                let began = now();
                follow(live, stream, before, &is_current).await;
                before = true;
                // Streams end now and then, and the next one is there at once: nobody needs to hear of it. One that ends as soon as it
                // began is no better than none.
                if now() - began > 10_000 {
                    failures = 0;
                    continue;
                }
                failures += 1;
            }
            // The session has ended: the next one begins anew.
            Err(failure) if failure.cause == Cause::SessionEnded => return,
            Err(_) => failures += 1,
        }
        if !is_current() {
            return;
        }
        if live.health.try_set(Health::Polling).is_some() {
            return;
        }
        timer::sleep(PAUSES[usize::min(failures, PAUSES.len() - 1)]).await;
    }
}

/// Passes on what a stream tells. `again`: there was another one before it.
async fn follow(live: Live, mut stream: client::Stream, again: bool, is_current: &Rc<dyn Fn() -> bool>) {
    let last = Rc::new(Cell::new(now()));
    watch(Rc::clone(&last), Rc::clone(is_current), Rc::new(stream.stopper()));
    let was_polling = live.health.try_get_untracked() == Some(Health::Polling);
    while let Some(events) = stream.next().await {
        if !is_current() {
            return;
        }
        last.set(now());
        live.synced();
        for event in events {
            match event {
                LiveEvent::Ready => {
                    live.health.try_set(Health::Live);
                    // What happened between two streams was not told.
                    if was_polling || again {
                        live.check_now();
                    }
                }
                LiveEvent::TicketChanged { ticket_id, .. } => {
                    live.tell(Some(ticket_id));
                    tabs::say(&Word::Changed);
                }
                LiveEvent::Resync => live.check_now(),
                LiveEvent::SessionEnded => return,
            }
        }
    }
}

/// Ends a stream that has fallen silent, or that nobody wants any more.
fn watch(last: Rc<Cell<i64>>, is_current: Rc<dyn Fn() -> bool>, stop: Rc<dyn Fn()>) {
    timer::after(10_000, move || {
        // The last reference beside this one is the stream's; without it there is nothing to watch.
        if Rc::strong_count(&last) == 1 {
            return;
        }
        if !is_current() || now() - last.get() > SILENCE {
            stop();
        } else {
            watch(last, is_current, stop);
        }
    });
}
