//! Tabs of the same browser, in step.
//!
//! A new tab asks the others for their session, so that a ticket opened in a new tab does not ask for a passkey again. Signing out
//! signs out everywhere. A change that one tab makes or hears of is told to the others. `BroadcastChannel` reaches pages of our own
//! origin only.

use std::cell::RefCell;

use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{BroadcastChannel, MessageEvent};

use super::{Session, State, kept};
use crate::browser::storage::{self, Area};

const CHANNEL: &str = "raxx-support";

/// What tabs tell each other. On the channel a word, or a word, a space and the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// Does anybody have a session?
    Ask,
    /// This is mine.
    Have(String),
    /// Signed out.
    End,
    /// Tickets have changed; read them again.
    Changed,
    /// The draft of this place was written, sent or thrown away.
    Draft(String),
}

impl Word {
    fn write(&self) -> String {
        match self {
            Self::Ask => "ask".to_owned(),
            Self::Have(session) => ["have ", session].concat(),
            Self::End => "end".to_owned(),
            Self::Changed => "changed".to_owned(),
            Self::Draft(place) => ["draft ", place].concat(),
        }
    }

    fn read(text: &str) -> Option<Self> {
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        Some(match word {
            "ask" => Self::Ask,
            "have" => Self::Have(rest.to_owned()),
            "end" => Self::End,
            "changed" => Self::Changed,
            "draft" => Self::Draft(rest.to_owned()),
            _ => return None,
        })
    }
}

thread_local! {
    static OPEN: RefCell<Option<BroadcastChannel>> = const { RefCell::new(None) };
}

/// What the other tabs said last, for whoever follows it.
#[derive(Clone, Copy, Debug)]
pub struct Heard(pub RwSignal<Option<Word>>);

/// Opens the channel until the current owner is cleaned up, answers other tabs, and asks them when this tab has no session.
pub fn join(session: Session) -> Heard {
    let heard = Heard(RwSignal::new(None));
    if !cfg!(target_arch = "wasm32") {
        return heard;
    }
    let Ok(channel) = BroadcastChannel::new(CHANNEL) else { return heard };
    let listen = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(word) = event.data().as_string().as_deref().and_then(Word::read) {
            hear(session, heard, word);
        }
    });
    channel.set_onmessage(Some(listen.as_ref().unchecked_ref()));
    OPEN.set(Some(channel.clone()));
    let held = SendWrapper::new((channel, listen));
    on_cleanup(move || {
        held.0.close();
        OPEN.set(None);
    });
    if untrack(move || !session.is_active()) {
        say(&Word::Ask);
    }
    heard
}

fn hear(session: Session, heard: Heard, word: Word) {
    match word {
        Word::Ask => announce_session(),
        Word::Have(text) => {
            let wanted = session.state.with_untracked(|state| !matches!(state, State::Active(_)));
            let issued = super::decode(&text).filter(|issued| issued.expires_at.millis() > crate::browser::now());
            if let (true, Some(issued)) = (wanted, issued) {
                // Of a session that has run out here, only the same customer's is taken over: the words on this page are theirs.
                if session.account().is_none_or(|account| account == issued.customer.id) {
                    kept::write(&issued);
                    session.adopt(issued);
                }
            }
        }
        Word::End => session.forget(),
        other => heard.0.set(Some(other)),
    }
}

/// Tells the other tabs something.
pub fn say(word: &Word) {
    OPEN.with_borrow(|open| {
        if let Some(channel) = open {
            let _ = channel.post_message(&word.write().into());
        }
    });
}

pub(super) fn announce_session() {
    if let Some(session) = storage::get(Area::Session, kept::KEY) {
        say(&Word::Have(session));
    }
}

pub(super) fn announce_end() {
    say(&Word::End);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_they_are_written() {
        let all = [Word::Ask, Word::Have("{\"a\": 1}".into()), Word::End, Word::Changed, Word::Draft("new".into())];
        for word in all {
            assert_eq!(Word::read(&word.write()), Some(word));
        }
        assert_eq!(Word::read("later"), None);
        assert_eq!(Word::read(""), None);
    }
}
