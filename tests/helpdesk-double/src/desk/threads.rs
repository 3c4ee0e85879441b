//! Adding to a conversation, and what that moves.

use super::{
    Event, Transaction,
    input::NewThread,
    mails::MailKind,
    model::{Author, ConversationState, SourceType, Status, Thread, ThreadState, ThreadType, Via},
    preview::preview,
    state::take,
};
use crate::api::errors::ApiError;

impl Transaction<'_> {
    /// Adds a thread and everything it brings about: status, owner, copies, preview, times. There is no check against a
    /// repetition, nor of who the writer is.
    ///
    /// # Errors
    /// 404 when the conversation or the writer does not exist.
    pub(crate) fn add_thread(&mut self, conversation_id: u64, new: NewThread) -> Result<u64, ApiError> {
        let customer = match new.author {
            Author::Customer(id) => Some(self.state.customers.get(&id).ok_or(ApiError::NotFound)?),
            Author::User(id) => {
                self.state.agent(id).ok_or(ApiError::NotFound)?;
                None
            }
        }
        .map(|customer| (customer.id, customer.email().to_owned()));
        if !self.state.conversations.contains_key(&conversation_id) {
            return Err(ApiError::NotFound);
        }
        let id = take(&mut self.state.next.thread);
        let attachments = new.attachments.into_iter().map(|file| self.state.store_attachment(file)).collect();
        let owner_email = self
            .state
            .conversations
            .get(&conversation_id)
            .and_then(|conversation| self.state.customers.get(&conversation.customer_id))
            .map_or_else(String::new, |owner| owner.email().to_owned());
        let Some(conversation) = self.state.conversations.get_mut(&conversation_id) else {
            return Err(ApiError::NotFound);
        };

        let at = new.created_at.unwrap_or(self.now);
        let old_status = conversation.status;
        let sent = new.state == ThreadState::Published;
        if let (Some((customer_id, email)), true) = (customer, sent) {
            // Whoever writes as "customer" becomes the owner; the old one no longer finds the conversation.
            conversation.customer_id = customer_id;
            conversation.customer_email = email;
        }
        conversation.threads.push(Thread {
            id,
            kind: new.kind,
            status: new.status.unwrap_or(Status::Active),
            state: new.state,
            action_type: String::new(),
            action_text: String::new(),
            customer_id: conversation.customer_id,
            created_by: new.author,
            assigned_to: conversation.assignee,
            to: if new.author.via() == Via::User { vec![owner_email] } else { Vec::new() },
            cc: new.cc.clone(),
            bcc: new.bcc.clone(),
            created_at: at,
            opened_at: new.opened_at,
            attachments,
            source_type: new.source_type,
            body: Some(new.body),
        });
        if !sent {
            return Ok(id);
        }

        conversation.updated_at = conversation.updated_at.max(at);
        if let Some(text) = conversation.threads.last().and_then(|thread| thread.body.as_deref()) {
            conversation.preview = preview(text);
        }
        let event = match new.kind {
            ThreadType::Customer => {
                conversation.state = ConversationState::Published;
                conversation.status = new.status.unwrap_or(Status::Active);
                (conversation.cc, conversation.bcc) = (new.cc, new.bcc);
                (conversation.last_reply_at, conversation.last_reply_from) = (at, Via::Customer);
                "convo.customer.reply.created"
            }
            ThreadType::Message | ThreadType::Chat => {
                conversation.status = new.status.unwrap_or(Status::Pending);
                (conversation.cc, conversation.bcc) = (new.cc, new.bcc);
                (conversation.last_reply_at, conversation.last_reply_from) = (at, Via::User);
                conversation.user_updated_at = Some(at);
                "convo.agent.reply.created"
            }
            ThreadType::Note | ThreadType::Lineitem => {
                conversation.status = new.status.unwrap_or(old_status);
                conversation.user_updated_at = Some(at);
                "convo.note.created"
            }
        };
        if conversation.status == Status::Closed && old_status != Status::Closed {
            conversation.closed_at = Some(at);
            conversation.closed_by = match new.author {
                Author::User(id) => Some(id),
                // Closing along with a customer's message keeps no agent's name.
                Author::Customer(_) => None,
            };
        }
        conversation.update_folder();
        if new.kind == ThreadType::Message && !new.imported {
            self.state.send_mail(conversation_id, MailKind::Reply);
        }
        self.events.push(Event::Conversation { name: event, id: conversation_id });
        if new.status.is_some_and(|status| status != old_status) {
            self.events.push(Event::Conversation { name: "convo.status", id: conversation_id });
        }
        Ok(id)
    }

    /// Writes a log line in an agent's full name.
    pub(crate) fn add_lineitem(&mut self, conversation_id: u64, agent_id: u64, action_type: &str, what: &str, at: i64) {
        let name = self
            .state
            .agent(agent_id)
            .map_or_else(String::new, |agent| format!("{} {}", agent.first_name, agent.last_name));
        if let Some(conversation) = self.state.conversations.get_mut(&conversation_id) {
            let number = conversation.number;
            conversation.threads.push(Thread {
                id: take(&mut self.state.next.thread),
                kind: ThreadType::Lineitem,
                status: Status::NoChange,
                state: ThreadState::Published,
                action_type: action_type.to_owned(),
                action_text: format!("{name} {what} conversation #{number}"),
                body: None,
                source_type: SourceType::Web,
                customer_id: conversation.customer_id,
                created_by: Author::User(agent_id),
                assigned_to: conversation.assignee,
                to: Vec::new(),
                cc: Vec::new(),
                bcc: Vec::new(),
                created_at: at,
                opened_at: None,
                attachments: Vec::new(),
            });
            conversation.updated_at = conversation.updated_at.max(at);
            conversation.user_updated_at = conversation.user_updated_at.max(Some(at));
        }
    }

    /// Takes an agent's message back within the undo window: it was visible through the API, and is gone.
    ///
    /// # Errors
    /// 404 when there is no such message.
    pub(crate) fn undo_message(&mut self, conversation_id: u64, thread_id: u64) -> Result<(), ApiError> {
        let conversation = self.state.conversations.get_mut(&conversation_id).ok_or(ApiError::NotFound)?;
        let thread = conversation
            .threads
            .iter_mut()
            .find(|thread| thread.id == thread_id && thread.kind == ThreadType::Message)
            .ok_or(ApiError::NotFound)?;
        thread.state = ThreadState::Draft;
        conversation.status = Status::Active;
        conversation.update_folder();
        self.desk.webhooks.forget_pending(conversation_id, "convo.agent.reply.created");
        Ok(())
    }
}
