//! A draft that is being written.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::{CustomerId, IdempotencyKey, Timestamp};

use super::record::{self, Fields, Place, Record, new_key};
use crate::browser::{now, timer};
use crate::features::attachments::Attachments;
use crate::session::tabs::{self, Heard, Word};

/// How long the typing must pause before the draft is saved, in milliseconds.
const PAUSE: i32 = 400;

/// Whether what is written is safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// There is nothing to save.
    Nothing,
    /// Not yet.
    Pending,
    /// Since then.
    At(Timestamp),
    /// The browser would not keep it.
    Refused,
}

/// A draft that is being written: signals for a form, saved as they change.
#[derive(Clone, Copy)]
pub struct Draft {
    account: CustomerId,
    place: Place,
    /// The subject, of a new ticket.
    pub subject: RwSignal<String>,
    /// The message.
    pub body: RwSignal<String>,
    /// The chosen topic's id, of a new ticket.
    pub topic: RwSignal<String>,
    /// The topic's fields.
    pub fields: RwSignal<Fields>,
    /// The files.
    pub files: Attachments,
    /// Whether it is safe.
    pub saved: RwSignal<Saved>,
    /// When it was saved that was found on opening.
    pub restored: RwSignal<Option<Timestamp>>,
    /// The customer has asked for it to be sent as soon as that is possible.
    pub waiting: RwSignal<bool>,
    key: StoredValue<IdempotencyKey>,
    /// Nothing is saved before what was kept has been read: an empty form must not overwrite a draft.
    ready: RwSignal<bool>,
    turn: StoredValue<u32>,
}

impl Draft {
    /// Opens the draft of a place, and saves it from now on until the current owner is cleaned up.
    #[must_use]
    pub fn open(account: CustomerId, place: Place) -> Self {
        let draft = Self {
            account,
            place,
            subject: RwSignal::new(String::new()),
            body: RwSignal::new(String::new()),
            topic: RwSignal::new(String::new()),
            fields: RwSignal::new(Vec::new()),
            files: Attachments::new(),
            saved: RwSignal::new(Saved::Nothing),
            restored: RwSignal::new(None),
            waiting: RwSignal::new(false),
            key: StoredValue::new(new_key()),
            ready: RwSignal::new(false),
            turn: StoredValue::new(0),
        };
        spawn_local(async move {
            let kept = record::load(account, place).await;
            if let Some(kept) = kept {
                // What was typed while this was being read wins over what was kept.
                let untouched = draft.body.try_with_untracked(String::is_empty).unwrap_or(false);
                if untouched {
                    draft.restored.set(Some(Timestamp::from_millis(kept.saved_at)));
                    draft.take(kept);
                }
            }
            draft.ready.try_set(true);
        });
        Effect::new(move |_| draft.watch());
        draft.follow_other_tabs();
        // Leaving the page must not wait for the pause. What cannot be finished was saved at the pause before.
        on_cleanup(move || {
            if let Some(record) = draft.snapshot() {
                spawn_local(async move {
                    record::save(account, place, &record).await;
                });
            }
        });
        draft
    }

    /// The key that makes it arrive once.
    #[must_use]
    pub fn key(self) -> IdempotencyKey {
        self.key.get_value()
    }

    /// Gives what is written another key: it is to be a submission of its own.
    pub fn renew_key(self) {
        self.key.set_value(new_key());
        self.save_soon();
    }

    /// Whether anything is written; tracked.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.body.with(|body| body.trim().is_empty())
            && self.subject.with(|subject| subject.trim().is_empty())
            && self.files.is_empty()
    }

    /// Empties the form and forgets the draft: it was sent, or is not wanted.
    pub fn clear(self) {
        self.take(Record::new());
        self.saved.set(Saved::Nothing);
        self.restored.set(None);
        let (account, place) = (self.account, self.place);
        spawn_local(async move {
            record::remove(account, place).await;
            tabs::say(&Word::Draft(place.name()));
        });
    }

    /// Everything as it is now, to be put back by [`Draft::take`].
    #[must_use]
    pub fn record(self) -> Record {
        Record {
            key: self.key.get_value(),
            subject: self.subject.get_untracked(),
            body: self.body.get_untracked(),
            topic: self.topic.get_untracked(),
            fields: self.fields.get_untracked(),
            files: self.files.kept(),
            saved_at: now(),
            waiting: self.waiting.get_untracked(),
        }
    }

    /// Puts a record into the form.
    pub fn take(self, record: Record) {
        self.key.set_value(record.key);
        self.subject.set(record.subject);
        self.body.set(record.body);
        self.topic.set(record.topic);
        self.fields.set(record.fields);
        self.waiting.set(record.waiting);
        self.files.restore(record.files);
    }

    /// Saves at once, and answers whether the browser keeps it.
    pub async fn save_now(self) -> bool {
        let record = self.record();
        record::save(self.account, self.place, &record).await
    }

    fn snapshot(self) -> Option<Record> {
        let ready = self.ready.try_get_untracked()?;
        let pending = self.saved.try_get_untracked()? == Saved::Pending;
        (ready && pending).then(|| self.record())
    }

    fn watch(self) {
        self.subject.track();
        self.body.track();
        self.topic.track();
        self.fields.track();
        self.waiting.track();
        self.files.track();
        if self.ready.get() {
            self.save_soon();
        }
    }

    fn save_soon(self) {
        if self.is_untouched() {
            return;
        }
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

    /// Nothing is written and nothing was saved: opening a form is not a draft.
    fn is_untouched(self) -> bool {
        untrack(move || self.is_empty()) && self.saved.get_untracked() == Saved::Nothing
    }

    async fn save(self) {
        let record = self.record();
        let saved = if record::save(self.account, self.place, &record).await {
            if record.is_empty() { Saved::Nothing } else { Saved::At(Timestamp::from_millis(record.saved_at)) }
        } else {
            Saved::Refused
        };
        self.saved.try_set(saved);
        tabs::say(&Word::Draft(self.place.name()));
    }

    /// What another tab saved of this draft is taken over, unless this tab is the one that is being written in.
    fn follow_other_tabs(self) {
        let Some(Heard(heard)) = use_context::<Heard>() else { return };
        let name = self.place.name();
        Effect::new(move |_| {
            let ours = matches!(heard.get(), Some(Word::Draft(place)) if place == name);
            if !ours || crate::browser::is_visible() && self.saved.get_untracked() == Saved::Pending {
                return;
            }
            spawn_local(async move {
                let kept = record::load(self.account, self.place).await.unwrap_or_default();
                if self.body.try_with_untracked(|body| *body != kept.body) == Some(true) {
                    let saved_at = kept.saved_at;
                    let empty = kept.is_empty();
                    self.ready.set(false);
                    self.take(kept);
                    self.saved.set(if empty { Saved::Nothing } else { Saved::At(Timestamp::from_millis(saved_at)) });
                    timer::after(0, move || {
                        self.ready.try_set(true);
                    });
                }
            });
        });
    }
}
