//! Writing: new conversations, replies, status changes, notes.
//!
//! The help desk has no idempotency. A reply looks first whether it is already there, by the mark of [`OutgoingBody`]; a new
//! conversation is looked for by [`HelpDesk::find_conversation`] before it is tried again.

use http::Method;
use serde_json::{Value, json};

use super::HelpDesk;
use super::counters::{Dropped, Operation};
use super::decode::{self, Seen};
use super::error::{Cause, WriteError};
use super::id::{ConversationId, CustomFieldId, CustomerId, ThreadId};
use super::model::{Conversation, ConversationStatus};
use super::outgoing::{FileOutcome, OutgoingBody, OutgoingFile, customer_thread, verify};
use super::transport::{Answer, Call};
use super::wire;

/// What stands in the thread, in the customer's name, when they resolve a ticket and Raptor has no account of its own.
pub const RESOLVED_SENTENCE: &str = "I consider this resolved.";
/// What stands in the thread, in the customer's name, when they reopen a ticket and Raptor has no account of its own.
pub const REOPENED_SENTENCE: &str = "I would like to reopen this.";

/// A conversation to open.
#[derive(Clone, Copy, Debug)]
pub struct NewConversation<'a> {
    /// The customer.
    pub owner: CustomerId,
    /// What it is about.
    pub subject: &'a str,
    /// The message.
    pub body: &'a OutgoingBody,
    /// The files.
    pub files: &'a [OutgoingFile],
    /// Custom fields, each with its value; for a choice, the option's value.
    pub fields: &'a [(CustomFieldId, String)],
}

/// A conversation that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Its id.
    pub conversation: ConversationId,
    /// The number that people say; unknown when the help desk said no more than the id.
    pub number: Option<u32>,
    /// Its first message; unknown when the help desk said no more than the conversation's id.
    pub thread: Option<ThreadId>,
    /// What became of each file, in the order in which they were sent.
    pub files: Vec<FileOutcome>,
}

/// A reply that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// Its id.
    pub thread: ThreadId,
    /// What became of each file, in the order in which they were sent.
    pub files: Vec<FileOutcome>,
}

/// What a customer can make of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WantedStatus {
    /// Done.
    Closed,
    /// Not done after all.
    Active,
}

