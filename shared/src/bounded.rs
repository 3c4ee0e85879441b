//! Strings and lists that cannot be longer than the contract says.

mod list;
mod text;

pub use list::List;
pub use text::{Line, Text};
