//! How long, how silent and how large a stream of events may be. Whatever ends it, portals ask again and miss nothing.

use super::incoming::Incoming;
use crate::token::Verdict;

/// How long one stream may last, in milliseconds: 1 hour, and never beyond the session's token.
const LIFETIME: u64 = 60 * 60 * 1000;
/// How long nothing may come, in milliseconds. Raptor says every 15 seconds that it is alive.
const SILENCE: u32 = 60_000;
/// Most bytes of one stream. An event has some 200 and a sign of life 9, so that an hour of both fills a small part of this; what holds
/// more is no stream of events, or one that is better read anew.
const MOST: u32 = 1024 * 1024;

/// The bounds of one stream.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    /// In milliseconds.
    pub(super) lifetime: u32,
    /// In milliseconds.
    pub(super) silence: u32,
    /// In bytes.
    pub(super) most: u32,
}

/// The bounds of the stream that is asked for.
pub(super) fn bounds(verdict: Option<&Verdict>, incoming: &Incoming<'_>) -> Bounds {
    let left = verdict.map_or(0, |verdict| (verdict.expires_at * 1000).saturating_sub(incoming.milliseconds()));
    // A token within its leeway still gets a moment: what has no lifetime at all would go on for ever.
    Bounds { lifetime: left.clamp(1000, LIFETIME) as u32, silence: SILENCE, most: MOST }
}