impl HelpDesk {
    /// Opens a conversation. Never tried twice in here.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub async fn create_conversation(&self, new: &NewConversation<'_>) -> Result<Opened, WriteError> {
        let settings = &self.transport.settings;
        let mut body = json!({
            "type": "email",
            "mailboxId": settings.mailbox.get(),
            "subject": new.subject,
            "customer": { "id": new.owner.get() },
            "status": "active",
            "threads": [customer_thread(new.owner, new.body.with_marker(), new.files, &[])],
        });
        if let (Some(fields), false) = (body.as_object_mut(), new.fields.is_empty()) {
            let values = new.fields.iter().map(|(id, value)| json!({ "id": id.get(), "value": value }));
            fields.insert("customFields".into(), values.collect());
        }
        let url = settings.base.resource(&["conversations"]);
        let answer = self.post(Operation::CreateConversation, Method::POST, url, &body).await?;
        let wire: Option<wire::Conversation> = answer.decode().ok();
        let id = answer.resource_id.map_or_else(|| wire.as_ref().map_or(0, |wire| wire.id), std::num::NonZero::get);
        let id = ConversationId::new(id).ok_or(WriteError::Unknown(Cause::Malformed))?;
        match wire.as_ref().map(|wire| (wire, decode::summary(&self.transport, wire))) {
            Some((wire, Seen::Visible(summary))) if summary.owner == new.owner && !wire.embedded.threads.is_empty() => {
                let conversation = decode::conversation(&self.transport, summary, wire);
                Ok(opened(&conversation, new.body, new.files))
            }
            // It is there, and its owner is not whom we named. Nobody may see it; somebody must look.
            Some((_, Seen::Visible(summary))) if summary.owner != new.owner => {
                self.transport.drop_and_warn(Operation::CreateConversation, Dropped::Foreign, 1);
                Ok(unverified(id, new.files))
            }
            // Some versions say no more than the id.
            _ => Ok(match self.get_conversation(new.owner, id).await {
                Ok(conversation) => opened(&conversation, new.body, new.files),
                Err(_) => unverified(id, new.files),
            }),
        }
    }

    /// Replies in the customer's name, with the copies that the conversation has. When the reply is there already, nothing is sent and
    /// what is there is told.
    ///
    /// # Errors
    /// See [`WriteError`]; [`super::Refusal::NotFound`] when it is not the customer's conversation.
    pub async fn reply(
        &self,
        owner: CustomerId,
        conversation: ConversationId,
        body: &OutgoingBody,
        files: &[OutgoingFile],
    ) -> Result<Delivered, WriteError> {
        let before = self.get_conversation(owner, conversation).await?;
        if let Some(there) = before.threads.iter().find(|thread| thread.marker == Some(body.marker())) {
            return Ok(Delivered { thread: there.id, files: verify(files, &there.attachments) });
        }
        let thread = customer_thread(owner, body.with_marker(), files, &before.cc);
        let (id, held) = self.add_thread(conversation, &thread).await?;
        let held = match held {
            Some(wire) => Some(decode::attachments(&self.transport, &wire)),
            None if files.is_empty() => Some(Vec::new()),
            None => self.get_conversation(owner, conversation).await.ok().and_then(|after| {
                after.threads.into_iter().find(|thread| thread.id == id).map(|thread| thread.attachments)
            }),
        };
        let files = held.map_or_else(|| vec![FileOutcome::Unverified; files.len()], |held| verify(files, &held));
        Ok(Delivered { thread: id, files })
    }

    /// Closes or reopens. Does nothing when that is how it stands, so it may be repeated after [`WriteError::Unknown`].
    ///
    /// With an account of its own, Raptor changes the status itself: it leaves no message, and doing it twice is doing it once. Without,
    /// a message in the customer's name does it, which keeps the deed the customer's and never lends them an agent's name.
    ///
    /// # Errors
    /// See [`WriteError`]; [`super::Refusal::NotFound`] when it is not the customer's conversation.
    pub async fn set_status(
        &self,
        owner: CustomerId,
        conversation: ConversationId,
        wanted: WantedStatus,
    ) -> Result<(), WriteError> {
        let before = self.get_conversation(owner, conversation).await?;
        let is_closed = before.summary.status == ConversationStatus::Closed;
        let (word, sentence) = match wanted {
            WantedStatus::Closed => ("closed", RESOLVED_SENTENCE),
            WantedStatus::Active => ("active", REOPENED_SENTENCE),
        };
        if is_closed == (wanted == WantedStatus::Closed) {
            return Ok(());
        }
        if let Some(agent) = self.transport.settings.portal_agent {
            let url = self.transport.settings.base.resource(&["conversations", &conversation.to_string()]);
            // Fields are applied in the order in which they stand: who comes before what.
            let body = format!(r#"{{"byUser":{agent},"status":"{word}"}}"#);
            let call = Call { operation: Operation::SetStatus, method: Method::PUT, url, body: Some(body.into()) };
            return self.transport.write(call).await.map(drop);
        }
        let mut thread = customer_thread(owner, format!("<p>{sentence}</p>"), &[], &before.cc);
        if let Some(fields) = thread.as_object_mut() {
            fields.insert("status".into(), word.into());
        }
        self.add_thread(conversation, &thread).await.map(drop)
    }

    /// Leaves a note for the team, such as a rating. Customers never see it.
    ///
    /// # Errors
    /// See [`WriteError`]; [`Cause::NotConfigured`] when Raptor has no account of its own.
    pub async fn add_note(
        &self,
        owner: CustomerId,
        conversation: ConversationId,
        text: &shared::rich_text::RichText,
    ) -> Result<ThreadId, WriteError> {
        let agent = self.transport.settings.portal_agent.ok_or(WriteError::NotReached(Cause::NotConfigured))?;
        let before = self.get_conversation(owner, conversation).await?;
        let cc: Vec<&str> = before.cc.iter().map(super::CopyAddress::as_str).collect();
        let note = json!({ "type": "note", "text": crate::html::to_html(text), "user": agent.get(), "cc": cc });
        self.add_thread(conversation, &note).await.map(|(id, _)| id)
    }

    async fn add_thread(
        &self,
        conversation: ConversationId,
        thread: &Value,
    ) -> Result<(ThreadId, Option<wire::Thread>), WriteError> {
        let url = self.transport.settings.base.resource(&["conversations", &conversation.to_string(), "threads"]);
        let answer = self.post(Operation::AddThread, Method::POST, url, thread).await?;
        let wire: Option<wire::Thread> = answer.decode::<wire::Thread>().ok().filter(|wire| wire.id != 0);
        let id = answer.resource_id.map_or_else(|| wire.as_ref().map_or(0, |wire| wire.id), std::num::NonZero::get);
        let id = ThreadId::new(id).ok_or(WriteError::Unknown(Cause::Malformed))?;
        Ok((id, wire))
    }

    async fn post(
        &self,
        operation: Operation,
        method: Method,
        url: reqwest::Url,
        body: &Value,
    ) -> Result<Answer, WriteError> {
        self.transport.write(Call { operation, method, url, body: Some(body.to_string().into()) }).await
    }
}

/// What is known of a conversation that has been read back.
pub(super) fn opened(conversation: &Conversation, body: &OutgoingBody, files: &[OutgoingFile]) -> Opened {
    let thread = conversation.threads.iter().find(|thread| body.is(thread.body.as_untrusted()));
    Opened {
        conversation: conversation.summary.id,
        number: Some(conversation.summary.number).filter(|number| *number != 0),
        thread: thread.map(|thread| thread.id),
        files: thread
            .map_or_else(|| vec![FileOutcome::Unverified; files.len()], |thread| verify(files, &thread.attachments)),
    }
}

fn unverified(conversation: ConversationId, files: &[OutgoingFile]) -> Opened {
    Opened { conversation, number: None, thread: None, files: vec![FileOutcome::Unverified; files.len()] }
}
