//! Work in turns, so that nobody waits for the portal who presses, types or scrolls.
//!
//! What a page does when an answer comes is many small pieces of work, and the browser takes all of them for one: it draws nothing and
//! hears nothing until the last is done, which on a slow phone is long. Here, whatever would begin once a turn has had its time waits for
//! the next one, and the browser comes in between.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use any_spawner::{CustomExecutor, Executor, PinnedFuture, PinnedLocalFuture};

use super::{is_visible, listen, now, timer};

/// Milliseconds after which a turn begins nothing more. A frame has sixteen, and needs some of them to be drawn.
const TURN: i64 = 8;

thread_local! {
    /// When the turn ends that has begun, in milliseconds since the Unix epoch.
    static ENDS: Cell<Option<i64>> = const { Cell::new(None) };
    static WAITING: RefCell<Vec<Waker>> = const { RefCell::new(Vec::new()) };
    /// How often the work that is done just now wants to go on.
    static HELD: Cell<usize> = const { Cell::new(0) };
    static GOES: Cell<bool> = const { Cell::new(false) };
}

/// Lets all that the framework and the portal do take turns. To be called before anything is mounted.
pub fn take() {
    // Whoever was first stays: work is then done as it comes.
    let _ = Executor::init_custom_executor(Turns);
}

/// A page that goes may never have another turn: from then on, all is done at once. To be called before anybody else listens.
pub fn follow_page() {
    listen::on_window("pagehide", |_| {
        GOES.set(true);
        next();
    });
    listen::on_window("pageshow", |_| GOES.set(false));
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
    if let Some(ends) = ENDS.get() {
        return now < ends || GOES.get() || !is_visible();
    }
    ENDS.set(Some(now + TURN));
    timer::after(0, next);
    true
}

/// Wakes whatever waits.
fn next() {
    ENDS.set(None);
    WAITING.take().into_iter().for_each(Waker::wake);
}
