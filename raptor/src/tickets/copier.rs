//! Keeps copies fresh, and asks the help desk as seldom as that allows.

use std::num::NonZeroU32;
use std::sync::Arc;

use futures_util::StreamExt as _;
use futures_util::stream;
use shared::endpoints::tickets::TicketStatus;
use shared::{CustomerId, TicketId, Timestamp};

use super::copy::copy_of;
use super::flights::Flights;
use crate::app::Timing;
use crate::helpdesk::{
    self, Clock, Conversation, ConversationId, ConversationStatus, ConversationSummary, Email, HelpDesk, ListRequest,
    NewCustomer, ReadError, WriteError,
};
use crate::ids::DerivedIds;
use crate::live::Live;
use crate::store::{Arrival, Profile, Store, StoreError, StoredTicket, SubmissionKind, TicketCopy};

/// Conversations that one refresh reads before the customer gets an answer; the rest follows in the background.
const READ_AT_ONCE: usize = 60;
/// Conversations that are read side by side.
const SIDE_BY_SIDE: usize = 4;

/// Keeps copies fresh. Cheap to clone.
#[derive(Clone)]
pub struct Copier {
    pub(super) store: Store,
    pub(super) desk: HelpDesk,
    ids: DerivedIds,
    live: Live,
    clock: Clock,
    timing: Timing,
    flights: Arc<Flights>,
}

/// How true an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// As true as the help desk's own answer a few seconds ago.
    Fresh(Timestamp),
    /// What was known then; the help desk could not be asked since.
    Stale(Timestamp),
    /// Nothing is known, and the help desk cannot be asked.
    Unknown,
}

