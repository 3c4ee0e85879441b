//! Rows that come, go and move, and those that stay.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use support_spa::browser::document;
use support_spa::ui::{Row, RowKey, rows};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stage::{Stage, mount, settle};

/// A list of numbers, each with a button, and how many rows have been given up.
fn list(first: &[u32]) -> (Stage, RwSignal<Vec<u32>>, StoredValue<Vec<u32>>) {
    let numbers = RwSignal::new(first.to_vec());
    let gone = StoredValue::new(Vec::new());
    let stage = mount(move || {
        let one = move |number: u32| {
            on_cleanup(move || gone.update_value(|gone: &mut Vec<u32>| gone.push(number)));
            view! { <li id=format!("row-{number}")><button>{number}</button></li> }.into_any()
        };
        let all = move || {
            let numbers = numbers.get();
            numbers.into_iter().map(|it| Row::new(RowKey(it.into(), 0), move || one(it))).collect()
        };
        view! {
            <ul>
                <li>"before"</li>
                {rows(all)}
                <li>"after"</li>
            </ul>
        }
    });
    (stage, numbers, gone)
}

fn shown(stage: &Stage) -> Vec<u32> {
    stage.all("li button").iter().map(|it| it.text_content().unwrap().parse().unwrap()).collect()
}

/// Counts what is put in and taken out below a list from now on.
fn watched(stage: &Stage) -> Rc<RefCell<(usize, usize)>> {
    let counts = Rc::new(RefCell::new((0, 0)));
    let kept = Rc::clone(&counts);
    let note = Closure::<dyn FnMut(js_sys::Array)>::new(move |records: js_sys::Array| {
        for record in records.iter() {
            let length = |name: &str| {
                let nodes = js_sys::Reflect::get(&record, &name.into()).unwrap();
                js_sys::Array::from(&nodes).length() as usize
            };
            kept.borrow_mut().0 += length("addedNodes");
            kept.borrow_mut().1 += length("removedNodes");
        }
    });
    let watch = js_sys::Function::new_with_args(
        "list, note",
        "new MutationObserver((records) => note(records)).observe(list, { childList: true });",
    );
    watch.call2(&JsValue::NULL, &stage.find("ul").unwrap(), note.as_ref()).unwrap();
    note.forget();
    counts
}

#[wasm_bindgen_test]
async fn those_that_come_in_above_touch_none_that_is_there() {
    let (stage, numbers, gone) = list(&[10, 11, 12]);
    let row = stage.find("#row-11").unwrap();
    stage.find("#row-11 button").unwrap().focus().unwrap();
    let counts = watched(&stage);
    numbers.set((1..=12).collect());
    settle().await;
    assert_eq!(shown(&stage), (1..=12).collect::<Vec<_>>());
    assert_eq!(*counts.borrow(), (9, 0));
    assert!(stage.find("#row-11").unwrap() == row);
    assert_eq!(document().unwrap().active_element().unwrap().text_content().as_deref(), Some("11"));
    numbers.set(vec![2, 4, 11, 12, 13]);
    settle().await;
    assert_eq!(shown(&stage), [2, 4, 11, 12, 13]);
    assert_eq!(*counts.borrow(), (10, 8));
    assert_eq!(document().unwrap().active_element().unwrap().text_content().as_deref(), Some("11"));
    let mut given_up = gone.get_value();
    given_up.sort_unstable();
    assert_eq!(given_up, [1, 3, 5, 6, 7, 8, 9, 10]);
}

#[wasm_bindgen_test]
async fn one_that_moves_is_the_same_one_and_moves_alone() {
    let (stage, numbers, gone) = list(&[1, 2, 3, 4, 5]);
    let row = stage.find("#row-5").unwrap();
    let counts = watched(&stage);
    for order in [[5, 1, 2, 3, 4], [1, 2, 3, 4, 5]] {
        numbers.set(order.to_vec());
        settle().await;
        assert_eq!(shown(&stage), order);
    }
    assert_eq!(*counts.borrow(), (2, 2));
    assert!(stage.find("#row-5").unwrap() == row && gone.get_value().is_empty());
}

#[wasm_bindgen_test]
async fn a_list_that_empties_and_fills_again_stands_in_its_place() {
    let (stage, numbers, _) = list(&[]);
    for order in [vec![], vec![3, 1, 2], vec![], vec![2], vec![2, 2]] {
        numbers.set(order.clone());
        settle().await;
        assert_eq!(shown(&stage), order);
        let all = stage.all("li");
        assert_eq!(all.first().unwrap().text_content().as_deref(), Some("before"));
        assert_eq!(all.last().unwrap().text_content().as_deref(), Some("after"));
    }
    let list: web_sys::Element = stage.find("ul").unwrap().unchecked_into();
    assert_eq!(list.child_element_count(), 4);
}
