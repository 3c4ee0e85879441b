//! Lists whose rows stay as long as their keys do, with one type for all of them.

use leptos::prelude::*;

/// What makes a row the same as before. The first half is an id, or a number where there is none; the second tells apart what an id alone
/// does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RowKey(pub u128, pub u64);

/// A row of a list.
pub struct Row {
    key: RowKey,
    view: Box<dyn FnOnce() -> AnyView + Send>,
}

impl Row {
    /// A row. Its view is made when its key is new, and stays until the key is gone.
    pub fn new(key: RowKey, view: impl FnOnce() -> AnyView + Send + 'static) -> Self {
        Self { key, view: Box::new(view) }
    }
}

/// The rows that a closure gives, made anew only where their keys have changed.
///
/// For each type of rows and of keys everything that compares, moves and draws them is compiled once more. Boxed, there is one.
pub fn rows(each: impl Fn() -> Vec<Row> + Send + 'static) -> AnyView {
    let each: Box<dyn Fn() -> Vec<Row> + Send> = Box::new(each);
    let view: fn(Row) -> AnyView = |row| (row.view)();
    let key: fn(&Row) -> RowKey = |row| row.key;
    view! { <For each=each key=key children=view/> }.into_any()
}
