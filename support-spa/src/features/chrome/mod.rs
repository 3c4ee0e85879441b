//! What stands around every page once somebody is signed in.

mod announce;
mod bar;
mod menu;
mod sign_out;
mod update;

pub use announce::announce_pages;
pub use bar::Bar;
pub use sign_out::SignOut;
pub use update::UpdateNote;
