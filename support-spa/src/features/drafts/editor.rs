//! A draft that is being written.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::{CustomerId, IdempotencyKey, Timestamp};

use super::kept;
use super::merge::{join, rest};
use super::place::Place;
use super::record::{Content, Fields, Record, new_key};
use super::saving::{Known, put_beside};
use crate::browser::{listen, now};
use crate::client::{Cause, Failure};
use crate::features::attachments::Attachments;
use crate::session::{Session, is_here, use_session};

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
    pub(super) account: CustomerId,
    pub(super) session: Session,
    pub(super) place: Place,
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
    /// What another tab wrote at the same time, until the customer has chosen.
    pub aside: RwSignal<String>,
    /// Whether it is safe.
    pub saved: RwSignal<Saved>,
    /// When it was saved that was found on opening.
    pub restored: RwSignal<Option<Timestamp>>,
    /// Since when the customer wants it sent as soon as that is possible, in milliseconds since the epoch.
    pub waiting: RwSignal<Option<i64>>,
    pub(super) known: StoredValue<Known>,
    /// Nothing is saved before what was kept has been read: an empty form must not overwrite a draft.
    pub(super) ready: RwSignal<bool>,
    pub(super) turn: StoredValue<u32>,
}

impl Draft {
    /// Opens the draft of a place, and saves it from now on until the current owner is cleaned up.
    #[must_use]
    pub fn open(account: CustomerId, place: Place) -> Self {
        let draft = Self {
            account,
            session: use_session(),
            place,
            subject: RwSignal::new(String::new()),
            body: RwSignal::new(String::new()),
            topic: RwSignal::new(String::new()),
            fields: RwSignal::new(Vec::new()),
            files: Attachments::new(),
            aside: RwSignal::new(String::new()),
            saved: RwSignal::new(Saved::Nothing),
            restored: RwSignal::new(None),
            waiting: RwSignal::new(None),
            known: StoredValue::new(Known::default()),
            ready: RwSignal::new(false),
            turn: StoredValue::new(0),
        };
        spawn_local(draft.read());
        Effect::new(move |_| draft.watch());
        draft.follow_other_tabs();
        // Whatever takes the page away does not wait for the pause; should it be too quick, the pause before was saved.
        let hurry = move || {
            if draft.saved.try_get_untracked() == Some(Saved::Pending) {
                spawn_local(draft.save());
            }
        };
        listen::on_window("pagehide", move |_| hurry());
        listen::on_document("visibilitychange", move |_| hurry());
        on_cleanup(move || draft.leave());
        draft
    }

    /// The key that makes it arrive once.
    #[must_use]
    pub fn key(self) -> IdempotencyKey {
        self.known.with_value(|known| known.key.clone())
    }

    /// Gives what is written another key: it is to be a submission of its own.
    pub fn renew_key(self) {
        self.known.update_value(|known| (known.key, known.tried) = (new_key(), None));
        self.save_soon();
    }

    /// What is written is about to be sent, with the key that it has now and keeps from now on. It is safe first: should this page die,
    /// the same goes out again.
    ///
    /// # Errors
    /// Another customer is here by now, whose token it must not go with.
    pub async fn begin_attempt(self) -> Result<(), Failure> {
        if let Some(record) = self.try_record() {
            self.known.try_update_value(|known| known.tried = Some(record.submission()));
            self.save_now().await;
        }
        if is_here(self.account) { Ok(()) } else { Err(Failure::new(Cause::SessionEnded)) }
    }

    /// Whether anything is written; tracked.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.body.with(|body| body.trim().is_empty())
            && self.subject.with(|subject| subject.trim().is_empty())
            && self.files.is_empty()
    }

    /// Empties the form and forgets the draft: it is not wanted.
    pub fn clear(self) {
        self.begin_anew(Record::new());
    }

    /// It was accepted: the form is emptied, but for what was written since.
    pub fn sent(self, sent: Record) {
        let Some(now) = self.try_record() else {
            // The form is gone; the draft that its going has saved is not to be sent again.
            let (account, place) = (self.account, self.place);
            spawn_local(async move { kept::remove_sent(account, place, &sent).await });
            return;
        };
        let left = rest(now, &sent, new_key());
        self.known.update_value(|known| known.sent = Some(sent));
        self.begin_anew(left);
    }

    /// Puts back what was discarded or withdrawn: before what has been written meanwhile, or, when the form is gone, where it is found
    /// when it is opened again.
    pub fn put_back(self, record: Record) {
        match self.try_record() {
            Some(now) => self.show(join(record, now)),
            None => {
                let (account, place) = (self.account, self.place);
                spawn_local(put_beside(account, place, record));
            }
        }
    }

    /// Everything as it is now.
    #[must_use]
    pub fn record(self) -> Record {
        let known = |known: &Known| (known.key.clone(), known.tried, known.next.clone());
        let (key, tried, version) = self.known.with_value(known);
        Record {
            key,
            tried,
            subject: self.subject.get_untracked(),
            body: self.body.get_untracked(),
            topic: self.topic.get_untracked(),
            fields: self.fields.get_untracked(),
            files: self.files.kept(),
            aside: self.aside.get_untracked(),
            saved_at: now(),
            waiting: self.waiting.get_untracked(),
            version,
        }
    }

    /// Saves at once, and answers whether the browser keeps it.
    pub async fn save_now(self) -> bool {
        let record = self.record();
        if self.known.with_value(|known| known.content != record.content()) {
            self.save().await;
        }
        self.saved.try_get_untracked() != Some(Saved::Refused)
    }

    /// Everything as it is now; `None` when the form is gone.
    pub(super) fn try_record(self) -> Option<Record> {
        self.ready.try_get_untracked().map(|_| self.record())
    }

    /// Puts something else into the form, and saves it in the place of what was there. That has been dealt with: if nothing is left, then
    /// nothing is being written here, and what another tab has made of it meanwhile stays as it is.
    fn begin_anew(self, record: Record) {
        self.restored.set(None);
        self.known.update_value(|known| known.content = Content::default());
        self.show(record);
        spawn_local(self.save());
    }

    /// Puts a record into the form.
    pub(super) fn show(self, record: Record) {
        self.known.update_value(|known| (known.key, known.tried) = (record.key, record.tried));
        let set = |signal: RwSignal<String>, text: String| {
            if signal.with_untracked(|shown| *shown != text) {
                signal.set(text);
            }
        };
        set(self.subject, record.subject);
        set(self.body, record.body);
        set(self.topic, record.topic);
        set(self.aside, record.aside);
        self.fields.set(record.fields);
        self.waiting.set(record.waiting);
        self.files.follow(record.files);
    }
}
