//! A ticket as it is known, and the calls that keep it so.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::endpoints::tickets::{Cursor, DeliveryState, GetTicket, Message, ThreadQuery, Ticket, TicketPath};
use shared::{List, TicketId, Timestamp};

use crate::browser::{now, timer};
use crate::client::{self, Cause, Failure};
use crate::features::list::{Load, TicketStore};
use crate::features::offline::seen;
use crate::features::reply::{Withdrawn, use_withdrawn};
use crate::session::Session;

/// A ticket and as much of its thread as has been loaded.
#[derive(Clone, Copy)]
pub struct ThreadStore {
    session: Session,
    pub(super) tickets: Option<TicketStore>,
    /// Replies that were sent from here and may still come back.
    pub withdrawn: Option<Withdrawn>,
    /// Which ticket.
    pub id: TicketId,
    /// Everything but the messages; absent until known.
    pub ticket: RwSignal<Option<Ticket>>,
    /// The messages that are loaded, oldest first.
    pub messages: RwSignal<Vec<Message>>,
    /// Where the page of older messages ends.
    pub older: RwSignal<Option<Cursor>>,
    /// Where loading stands.
    pub load: RwSignal<Load>,
    /// Up to when the thread had been read when it was opened: what came later is marked as new.
    pub read_before: RwSignal<Option<Timestamp>>,
    asked: StoredValue<u32>,
    /// Something changed while an older page was on its way.
    due: StoredValue<bool>,
    /// The server has answered, so that what is new is known.
    answered: StoredValue<bool>,
}

/// Where a ticket comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    Memory,
    Server,
}

impl ThreadStore {
    /// Opens a ticket.
    #[must_use]
    pub fn open(id: TicketId, session: Session, tickets: Option<TicketStore>) -> Self {
        let store = Self {
            session,
            tickets,
            withdrawn: use_withdrawn(),
            id,
            ticket: RwSignal::new(None),
            messages: RwSignal::new(Vec::new()),
            older: RwSignal::new(None),
            load: RwSignal::new(Load::Loading),
            read_before: RwSignal::new(None),
            asked: StoredValue::new(0),
            due: StoredValue::new(false),
            answered: StoredValue::new(false),
        };
        Effect::new(move |_| {
            if session.is_active() {
                store.refresh();
            }
        });
        store
    }

    /// Reads the newest page of the thread. What is shown stays meanwhile.
    pub fn refresh(self) {
        // The answer to a reply may come when its ticket has been left.
        if self.ticket.is_disposed() {
            return;
        }
        // The older page that somebody asked for comes first.
        if self.load.get_untracked() == Load::LoadingMore {
            self.due.set_value(true);
            return;
        }
        let first = self.ticket.with_untracked(Option::is_none);
        self.load.set(if first { Load::Loading } else { Load::Refreshing });
        let Some(asked) = self.ask() else { return };
        if first {
            spawn_local(async move {
                let Some(ticket) = self.last_seen().await else { return };
                if self.is_current(asked) && self.ticket.with_untracked(Option::is_none) {
                    self.show(ticket, Source::Memory);
                    self.load.set(Load::Refreshing);
                }
            });
        }
        spawn_local(async move {
            let answer = client::read::<GetTicket>(&self.path(), &ThreadQuery::default()).await;
            if !self.is_current(asked) {
                return;
            }
            match answer {
                Ok((ticket, bytes)) => {
                    self.show(ticket, Source::Server);
                    self.load.set(Load::Ready);
                    self.mark_read();
                    if let Some(account) = self.session.account() {
                        seen::write::<GetTicket>(account, &self.path(), &ThreadQuery::default(), &bytes).await;
                    }
                }
                Err(failure) => self.fail(asked, failure).await,
            }
        });
    }

