//! What was sent and may still come back.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::endpoints::tickets::Message;
use shared::{CustomerId, MessageId, TicketId};

use crate::features::drafts::{self, Place, Record};

/// More than any message has.
const WHOLE: usize = 100_000;

/// Replies that have been accepted, as they were written: taking one back puts it into the box again.
#[derive(Clone, Copy)]
pub struct Withdrawn {
    account: CustomerId,
    ticket_id: TicketId,
    back: RwSignal<Option<Record>, LocalStorage>,
}

/// The replies of this ticket's pane.
#[must_use]
pub fn use_withdrawn() -> Option<Withdrawn> {
    use_context()
}

impl Withdrawn {
    /// Nothing has come back yet.
    #[must_use]
    pub fn new(account: CustomerId, ticket_id: TicketId) -> Self {
        Self { account, ticket_id, back: RwSignal::new_local(None) }
    }

    /// Remembers what was sent, in a way that a reload or another tab does not forget.
    pub fn remember(self, id: MessageId, record: Record) {
        spawn_local(async move { drafts::remember_sent(self.account, id, &record).await });
    }

    /// It was taken back. Written on another device, its text is all there is of it.
    pub fn bring_back(self, message: Message) {
        spawn_local(async move {
            let record = drafts::take_sent(self.account, message.id).await;
            let told = || Record { body: message.body.plain_text(WHOLE), ..Record::new() };
            // When the ticket has been left meanwhile, it waits there as a draft.
            if let Some(Some(record)) = self.back.try_set(Some(record.unwrap_or_else(told).anew())) {
                drafts::put_beside(self.account, Place::Reply(self.ticket_id), record).await;
            }
        });
    }

    /// What was taken back last; tracked. Each comes back once.
    pub(super) fn take(self) -> Option<Record> {
        self.back.track();
        self.back.try_update_untracked(Option::take).flatten()
    }
}
