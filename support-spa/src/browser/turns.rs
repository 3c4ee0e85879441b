//! Work in turns, so that nobody waits for the portal who presses, types or scrolls.
//!
//! What a page does when an answer comes is many small pieces of work, and the browser takes all of them for one: it draws nothing and
//! hears nothing until the last is done, which on a slow phone is long. Here, whatever would begin once a turn has had its time waits for
//! the next one, and the browser comes in between.

use std::cell::{Cell, OnceCell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use any_spawner::{CustomExecutor, Executor, PinnedFuture, PinnedLocalFuture};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, MessageChannel, MessagePort};

use super::{is_visible, now, timer, window};

/// Milliseconds after which a turn begins nothing more. A frame has sixteen, and needs some of them to be drawn.
const TURN: i64 = 8;

/// What calls for all that waits at once: a page that goes may never have another turn.
const GOING: [&str; 3] = ["pagehide", "pageshow", "visibilitychange"];

thread_local! {
    /// When the turn ends that has begun, in milliseconds since the Unix epoch.
    static ENDS: Cell<Option<i64>> = const { Cell::new(None) };
    static WAITING: RefCell<Vec<Waker>> = const { RefCell::new(Vec::new()) };
    /// How often the work that is done just now wants to go on.
    static HELD: Cell<usize> = const { Cell::new(0) };
    static GOES: Cell<bool> = const { Cell::new(false) };
    /// A message to ourselves comes in a task of its own, and sooner than any timer.
    static NEXT: OnceCell<Option<MessagePort>> = const { OnceCell::new() };
}

/// Lets all that the framework and the portal do take turns. To be called before anything is mounted.
pub fn take() {
    // Whoever was first stays: work is then done as it comes.
    let _ = Executor::init_custom_executor(Turns);
}

/// Does something in turns with all else.
pub fn spawn(work: impl Future<Output = ()> + 'static) {
    wasm_bindgen_futures::spawn_local(InTurn { work: Box::pin(work), held: 0 });
}

/// Runs something once all is done that is to be done by now, as what a change makes of the page.
pub fn afterwards(run: impl FnOnce() + 'static) {
    wait(Box::new(run));
}

fn wait(run: Box<dyn FnOnce()>) {
    timer::after(0, move || if is_behind() { wait(run) } else { run() });
}

/// Whether something waits for its turn, so that the page is not what it is to be.
#[must_use]
pub fn is_behind() -> bool {
    WAITING.with_borrow(|waiting| !waiting.is_empty())
}

/// Lets the work that asks for it go on whatever the time, until this is dropped: for what must go on as soon as it can, as in a
/// database's transaction, which ends when nothing is asked of it.
#[must_use]
pub fn hold() -> Hold {
    HELD.set(HELD.get() + 1);
    Hold(())
}

/// See [`hold`].
#[derive(Debug)]
pub struct Hold(());

impl Drop for Hold {
    fn drop(&mut self) {
        HELD.set(HELD.get().saturating_sub(1));
    }
}

struct Turns;

impl CustomExecutor for Turns {
    fn spawn(&self, work: PinnedFuture<()>) {
        spawn(work);
    }

    fn spawn_local(&self, work: PinnedLocalFuture<()>) {
        spawn(work);
    }

    fn poll_local(&self) {}
}

struct InTurn {
    work: Pin<Box<dyn Future<Output = ()>>>,
    held: usize,
}

impl Future for InTurn {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.held > 0 || is_ours() {
            let others = HELD.replace(self.held);
            let polled = self.work.as_mut().poll(context);
            self.held = HELD.replace(others);
            return polled;
        }
        WAITING.with_borrow_mut(|waiting| waiting.push(context.waker().clone()));
        Poll::Pending
    }
}

/// Whether there is time in this turn. The first to ask begins it.
fn is_ours() -> bool {
    let now = now();
    match ENDS.get() {
        Some(ends) => now < ends || GOES.get(),
        None => {
            // Without a next turn, this one goes on.
            if NEXT.with(|next| {
                next.get_or_init(begin).as_ref().is_some_and(|port| port.post_message(&JsValue::NULL).is_ok())
            }) {
                ENDS.set(Some(now + TURN));
            }
            true
        }
    }
}

/// Wakes whatever waits.
fn next() {
    ENDS.set(None);
    WAITING.take().into_iter().for_each(Waker::wake);
}

fn begin() -> Option<MessagePort> {
    let channel = MessageChannel::new().ok()?;
    let turn = Closure::<dyn FnMut()>::new(next).into_js_value();
    channel.port2().set_onmessage(Some(turn.unchecked_ref()));
    let going = Closure::<dyn FnMut(Event)>::new(|event: Event| {
        GOES.set(event.type_() == "pagehide" || !is_visible());
        next();
    })
    .into_js_value();
    let window = window()?;
    for sign in GOING {
        // Before anybody else hears of it, wherever they listen.
        window.add_event_listener_with_callback_and_bool(sign, going.unchecked_ref(), true).ok()?;
    }
    Some(channel.port1())
}
