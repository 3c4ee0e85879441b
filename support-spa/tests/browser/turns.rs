//! Work in turns with the browser's.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::Owner;
use support_spa::browser::database::{self, Change, Store};
use support_spa::browser::{now, timer, turns, window};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

/// What pieces of work saw: their numbers in the order in which they ran, and how often the browser had been there by then.
#[derive(Clone, Default)]
struct Seen {
    browser: Rc<Cell<usize>>,
    pieces: Rc<RefCell<Vec<(usize, usize)>>>,
}

const PIECES: usize = 12;

impl Seen {
    /// Many pieces of work, each of which takes five milliseconds, while the browser has something to do again and again.
    async fn of(before_each: impl Fn(usize) + Clone + 'static) -> Vec<(usize, usize)> {
        // A turn that others began has ended by now.
        timer::sleep(50).await;
        let seen = Self::default();
        seen.tick();
        for number in 0..PIECES {
            let (seen, before_each) = (seen.clone(), before_each.clone());
            turns::spawn(async move {
                before_each(number);
                let until = now() + 5;
                while now() < until {}
                seen.pieces.borrow_mut().push((number, seen.browser.get()));
            });
        }
        while seen.pieces.borrow().len() < PIECES {
            timer::sleep(20).await;
        }
        let pieces = seen.pieces.take();
        assert_eq!(
            pieces.iter().map(|(number, _)| *number).collect::<Vec<_>>(),
            (0..PIECES).collect::<Vec<_>>(),
            "the order stays"
        );
        pieces
    }

    fn tick(&self) {
        let seen = self.clone();
        timer::after(0, move || {
            seen.browser.set(seen.browser.get() + 1);
            if seen.pieces.borrow().len() < PIECES {
                seen.tick();
            }
        });
    }
}

fn times_between(pieces: &[(usize, usize)]) -> usize {
    let of = |piece: Option<&(usize, usize)>| piece.map_or(0, |(_, browser)| *browser);
    of(pieces.last()) - of(pieces.first())
}

fn dispatch(name: &str) {
    window().unwrap().dispatch_event(&web_sys::Event::new(name).unwrap()).unwrap();
}

#[wasm_bindgen_test]
async fn the_browser_comes_in_between() {
    assert!(times_between(&Seen::of(|_| ()).await) > 1);
}

/// How often the browser came in between while some work that uses up a turn each time waited for what is there already.
async fn times_in(work: impl AsyncFnOnce() -> Option<turns::Hold> + 'static) -> usize {
    timer::sleep(50).await;
    let seen = Seen::default();
    seen.tick();
    let (done, counted) = (Rc::new(Cell::new(None)), seen.clone());
    let times = Rc::clone(&done);
    turns::spawn(async move {
        let held = work().await;
        let before = counted.browser.get();
        for _ in 0..4 {
            let until = now() + 12;
            while now() < until {}
            JsFuture::from(js_sys::Promise::resolve(&JsValue::NULL)).await.unwrap();
        }
        times.set(Some(counted.browser.get() - before));
        drop(held);
    });
    while done.get().is_none() {
        timer::sleep(20).await;
    }
    seen.pieces.borrow_mut().resize(PIECES, (0, 0));
    done.get().unwrap()
}

#[wasm_bindgen_test]
async fn what_is_held_goes_on() {
    assert_eq!(times_in(async || Some(turns::hold())).await, 0);
    let let_go = async || {
        drop(turns::hold());
        None
    };
    assert!(times_in(let_go).await > 0, "what is let go of takes turns again");
}

#[wasm_bindgen_test]
async fn a_page_that_goes_has_no_other_turn() {
    let page = Owner::new();
    page.with(turns::follow_page);
    let pieces = Seen::of(|number| {
        if number == 1 {
            dispatch("pagehide");
        }
    })
    .await;
    assert_eq!(times_between(&pieces), 0);
    dispatch("pageshow");
    assert!(times_between(&Seen::of(|_| ()).await) > 1, "a page that comes back takes turns again");
    page.cleanup();
}

#[wasm_bindgen_test]
async fn what_waits_comes_at_once_when_the_page_goes() {
    let page = Owner::new();
    page.with(turns::follow_page);
    let pieces = Seen::of(|_| ()).await;
    let (waited, _) = *pieces.iter().find(|(_, browser)| *browser > 0).unwrap();
    assert!(waited < PIECES - 1, "some still wait when the first has waited");
    let pieces = Seen::of(move |number| {
        if number == waited {
            dispatch("pagehide");
        }
    })
    .await;
    dispatch("pageshow");
    page.cleanup();
    let after = pieces.get(waited..).unwrap();
    assert_eq!(times_between(after), 0);
}

/// Work that fills every turn, until it is told to stop.
fn fill_turns(goes_on: Rc<Cell<bool>>) {
    turns::spawn(async move {
        let until = now() + 12;
        while now() < until {}
        if goes_on.get() {
            fill_turns(goes_on);
        }
    });
}

#[wasm_bindgen_test]
async fn a_change_is_kept_however_much_else_there_is_to_do() {
    let goes_on = Rc::new(Cell::new(true));
    fill_turns(Rc::clone(&goes_on));
    let outcomes = Rc::new(RefCell::new(Vec::new()));
    let kept = Rc::clone(&outcomes);
    turns::spawn(async move {
        for number in 0..5 {
            let put = move |_| (Change::Put(number.into()), ());
            let outcome = database::change(Store::Seen, "a test's own", put).await;
            kept.borrow_mut().push(outcome.is_some());
        }
    });
    while outcomes.borrow().len() < 5 {
        timer::sleep(20).await;
    }
    goes_on.set(false);
    database::remove(Store::Seen, "a test's own").await;
    assert_eq!(*outcomes.borrow(), [true; 5]);
}
