//! Views that change, with one type for all of them.

use std::sync::{Arc, Mutex};

use leptos::prelude::*;

/// A view that is made anew whenever what it reads changes.
///
/// A closure in a view is a type of its own, and everything that renders it is compiled once more for each. Boxed, there is one.
pub fn dynamic(view: impl FnMut() -> AnyView + Send + 'static) -> AnyView {
    let view: Arc<Mutex<dyn FnMut() -> AnyView + Send>> = Arc::new(Mutex::new(view));
    view.into_any()
}
