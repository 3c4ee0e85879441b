//! Reading conversations. Every way in names the customer, and nothing of anybody else's comes out.

use std::num::NonZeroU32;

use reqwest::Url;
use shared::Timestamp;

use super::HelpDesk;
use super::counters::{Dropped, Operation};
use super::decode::{self, Seen};
use super::error::{Cause, ReadError};
use super::id::{ConversationId, CustomerId};
use super::model::{Change, ChangePage, Conversation, ConversationPage};
use super::wire;

/// Largest page. The help desk itself has no bound.
pub const MAX_PAGE_SIZE: u32 = 50;

/// All of them, named one by one: without a status the help desk leaves nothing out, and with one that it does not know neither.
const STATUSES: &str = "active,pending,closed,spam";

/// Which part of a customer's conversations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListRequest {
    /// The page, from 1.
    pub page: NonZeroU32,
    /// How many, 1 to [`MAX_PAGE_SIZE`]; more is cut.
    pub page_size: u32,
    /// The order.
    pub order: ListOrder,
    /// Only those that were opened then or later.
    pub created_since: Option<Timestamp>,
}

impl Default for ListRequest {
    fn default() -> Self {
        Self { page: NonZeroU32::MIN, page_size: MAX_PAGE_SIZE, order: ListOrder::LastChanged, created_since: None }
    }
}

/// The order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListOrder {
    /// What changed last comes first. Internal changes count, so this is not the order for customers' eyes.
    LastChanged,
    /// Newest first.
    Newest,
    /// Oldest first.
    Oldest,
}

impl HelpDesk {
    /// A page of one customer's conversations. What the help desk sends of others is dropped, counted and logged.
    ///
    /// # Errors
    /// [`ReadError::Unavailable`].
    pub async fn list_conversations(
        &self,
        owner: CustomerId,
        request: ListRequest,
    ) -> Result<ConversationPage, ReadError> {
        let size = request.page_size.clamp(1, MAX_PAGE_SIZE);
        let (field, order) = match request.order {
            ListOrder::LastChanged => ("updatedAt", "desc"),
            ListOrder::Newest => ("createdAt", "desc"),
            ListOrder::Oldest => ("createdAt", "asc"),
        };
        let mut url = self.list_url(request.page, size, field, order);
        url.query_pairs_mut().append_pair("customerId", &owner.to_string());
        if let Some(since) = request.created_since {
            url.query_pairs_mut().append_pair("createdSince", &seconds(since));
        }
        let envelope = self.envelope(Operation::ListConversations, url).await?;
        let mut items = Vec::new();
        let (mut foreign, mut unreadable) = (0, 0);
        for raw in &envelope.embedded.conversations {
            let Ok(wire) = serde_json::from_str::<wire::Conversation>(raw.get()) else {
                unreadable += 1;
                continue;
            };
            match decode::summary(&self.transport, &wire) {
                Seen::Visible(summary) if summary.owner == owner => items.push(summary),
                Seen::Visible(_) | Seen::Hidden => foreign += 1,
                Seen::Unreadable => unreadable += 1,
            }
        }
        self.transport.drop_and_warn(Operation::ListConversations, Dropped::Foreign, foreign);
        self.transport.drop_and_warn(Operation::ListConversations, Dropped::Unreadable, unreadable);
        items.truncate(size as usize);
        Ok(ConversationPage {
            items,
            has_more: envelope.has_more(request.page),
            total: u32::try_from(envelope.page.total_elements).unwrap_or(u32::MAX),
        })
    }

    /// A page of what changed since then, of all customers, newest first: one call tells whose copies are stale.
    ///
    /// # Errors
    /// [`ReadError::Unavailable`].
    pub async fn list_changes(&self, since: Timestamp, page: NonZeroU32) -> Result<ChangePage, ReadError> {
        let mut url = self.list_url(page, MAX_PAGE_SIZE, "updatedAt", "desc");
        url.query_pairs_mut().append_pair("updatedSince", &seconds(since));
        let envelope = self.envelope(Operation::ListChanges, url).await?;
        let mut items = Vec::new();
        let mut unreadable = 0;
        for raw in &envelope.embedded.conversations {
            let wire = serde_json::from_str::<wire::Conversation>(raw.get());
            match wire.map_or(Seen::Unreadable, |wire| decode::summary(&self.transport, &wire)) {
                Seen::Visible(summary) => {
                    items.push(Change { conversation: summary.id, owner: summary.owner, revision: summary.revision })
                }
                Seen::Hidden => {}
                Seen::Unreadable => unreadable += 1,
            }
        }
        self.transport.drop_and_warn(Operation::ListChanges, Dropped::Unreadable, unreadable);
        Ok(ChangePage { items, has_more: envelope.has_more(page) })
    }

    /// A conversation of this customer's, with all that they may see.
    ///
    /// # Errors
    /// [`ReadError::NotFound`] when it does not exist, is deleted or of another mailbox, or is somebody else's;
    /// [`ReadError::Unavailable`].
    pub async fn get_conversation(&self, owner: CustomerId, id: ConversationId) -> Result<Conversation, ReadError> {
        let mut url = self.transport.settings.base.resource(&["conversations", &id.to_string()]);
        url.query_pairs_mut().append_pair("embed", "threads");
        let answer = self.transport.read(Operation::GetConversation, url).await?;
        let wire: wire::Conversation = answer.decode().map_err(ReadError::Unavailable)?;
        match decode::summary(&self.transport, &wire) {
            // The help desk lets the key read everything: this comparison is the only fence.
            Seen::Visible(summary) if summary.owner == owner && summary.id == id => {
                Ok(decode::conversation(&self.transport, summary, &wire))
            }
            Seen::Visible(_) | Seen::Hidden => Err(ReadError::NotFound),
            // Without a customer it is nobody's; without an id it is no conversation.
            Seen::Unreadable if wire.id == id.get() => Err(ReadError::NotFound),
            Seen::Unreadable => Err(ReadError::Unavailable(Cause::Malformed)),
        }
    }

    fn list_url(&self, page: NonZeroU32, size: u32, field: &str, order: &str) -> Url {
        let settings = &self.transport.settings;
        let mut url = settings.base.resource(&["conversations"]);
        url.query_pairs_mut()
            .append_pair("mailboxId", &settings.mailbox.to_string())
            .append_pair("state", "published")
            .append_pair("status", STATUSES)
            .append_pair("sortField", field)
            .append_pair("sortOrder", order)
            .append_pair("page", &page.to_string())
            .append_pair("pageSize", &size.to_string());
        url
    }

    pub(super) async fn envelope(&self, operation: Operation, url: Url) -> Result<wire::Envelope, ReadError> {
        let answer = self.transport.read(operation, url).await?;
        answer.decode().map_err(ReadError::Unavailable)
    }
}

impl wire::Envelope {
    fn has_more(&self, page: NonZeroU32) -> bool {
        !self.embedded.conversations.is_empty() && u64::from(page.get()) < self.page.total_pages
    }
}

/// The help desk answers a time with a fraction with an error.
pub(super) fn seconds(time: Timestamp) -> String {
    Timestamp::from_millis(time.millis() / 1000 * 1000).to_string()
}
