//! Where loading stands, of the list and of a ticket.

use crate::client::Failure;

/// Where loading stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Load {
    /// Nothing is known yet.
    Loading,
    /// What is shown came just now.
    Ready,
    /// What is shown is being checked.
    Refreshing,
    /// The next page is on its way.
    LoadingMore,
    /// Nothing could be loaded.
    Failed(Failure),
    /// What is shown is from before; asking again failed.
    Outdated(Failure),
}
