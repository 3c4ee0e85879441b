//! What stands around every page once somebody is signed in.

mod announce;
mod bar;
mod crashed;
mod menu;
mod sign_out;
mod update;

pub use announce::announce_pages;
pub use bar::Bar;
pub use crashed::report_crashes;
pub use sign_out::SignOut;
pub use update::UpdateNote;
