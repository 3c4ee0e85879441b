//! Keeping a draft in step with what is kept of it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::{CustomerId, IdempotencyKey, Timestamp};

use super::editor::{Draft, Saved};
use super::kept::{self, Outcome};
use super::merge::{merge, rest};
use super::place::Place;
use super::record::{Content, Record, Version, new_key};
use crate::browser::{now, random_hex, timer};
use crate::session::tabs::{self, Word};

/// How long the typing must pause before the draft is saved, in milliseconds.
const PAUSE: i32 = 400;

/// What this form knows of what is kept.
pub(super) struct Known {
    pub(super) key: IdempotencyKey,
    /// What has been sent with it.
    pub(super) tried: Option<u32>,
    /// The version that this form saved or took over last; nothing is kept when absent.
    base: Option<Version>,
    /// What it is. A form with the same words is not being written in.
    pub(super) content: Content,
    /// What this form saves next.
    pub(super) next: Version,
    /// What was accepted last.
    pub(super) sent: Option<Record>,
}

impl Default for Known {
    fn default() -> Self {
        let next = Version { writer: random_hex(), number: 1 };
        Self { key: new_key(), tried: None, base: None, content: Content::default(), next, sent: None }
    }
}

impl Draft {
    /// Puts what is kept into a form that has just been opened.
    pub(super) async fn read(self) {
        let kept = kept::load(self.account, self.place).await;
        let Some(now) = self.try_record() else { return };
        if let Some(kept) = kept {
            self.restored.set(Some(Timestamp::from_millis(kept.saved_at)));
            self.meet(now, Some(kept));
        }
        self.ready.set(true);
    }

    /// What is kept is not what this form knows: `theirs` is there, or nothing any more.
    pub(super) fn meet(self, ours: Record, theirs: Option<Record>) {
        let written = self.is_written(&ours);
        let (kept, shown) = match theirs {
            Some(theirs) => {
                let left = self.not_sent_of(theirs.clone());
                (theirs, if written { merge(ours, &left) } else { self.take_over(left, ours) })
            }
            // It was sent or thrown away elsewhere. What has been written here since then is a submission of its own; it has a key of its
            // own already when it has been sent.
            None if written && ours.was_tried() => (Record::new(), ours),
            None if written => (Record::new(), Record { key: new_key(), tried: None, waiting: None, ..ours }),
            None => (Record::new(), Record::new()),
        };
        let same_key = kept.key == shown.key || shown.is_empty();
        let settled = same_key && kept.content() == shown.content();
        self.known.update_value(|known| {
            known.content = kept.content();
            known.base = (kept.version != Version::default()).then(|| kept.version.clone());
        });
        if settled {
            let at = Saved::At(Timestamp::from_millis(kept.saved_at));
            self.saved.set(if kept.is_empty() { Saved::Nothing } else { at });
        }
        self.show(shown);
        if !settled {
            self.save_soon();
        }
    }

    /// What another tab wrote, without what was accepted meanwhile: that must not come back because it was saved there, nor use up a key
    /// twice.
    fn not_sent_of(self, theirs: Record) -> Record {
        self.known.with_value(|known| match &known.sent {
            Some(sent) if sent.key == theirs.key => rest(theirs, sent, new_key()),
            _ => theirs,
        })
    }

    /// What another tab wrote while nothing was written here.
    fn take_over(self, theirs: Record, ours: Record) -> Record {
        let mut shown = theirs;
        if ours.was_tried() && ours.words() == shown.words() {
            (shown.key, shown.tried) = (ours.key, ours.tried);
        }
        if self.known.with_value(|known| known.content.waiting != ours.waiting) {
            shown.waiting = ours.waiting;
        }
        shown
    }

    /// Whether what is kept is what this form saved or took over last.
    pub(super) fn knows(self, kept: Option<&Version>) -> bool {
        let knows = |known: &Known| {
            known.base.as_ref() == kept || kept.is_some_and(|version| version.writer == known.next.writer)
        };
        self.known.try_with_value(knows).unwrap_or(true)
    }

    /// Whether a form that says this is being written in.
    fn is_written(self, record: &Record) -> bool {
        self.known.with_value(|known| known.content.words != record.words())
    }

    /// Saves what changes.
    pub(super) fn watch(self) {
        self.subject.track();
        self.body.track();
        self.topic.track();
        self.fields.track();
        self.aside.track();
        self.waiting.track();
        self.files.track();
        if !self.ready.get() {
            return;
        }
        let record = self.record();
        let unsaved = |known: &Known| known.content != record.content() && !(record.is_empty() && known.base.is_none());
        if self.known.with_value(unsaved) {
            self.save_soon();
        }
    }

    /// Saves once the typing pauses.
    pub(super) fn save_soon(self) {
        self.saved.set(Saved::Pending);
        let turn = self.turn.try_update_value(|turn| {
            *turn += 1;
            *turn
        });
        timer::after(PAUSE, move || {
            if self.turn.try_get_value() == turn {
                spawn_local(self.save());
            }
        });
    }

    /// Saves.
    pub(super) async fn save(self) {
        let Some(record) = self.try_record() else { return };
        let base = self.known.try_update_value(|known| {
            known.next.number += 1;
            known.base.clone()
        });
        match kept::keep(self.account, self.place, &record, base.flatten().as_ref()).await {
            Outcome::Kept => {
                self.known.try_update_value(|known| {
                    known.content = record.content();
                    known.base = (!record.is_empty()).then(|| record.version.clone());
                });
                // What was typed meanwhile has a saving of its own before it.
                if self.try_record().is_some_and(|now| now.content() == record.content()) {
                    let at = Saved::At(Timestamp::from_millis(record.saved_at));
                    self.saved.try_set(if record.is_empty() { Saved::Nothing } else { at });
                }
                tabs::say(&Word::Draft(self.place.name()));
            }
            Outcome::Refused => {
                self.saved.try_set(if record.is_empty() { Saved::Nothing } else { Saved::Refused });
            }
            Outcome::Changed(theirs) => {
                if let Some(ours) = self.try_record() {
                    self.meet(ours, theirs.map(|theirs| *theirs));
                }
            }
        }
    }

    /// The form is about to go: what it has not saved yet is saved without it.
    pub(super) fn leave(self) {
        let pending = self.saved.try_get_untracked() == Some(Saved::Pending) && self.ready.get_untracked();
        // After signing out nothing may stay on the device.
        if !pending || self.session.account() != Some(self.account) {
            return;
        }
        let (account, place, record) = (self.account, self.place, self.record());
        let base = self.known.with_value(|known| known.base.clone());
        spawn_local(async move {
            keep_beside(account, place, record, base.as_ref()).await;
            tabs::say(&Word::Draft(place.name()));
        });
    }
}

/// Keeps a draft that no form shows beside whatever is there.
pub async fn put_beside(account: CustomerId, place: Place, record: Record) {
    keep_beside(account, place, Record { saved_at: now(), ..record }, None).await;
}

async fn keep_beside(account: CustomerId, place: Place, record: Record, base: Option<&Version>) {
    if let Outcome::Changed(Some(theirs)) = kept::keep(account, place, &record, base).await {
        kept::save(account, place, &merge(record, &theirs)).await;
    }
}
