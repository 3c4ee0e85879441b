//! After an attempt of which nobody knows how it ended: is it there?

use std::num::NonZeroU32;

use shared::Timestamp;

use super::HelpDesk;
use super::conversations::{ListOrder, ListRequest};
use super::error::ReadError;
use super::id::{ConversationId, CustomerId, ThreadId};
use super::model::ThreadAuthor;
use super::outgoing::{OutgoingBody, OutgoingFile, verify};
use super::submissions::{Delivered, Opened, opened};

/// How far the clocks of Raptor and the help desk may be apart, in milliseconds.
const CLOCK_SKEW: i64 = 5 * 60 * 1000;

/// An attempt, or several of the same message.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// What was sent.
    pub body: &'a OutgoingBody,
    /// The files that went with it.
    pub files: &'a [OutgoingFile],
    /// When the first attempt began.
    pub began_at: Timestamp,
    /// When the last attempt ended.
    pub ended_at: Timestamp,
}

/// What was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sighting<T> {
    /// It is there.
    Found(T),
    /// It is not there, and the help desk may still be working on it. Look again later; do not send it again.
    NotYet,
    /// It is not there and will not be. It may be sent again.
    Absent,
}

impl HelpDesk {
    /// Looks for a reply. `claimed` are threads that are known to be other messages: a customer may well write "Thanks" twice.
    ///
    /// # Errors
    /// [`ReadError::NotFound`] when the conversation is not the customer's, [`ReadError::Unavailable`].
    pub async fn find_reply(
        &self,
        owner: CustomerId,
        conversation: ConversationId,
        attempt: &Attempt<'_>,
        claimed: &[ThreadId],
    ) -> Result<Sighting<Delivered>, ReadError> {
        let conversation = self.get_conversation(owner, conversation).await?;
        let found = conversation.threads.iter().find(|thread| {
            thread.author == ThreadAuthor::Owner
                && !claimed.contains(&thread.id)
                && attempt.covers(thread.created_at)
                && attempt.body.is(thread.body.as_untrusted())
        });
        Ok(match found {
            Some(thread) => {
                Sighting::Found(Delivered { thread: thread.id, files: verify(attempt.files, &thread.attachments) })
            }
            None => self.not_found(attempt),
        })
    }

    /// Looks for a conversation by its customer, its time, its subject and its first message. `claimed` are conversations that are
    /// known to be others.
    ///
    /// # Errors
    /// [`ReadError::Unavailable`].
    pub async fn find_conversation(
        &self,
        owner: CustomerId,
        subject: &str,
        attempt: &Attempt<'_>,
        claimed: &[ConversationId],
    ) -> Result<Sighting<Opened>, ReadError> {
        let mut page = NonZeroU32::MIN;
        loop {
            let request = ListRequest {
                page,
                order: ListOrder::Oldest,
                created_since: Some(Timestamp::from_millis(attempt.began_at.millis() - CLOCK_SKEW)),
                ..ListRequest::default()
            };
            let list = self.list_conversations(owner, request).await?;
            let candidates = list.items.iter().filter(|summary| {
                summary.subject.trim() == subject.trim()
                    && !claimed.contains(&summary.id)
                    && attempt.covers(summary.created_at)
            });
            for candidate in candidates {
                let conversation = match self.get_conversation(owner, candidate.id).await {
                    Ok(conversation) => conversation,
                    // Deleted or moved since the list was read.
                    Err(ReadError::NotFound) => continue,
                    Err(error) => return Err(error),
                };
                let opened = opened(&conversation, attempt.body, attempt.files);
                if opened.thread.is_some() {
                    return Ok(Sighting::Found(opened));
                }
            }
            match page.checked_add(1) {
                Some(next) if list.has_more => page = next,
                _ => return Ok(self.not_found(attempt)),
            }
        }
    }

    fn not_found<T>(&self, attempt: &Attempt<'_>) -> Sighting<T> {
        let settings = &self.transport.settings;
        let waited = settings.clock.now().millis().saturating_sub(attempt.ended_at.millis());
        let settled = u128::try_from(waited).is_ok_and(|waited| waited >= settings.settle.as_millis());
        if settled { Sighting::Absent } else { Sighting::NotYet }
    }
}

impl Attempt<'_> {
    fn covers(&self, time: Timestamp) -> bool {
        time.millis() >= self.began_at.millis() - CLOCK_SKEW
    }
}
