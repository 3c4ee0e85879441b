//! Requests under way.
//!
//! A request is a future that this module polls itself, in place of handing it to `wasm-bindgen-futures`: that costs several promises,
//! closures and microtasks for every await, which is more than all of the worker's own work. Here a future waits for one thing only,
//! the [`Outcome`] of the call into the glue that it has just made. The glue then calls `resume` with it.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// What the runtime came back with.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) text: String,
    pub(super) bytes: Option<Vec<u8>>,
}

type Task = Pin<Box<dyn Future<Output = ()>>>;

/// What [`begin`] gives for a request that had nothing to wait for.
pub(super) const DONE: u32 = 0;

thread_local! {
    static WAITING: RefCell<Waiting> = const { RefCell::new(Waiting { tasks: Vec::new(), free: Vec::new() }) };
    static OUTCOME: RefCell<Option<Outcome>> = const { RefCell::new(None) };
}

/// Tasks by number, which is one more than their place.
struct Waiting {
    tasks: Vec<Option<Task>>,
    free: Vec<u32>,
}

impl Waiting {
    fn put(&mut self, task: Task) -> u32 {
        if let Some(number) = self.free.pop() {
            self.put_back(number, task);
            return number;
        }
        self.tasks.push(Some(task));
        u32::try_from(self.tasks.len()).unwrap_or(DONE)
    }

    fn put_back(&mut self, number: u32, task: Task) {
        if let Some(place) = self.place(number) {
            *place = Some(task);
        }
    }

    fn take(&mut self, number: u32) -> Option<Task> {
        self.place(number)?.take()
    }

    fn place(&mut self, number: u32) -> Option<&mut Option<Task>> {
        self.tasks.get_mut(usize::try_from(number).ok()?.checked_sub(1)?)
    }
}

/// Runs a request until it waits. Gives its number, or [`DONE`].
pub(super) fn begin(future: impl Future<Output = ()> + 'static) -> u32 {
    let mut task: Task = Box::pin(future);
    if poll(&mut task) { DONE } else { WAITING.with_borrow_mut(|waiting| waiting.put(task)) }
}

/// Runs a request on, with what it was waiting for.
pub(super) fn resume(number: u32, outcome: Outcome) {
    let Some(mut task) = WAITING.with_borrow_mut(|waiting| waiting.take(number)) else { return };
    OUTCOME.set(Some(outcome));
    let done = poll(&mut task);
    WAITING.with_borrow_mut(|waiting| if done { waiting.free.push(number) } else { waiting.put_back(number, task) });
}

/// Lets go of a request whose client has gone away: what it was waiting for will never come.
pub(super) fn forget(number: u32) {
    // Dropped outside of the borrow.
    let forgotten = WAITING.with_borrow_mut(|waiting| {
        let task = waiting.take(number)?;
        waiting.free.push(number);
        Some(task)
    });
    drop(forgotten);
}

/// How many requests wait for something.
pub(super) fn waiting() -> usize {
    WAITING.with_borrow(|waiting| waiting.tasks.iter().flatten().count())
}

fn poll(task: &mut Task) -> bool {
    task.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready()
}

/// What became of the call into the glue that was made just before.
pub(super) async fn outcome() -> Outcome {
    poll_fn(|_| OUTCOME.take().map_or(Poll::Pending, Poll::Ready)).await
}
