//! The token that calls carry, and whom to tell when it is refused.

use std::cell::RefCell;
use std::rc::Rc;

/// Called with the token that was refused, so that a late refusal of an old token does not end a new session.
type OnRefused = Rc<dyn Fn(&str)>;

thread_local! {
    static TOKEN: RefCell<Option<String>> = const { RefCell::new(None) };
    static ON_REFUSED: RefCell<Option<OnRefused>> = const { RefCell::new(None) };
}

/// The token in use.
#[must_use]
pub fn token() -> Option<String> {
    TOKEN.with_borrow(Clone::clone)
}

/// Sets or clears the token.
pub fn set_token(token: Option<String>) {
    TOKEN.set(token);
}

/// Registers who is told that the current token was refused.
pub fn on_refused(tell: impl Fn(&str) + 'static) {
    ON_REFUSED.set(Some(Rc::new(tell)));
}

pub(super) fn refused(token: &str) {
    if let Some(tell) = ON_REFUSED.with_borrow(Clone::clone) {
        tell(token);
    }
}