    /// Reads the page before the oldest message that is loaded. Answers how many came, when it is done, through `done`.
    pub fn load_older(self, done: impl FnOnce(usize) + 'static) {
        let Some(before) = self.older.get_untracked() else { return };
        match self.load.get_untracked() {
            Load::LoadingMore => return,
            // The answer to what was being checked will be dropped, so it is asked for again afterwards.
            Load::Refreshing => self.due.set_value(true),
            _ => {}
        }
        self.load.set(Load::LoadingMore);
        let Some(asked) = self.ask() else { return };
        spawn_local(async move {
            let query = ThreadQuery { before: Some(before), ..ThreadQuery::default() };
            let answer = client::read::<GetTicket>(&self.path(), &query).await;
            if !self.is_current(asked) {
                return;
            }
            match answer {
                Ok((ticket, _)) => {
                    let mut older = ticket.messages.into_vec();
                    let came = older.len();
                    self.messages.update(|shown| {
                        older.retain(|message| shown.iter().all(|other| other.id != message.id));
                        older.append(shown);
                        *shown = older;
                    });
                    self.older.set(ticket.older_cursor);
                    self.load.set(Load::Ready);
                    done(came);
                }
                Err(failure) => self.load.set(Load::Outdated(failure)),
            }
            if self.due.try_update_value(std::mem::take) == Some(true) {
                self.refresh();
            }
        });
    }

    /// The path of the ticket.
    #[must_use]
    pub const fn path(self) -> TicketPath {
        TicketPath { ticket_id: self.id }
    }

    fn show(self, mut ticket: Ticket, source: Source) {
        let page = std::mem::take(&mut ticket.messages).into_vec();
        // What is remembered from last time had not been read then, and has been since.
        if source == Source::Server
            && self.answered.try_update_value(|answered| std::mem::replace(answered, true)) == Some(false)
        {
            self.read_before.set(ticket.read_up_to);
        }
        self.messages.update(|shown| {
            // Older pages that were loaded stay; the newest page replaces what it covers.
            let older = page.first().map_or(0, |oldest| {
                let same = shown.iter().position(|message| message.id == oldest.id);
                same.unwrap_or_else(|| shown.partition_point(|message| message.sent_at < oldest.sent_at))
            });
            shown.truncate(older);
            // By id too: a message whose time was corrected must not stand there twice.
            shown.retain(|message| page.iter().all(|other| other.id != message.id));
            let had_older = !shown.is_empty();
            if !had_older {
                self.older.set(ticket.older_cursor.take());
            }
            shown.extend(page);
        });
        ticket.messages = List::default();
        self.ticket.set(Some(ticket));
        self.follow_delivery();
    }

    async fn fail(self, asked: u32, failure: Failure) {
        // Without a connection the call fails at once, before the memory has been read.
        if self.ticket.with_untracked(Option::is_none)
            && failure.cause != Cause::NotFound
            && let Some(ticket) = self.last_seen().await
            && self.is_current(asked)
            && self.ticket.with_untracked(Option::is_none)
        {
            self.show(ticket, Source::Memory);
        }
        if self.is_current(asked) {
            let nothing = self.ticket.with_untracked(Option::is_none);
            self.load.set(if nothing { Load::Failed(failure) } else { Load::Outdated(failure) });
        }
    }

    async fn last_seen(self) -> Option<Ticket> {
        seen::read::<GetTicket>(self.session.account()?, &self.path(), &ThreadQuery::default()).await
    }

    /// While a message waits or travels, the thread is read again when its state should have changed.
    pub(super) fn follow_delivery(self) {
        let wait = self.messages.with_untracked(|messages| {
            let waits = messages.iter().filter_map(|message| match message.delivery.state {
                DeliveryState::Queued => {
                    let leaves_at = message.delivery.leaves_at.map_or(0, Timestamp::millis);
                    Some((leaves_at - now()).max(0) + 1_500)
                }
                DeliveryState::Sending => Some(3_000),
                DeliveryState::Delivered | DeliveryState::Failed => None,
            });
            waits.min()
        });
        let (Some(wait), Some(asked)) = (wait, self.asked.try_get_value()) else { return };
        timer::after(i32::try_from(wait).unwrap_or(i32::MAX), move || {
            // Whoever asked meanwhile follows on by itself.
            if self.asked.try_get_value() == Some(asked) {
                self.refresh();
            }
        });
    }

    pub(super) fn tell_list(self) {
        if let Some(tickets) = self.tickets {
            tickets.refresh();
        }
    }

    fn ask(self) -> Option<u32> {
        self.asked.try_update_value(|asked| {
            *asked += 1;
            *asked
        })
    }

    fn is_current(self, asked: u32) -> bool {
        self.asked.try_get_value() == Some(asked)
    }
}
