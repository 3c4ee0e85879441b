//! What was sent and may still come back.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::endpoints::tickets::Message;
use shared::rich_text::{Block, RichText};
use shared::{CustomerId, MessageId, TicketId};

use crate::features::drafts::{self, Place, Record};
use crate::router::{Page, Router};

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

    /// It was taken back, or is to be written again.
    pub fn bring_back(self, message: Message) {
        spawn_local(async move {
            let record = self.written(message).await;
            // When the ticket has been left meanwhile, it waits there as a draft.
            if let Some(Some(record)) = self.back.try_set(Some(record)) {
                drafts::put_beside(self.account, Place::Reply(self.ticket_id), record).await;
            }
        });
    }

    /// Its ticket never arrived and takes no replies: it becomes the draft of another one, beside what is written there.
    pub fn into_new_ticket(self, message: Message, subject: String, router: Router) {
        spawn_local(async move {
            let record = Record { subject, ..self.written(message).await };
            drafts::put_beside(self.account, Place::NewTicket, record).await;
            router.go(Page::NewTicket);
        });
    }

    /// A message as it was written, to be sent as something new. Written on another device, its text is all there is of it.
    async fn written(self, message: Message) -> Record {
        let record = drafts::take_sent(self.account, message.id).await;
        record.unwrap_or_else(|| Record { body: paragraphs(&message.body), ..Record::new() }).anew()
    }

    /// What was taken back last; tracked. Each comes back once.
    pub(super) fn take(self) -> Option<Record> {
        self.back.track();
        self.back.try_update_untracked(Option::take).flatten()
    }
}

/// A text as somebody would type it.
fn paragraphs(text: &RichText) -> String {
    let one = |block: &Block| RichText::new(vec![block.clone()]).map(|text| text.plain_text(WHOLE)).unwrap_or_default();
    text.blocks().iter().map(one).collect::<Vec<_>>().join("\n\n")
}
