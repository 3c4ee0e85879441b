//! Bandz, the raccoon of Raxx, in scenes that carry meaning.
//!
//! A scene is a stack of layers, a layer a list of paths, and one component draws them all, so that a scene costs little more than
//! its props. Colours are classes (`style/bandz.css`) and follow the theme. A scene accompanies words and never replaces them.

mod figure;
mod props;
#[cfg(test)]
mod tests;

use leptos::prelude::*;

use crate::i18n::{Key, keys};

/// What Bandz is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scene {
    /// Greets whoever signs in.
    Welcome,
    /// There are no tickets yet.
    NoTickets,
    /// A search found nothing.
    NothingFound,
    /// Nothing is open.
    AllResolved,
    /// Something is being sent.
    Sending,
    /// Something has been sent.
    Sent,
    /// There is no connection.
    Offline,
    /// The help desk cannot be reached, or the portal is being worked on.
    DeskDown,
    /// The session has ended.
    SessionExpired,
    /// There is no such page or ticket.
    NotFound,
    /// Something broke.
    Broken,
}

/// One path: the class that colours it, and its shape.
type Part = (&'static str, &'static str);

impl Scene {
    /// Every scene, in the order of declaration.
    pub const ALL: [Self; 11] = [
        Self::Welcome,
        Self::NoTickets,
        Self::NothingFound,
        Self::AllResolved,
        Self::Sending,
        Self::Sent,
        Self::Offline,
        Self::DeskDown,
        Self::SessionExpired,
        Self::NotFound,
        Self::Broken,
    ];

    /// What is to be seen, in words.
    #[must_use]
    pub const fn description(self) -> Key {
        match self {
            Self::Welcome => keys::bandz_welcome,
            Self::NoTickets => keys::bandz_no_tickets,
            Self::NothingFound => keys::bandz_nothing_found,
            Self::AllResolved => keys::bandz_all_resolved,
            Self::Sending => keys::bandz_sending,
            Self::Sent => keys::bandz_sent,
            Self::Offline => keys::bandz_offline,
            Self::DeskDown => keys::bandz_desk_down,
            Self::SessionExpired => keys::bandz_session_expired,
            Self::NotFound => keys::bandz_not_found,
            Self::Broken => keys::bandz_broken,
        }
    }

    /// The layers, from back to front.
    #[must_use]
    const fn layers(self) -> &'static [&'static [Part]] {
        use figure::{
            ASLEEP, BODY, DOUBTFUL, GLANCE, GONE_WIDE, HAPPY, HEAD, MOUTH, OPEN, OPEN_MOUTH, TAIL, TO_THE_SIDE,
        };
        use props::{
            CABLE, CUP, EMPTY_SHEET, ENVELOPE, HELMET, LEDGE, MAGNIFIER, MOON, RESOLVED, SENT_ENVELOPE, SIGNPOST, WAVE,
            WRENCH,
        };
        match self {
            Self::Welcome => &[BODY, HEAD, OPEN, OPEN_MOUTH, LEDGE, WAVE],
            Self::NoTickets => &[TAIL, BODY, HEAD, OPEN, MOUTH, EMPTY_SHEET],
            Self::NothingFound => &[TAIL, BODY, HEAD, TO_THE_SIDE, MOUTH, MAGNIFIER],
            Self::AllResolved => &[TAIL, BODY, HEAD, HAPPY, MOUTH, RESOLVED],
            Self::Sending => &[TAIL, BODY, HEAD, TO_THE_SIDE, MOUTH, ENVELOPE],
            Self::Sent => &[TAIL, BODY, HEAD, HAPPY, OPEN_MOUTH, SENT_ENVELOPE],
            Self::Offline => &[TAIL, BODY, HEAD, GLANCE, MOUTH, CABLE],
            Self::DeskDown => &[TAIL, BODY, HEAD, OPEN, MOUTH, HELMET, WRENCH],
            Self::SessionExpired => &[MOON, TAIL, BODY, HEAD, ASLEEP, MOUTH],
            Self::NotFound => &[TAIL, BODY, HEAD, DOUBTFUL, MOUTH, SIGNPOST],
            Self::Broken => &[TAIL, BODY, HEAD, GONE_WIDE, OPEN_MOUTH, CUP],
        }
    }
}

/// Bandz in a scene, with its text alternative.
#[component]
pub fn Bandz(
    /// What he is doing.
    scene: Scene,
) -> impl IntoView {
    let description = scene.description().signal();
    view! {
        <svg class="bandz" viewBox="0 0 160 160" role="img" aria-label=description>
            {drawn(scene.layers())}
        </svg>
    }
    .into_any()
}

/// Bandz's head alone, beside the name in the bar. The name says it all, so it is hidden from screen readers.
#[component]
pub fn BandzMark() -> impl IntoView {
    view! {
        <svg class="bandz-mark" viewBox="20 12 120 96" aria-hidden="true">
            {drawn(&[figure::HEAD, figure::OPEN, figure::MOUTH])}
        </svg>
    }
    .into_any()
}

fn drawn(layers: &'static [&'static [Part]]) -> AnyView {
    let parts = layers.iter().flat_map(|layer| layer.iter());
    parts.map(|(class, shape)| view! { <path class=*class d=*shape /> }).collect::<Vec<_>>().into_any()
}
