//! Signing in. A passkey is the only way.

mod ceremony;
mod expired;
mod form;
mod page;

pub use expired::ExpiredDialog;
pub use form::PasskeyForm;
pub use page::SignInPage;