/// Why a copy could not be refreshed.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// The help desk could not be read.
    #[error(transparent)]
    Desk(#[from] ReadError),
    /// The help desk could not be told who the customer is.
    #[error(transparent)]
    DeskWrite(#[from] WriteError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Copier {
    pub(crate) fn new(store: Store, desk: HelpDesk, ids: DerivedIds, live: Live, clock: Clock, timing: Timing) -> Self {
        Self { store, desk, ids, live, clock, timing, flights: Arc::default() }
    }

    fn fresh_since(&self) -> Timestamp {
        before(self.clock.now(), self.timing.fresh_for)
    }

    /// Makes a customer's list fresh, or says how old it is. Waits no longer than a customer would.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn freshen_list(&self, customer: CustomerId) -> Result<Freshness, StoreError> {
        let known = self.store.sync_times(customer).await?.synced_at;
        if let Some(at) = known.filter(|at| *at >= self.fresh_since()) {
            return Ok(Freshness::Fresh(at));
        }
        let copier = self.clone();
        let refresh = tokio::spawn(async move { copier.refresh_list(customer).await });
        let finished = match known {
            // Something can be shown meanwhile; the refresh goes on by itself.
            Some(_) => tokio::time::timeout(self.timing.fresh_wait, refresh).await.ok(),
            None => Some(refresh.await),
        };
        match finished {
            Some(Ok(Ok(at))) => Ok(Freshness::Fresh(at)),
            Some(Ok(Err(RefreshError::Store(error)))) => Err(error),
            Some(Ok(Err(error))) => {
                tracing::warn!(%error, "the list could not be refreshed");
                Ok(known.map_or(Freshness::Unknown, Freshness::Stale))
            }
            Some(Err(_)) | None => Ok(known.map_or(Freshness::Unknown, Freshness::Stale)),
        }
    }

    /// Reads what changed in a customer's list, unless somebody else just did.
    pub(crate) async fn refresh_list(&self, customer: CustomerId) -> Result<Timestamp, RefreshError> {
        let flight = self.flights.of(customer.bits());
        let _one_at_a_time = flight.lock().await;
        let times = self.store.sync_times(customer).await?;
        if let Some(at) = times.synced_at.filter(|at| *at >= self.fresh_since()) {
            return Ok(at);
        }
        let now = self.clock.now();
        let Some(profile) = self.store.customer(customer).await? else { return Ok(now) };
        let Some(desk_id) = self.identify(&profile).await? else {
            // Nobody there knows them, so nothing is there.
            self.store.set_synced(customer, now, true).await?;
            return Ok(now);
        };
        let sweep = times.swept_at.is_none_or(|at| at < before(now, self.timing.sweep_every));
        let first = times.swept_at.is_none();
        let changed = self.read_list(customer, desk_id, sweep).await?;
        let (at_once, later) = changed.split_at(changed.len().min(READ_AT_ONCE));
        self.copy_all(customer, desk_id, at_once, first).await?;
        self.store.set_synced(customer, now, sweep).await?;
        if !later.is_empty() {
            let (copier, later) = (self.clone(), later.to_vec());
            tokio::spawn(async move {
                if let Err(error) = copier.copy_all(customer, desk_id, &later, first).await {
                    tracing::warn!(%error, "the rest of a long list could not be read yet");
                }
            });
        }
        Ok(now)
    }

    /// The conversations that the copy does not have as they are now. A sweep compares everything and removes what is gone; otherwise
    /// reading stops at the first page without news.
    async fn read_list(
        &self,
        customer: CustomerId,
        desk_id: helpdesk::CustomerId,
        sweep: bool,
    ) -> Result<Vec<ConversationId>, RefreshError> {
        let mut changed = Vec::new();
        let mut seen = Vec::new();
        let mut page = NonZeroU32::MIN;
        loop {
            let list = self.desk.list_conversations(desk_id, ListRequest { page, ..ListRequest::default() }).await?;
            let mut news = false;
            for summary in &list.items {
                seen.push(summary.id);
                let known = self.store.ticket_of(customer, summary.id).await?;
                // A message that was held back becomes visible without any change at the help desk.
                let now = self.clock.now();
                let is_true = known.as_ref().is_some_and(|known| {
                    known.revision == summary.revision.as_str() && known.recheck_at.is_none_or(|at| now < at)
                });
                if !is_true {
                    news = true;
                    changed.push(summary.id);
                    if known.is_none() && changed.len() > READ_AT_ONCE {
                        self.store.put_copy(&placeholder(customer, summary)).await?;
                    }
                }
            }
            match page.checked_add(1) {
                Some(next) if list.has_more && (sweep || news) => page = next,
                _ => break,
            }
        }
        if sweep {
            for (conversation, ticket) in self.store.conversations_of(customer).await? {
                if !seen.contains(&conversation)
                    && matches!(self.desk.get_conversation(desk_id, conversation).await, Err(ReadError::NotFound))
                {
                    self.store.remove_ticket(ticket).await?;
                }
            }
        }
        Ok(changed)
    }

    async fn copy_all(
        &self,
        customer: CustomerId,
        desk_id: helpdesk::CustomerId,
        conversations: &[ConversationId],
        first: bool,
    ) -> Result<(), RefreshError> {
        let since = self.clock.now();
        let mut copies = stream::iter(conversations.to_vec())
            .map(|conversation| async move { self.copy(customer, desk_id, conversation, since, !first).await })
            .buffer_unordered(SIDE_BY_SIDE);
        while let Some(result) = copies.next().await {
            match result {
                Ok(_) | Err(RefreshError::Desk(ReadError::NotFound)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Makes one ticket fresh, or says how old it is. `None` when it is gone.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn freshen_ticket(&self, ticket: &StoredTicket) -> Result<Option<Freshness>, StoreError> {
        let Some(conversation) = ticket.conversation else { return Ok(Some(Freshness::Fresh(self.clock.now()))) };
        let now = self.clock.now();
        if ticket.synced_at >= self.fresh_since() && is_whole(ticket, now) {
            return Ok(Some(Freshness::Fresh(ticket.synced_at)));
        }
        let (copier, customer, since) = (self.clone(), ticket.customer, ticket.synced_at);
        let refresh = tokio::spawn(async move { copier.refresh_ticket(customer, conversation).await });
        let known = if ticket.revision.is_empty() { Freshness::Unknown } else { Freshness::Stale(since) };
        let finished = match known {
            Freshness::Unknown => Some(refresh.await),
            _ => tokio::time::timeout(self.timing.fresh_wait, refresh).await.ok(),
        };
        match finished {
            Some(Ok(Ok(()))) => Ok(Some(Freshness::Fresh(now))),
            Some(Ok(Err(RefreshError::Desk(ReadError::NotFound)))) => Ok(None),
            Some(Ok(Err(RefreshError::Store(error)))) => Err(error),
            Some(Ok(Err(error))) => {
                tracing::warn!(%error, "a ticket could not be refreshed");
                Ok(Some(known))
            }
            Some(Err(_)) | None => Ok(Some(known)),
        }
    }

    /// Reads one conversation anew, unless somebody else just did.
    pub(crate) async fn refresh_ticket(
        &self,
        customer: CustomerId,
        conversation: ConversationId,
    ) -> Result<(), RefreshError> {
        self.read_since(customer, conversation, self.fresh_since()).await
    }

    /// Reads one conversation as it is now, whatever is known of it.
    pub(crate) async fn reread(&self, customer: CustomerId, conversation: ConversationId) -> Result<(), RefreshError> {
        self.read_since(customer, conversation, self.clock.now()).await
    }

    async fn read_since(
        &self,
        customer: CustomerId,
        conversation: ConversationId,
        since: Timestamp,
    ) -> Result<(), RefreshError> {
        let Some(profile) = self.store.customer(customer).await? else { return Err(ReadError::NotFound.into()) };
        let desk_id = profile.helpdesk_id.ok_or(ReadError::NotFound)?;
        self.copy(customer, desk_id, conversation, since, true).await.map(drop)
    }

    /// Reads a conversation, unless somebody has begun to after `since`. One at a time: what was read earlier must not be written later.
    async fn copy(
        &self,
        customer: CustomerId,
        desk_id: helpdesk::CustomerId,
        conversation: ConversationId,
        since: Timestamp,
        tell: bool,
    ) -> Result<TicketId, RefreshError> {
        let flight = self.flights.of(u128::from(conversation.get()));
        let _one_at_a_time = flight.lock().await;
        let before = self.store.ticket_of(customer, conversation).await?;
        let now = self.clock.now();
        if let Some(known) = &before
            && known.synced_at > since
            && is_whole(known, now)
        {
            return Ok(known.id);
        }
        let live = match self.desk.get_conversation(desk_id, conversation).await {
            Ok(live) => live,
            Err(ReadError::NotFound) => {
                // Deleted, moved, or another customer's by now: it is not to be shown again.
                if let Some(before) = before {
                    self.store.remove_ticket(before.id).await?;
                }
                return Err(ReadError::NotFound.into());
            }
            Err(error) => return Err(error.into()),
        };
        let before = match before {
            None => self.recognise(customer, &live).await?,
            known => known,
        };
        let copy = copy_of(&self.desk, &self.ids, customer, &live, before.as_ref(), now);
        let id = self.store.put_copy(&copy).await?;
        let arrived: Vec<_> = live.threads.iter().filter_map(|thread| thread.marker).collect();
        self.store.forget_delivered(&arrived).await?;
        let after = &copy.ticket;
        let same = before.as_ref().is_some_and(|before| {
            before.last_activity_at == after.last_activity_at
                && before.message_count == after.message_count
                && before.status == after.status
                && before.number == after.number
        });
        if tell && !same {
            self.live.ticket_changed(customer, id, after.last_activity_at, after.last_author.kind, now).await?;
        }
        Ok(id)
    }

    /// Tells a customer's readers to look at a ticket again.
    pub(crate) async fn tell(&self, customer: CustomerId, id: TicketId) -> Result<(), StoreError> {
        if let Some(ticket) = self.store.ticket(customer, id).await? {
            let (at, author) = (ticket.last_activity_at, ticket.last_author.kind);
            self.live.ticket_changed(customer, id, at, author, self.clock.now()).await?;
        }
        Ok(())
    }

    /// The ticket that a conversation was opened for from here, when the answer to that has not come yet: the customer was told an id, and
    /// it stays.
    async fn recognise(&self, customer: CustomerId, live: &Conversation) -> Result<Option<StoredTicket>, StoreError> {
        for marker in live.threads.iter().filter_map(|thread| thread.marker) {
            if let Some(pending) = self.store.pending(marker).await?
                && pending.kind == SubmissionKind::Ticket
                && pending.customer == customer
            {
                let arrival =
                    Arrival { opened: Some(live.summary.id), number: Some(live.summary.number), ..Arrival::default() };
                self.store.delivered(&pending, &arrival).await?;
                return self.store.ticket_of(customer, live.summary.id).await;
            }
        }
        Ok(None)
    }

    /// Who a customer is at the help desk, by their verified address; remembered for ever once it is known.
    async fn identify(&self, profile: &Profile) -> Result<Option<helpdesk::CustomerId>, RefreshError> {
        if let Some(known) = profile.helpdesk_id {
            return Ok(Some(known));
        }
        let Some(email) = Email::parse(&profile.email) else { return Ok(None) };
        let Some(found) = self.desk.find_customer(&email).await? else { return Ok(None) };
        self.store.link_customer(profile.id, found.id).await?;
        Ok(Some(found.id))
    }

    /// The same, and makes the customer known there if they are not.
    pub(crate) async fn identify_or_introduce(
        &self,
        customer: CustomerId,
    ) -> Result<helpdesk::CustomerId, RefreshError> {
        let profile = self.store.customer(customer).await?.ok_or(ReadError::NotFound)?;
        if let Some(known) = profile.helpdesk_id {
            return Ok(known);
        }
        let email = Email::parse(&profile.email).ok_or(WriteError::Refused(helpdesk::Refusal::EmailInvalid))?;
        let (first, last) = profile.name.split_once(' ').unwrap_or((profile.name.as_str(), ""));
        let new = NewCustomer { email, first_name: first.to_owned(), last_name: last.to_owned() };
        let found = self.desk.find_or_create_customer(&new).await?;
        self.store.link_customer(customer, found.id).await?;
        // Read again: another instance may have linked first, and the first link counts.
        let profile = self.store.customer(customer).await?.ok_or(ReadError::NotFound)?;
        Ok(profile.helpdesk_id.ok_or(ReadError::NotFound)?)
    }
}

/// Whether all of a conversation is in its copy: it has been read, and nothing that was held back has become visible since.
fn is_whole(ticket: &StoredTicket, now: Timestamp) -> bool {
    !ticket.revision.is_empty() && ticket.recheck_at.is_none_or(|at| now < at)
}

fn before(now: Timestamp, duration: std::time::Duration) -> Timestamp {
    Timestamp::from_millis(now.millis() - i64::try_from(duration.as_millis()).unwrap_or(i64::MAX))
}

/// What can be said of a conversation before its messages were read. Its revision is empty, so it is read before it is opened.
fn placeholder(customer: CustomerId, summary: &ConversationSummary) -> TicketCopy {
    let subject = shared::Line::fitted(summary.subject.trim())
        .unwrap_or_else(|| shared::Line::fitted("(no subject)").unwrap_or_default());
    let empty = shared::rich_text::RichText::default();
    let id = TicketId::from_bits(crate::random::bits());
    let mut copy = super::copy::first_copy(id, customer, subject, &empty, summary.created_at);
    copy.ticket.conversation = Some(summary.id);
    copy.ticket.number = Some(summary.number);
    copy.ticket.status = match summary.status {
        ConversationStatus::Active | ConversationStatus::Spam => TicketStatus::Received,
        ConversationStatus::Pending => TicketStatus::WaitingForYou,
        ConversationStatus::Closed => TicketStatus::Resolved,
    };
    copy
}
