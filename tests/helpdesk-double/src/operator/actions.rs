//! What an operator, a test or the automatic agent does to the help desk.

use super::requests::{AgentNote, AgentReply, SeedConversation, SeedCustomer, SeedThread, StatusChange};
use crate::{
    api::errors::ApiError,
    desk::{
        ConversationChange, Desk, NewConversation, NewCustomer, NewThread, State, Transaction,
        model::{Author, ConversationState, SourceType, ThreadState, ThreadType},
    },
};

impl Desk {
    /// An agent answers on the agents' pages.
    ///
    /// # Errors
    /// 404 for an unknown conversation or agent.
    pub(crate) fn reply_as_agent(&self, conversation_id: u64, reply: AgentReply) -> Result<u64, ApiError> {
        self.commit(|transaction| {
            let agent = agent_id(transaction.state, reply.agent.as_deref())?;
            let conversation = transaction.state.conversations.get(&conversation_id).ok_or(ApiError::NotFound)?;
            let cc = reply.cc.unwrap_or_else(|| conversation.cc.clone());
            let thread = NewThread {
                cc,
                bcc: reply.bcc,
                status: reply.status,
                state: reply.state.unwrap_or(ThreadState::Published),
                created_at: Some(transaction.now - reply.seconds_ago),
                attachments: reply.attachments.into_iter().map(Into::into).collect(),
                source_type: SourceType::Web,
                ..NewThread::new(ThreadType::Message, Author::User(agent), reply.html)
            };
            let id = transaction.add_thread(conversation_id, thread)?;
            transaction.link_inline_images(conversation_id);
            Ok(id)
        })
    }

    /// An agent writes an internal note.
    ///
    /// # Errors
    /// 404 for an unknown conversation or agent.
    pub(crate) fn add_note(&self, conversation_id: u64, note: AgentNote) -> Result<u64, ApiError> {
        self.commit(|transaction| {
            let agent = agent_id(transaction.state, note.agent.as_deref())?;
            let thread = NewThread {
                created_at: Some(transaction.now - note.seconds_ago),
                attachments: note.attachments.into_iter().map(Into::into).collect(),
                source_type: SourceType::Web,
                ..NewThread::new(ThreadType::Note, Author::User(agent), note.text)
            };
            transaction.add_thread(conversation_id, thread)
        })
    }

    /// An agent sets the status, which writes a log line in the agent's full name.
    ///
    /// # Errors
    /// 404 for an unknown conversation or agent.
    pub(crate) fn set_status(&self, conversation_id: u64, change: &StatusChange) -> Result<(), ApiError> {
        self.commit(|transaction| {
            let agent = agent_id(transaction.state, change.agent.as_deref())?;
            let change = ConversationChange::Status(change.status);
            transaction.update_conversation(conversation_id, Some(agent), vec![change])
        })
    }

    /// Moves a conversation to the bin, out of it, or makes it a draft.
    ///
    /// # Errors
    /// 404 for an unknown conversation.
    pub(crate) fn set_state(&self, conversation_id: u64, state: ConversationState) -> Result<(), ApiError> {
        self.commit(|transaction| {
            transaction.update_conversation(conversation_id, None, vec![ConversationChange::State(state)])
        })
    }

    /// Takes a message back, as agents can for 15 s.
    ///
    /// # Errors
    /// 404 when there is no such message.
    pub(crate) fn undo_message(&self, conversation_id: u64, thread_id: u64) -> Result<(), ApiError> {
        self.commit(|transaction| transaction.undo_message(conversation_id, thread_id))
    }

    /// Stores a customer without sending an event.
    ///
    /// # Errors
    /// 400 for a bad or taken address.
    pub(crate) fn seed_customer(&self, seed: SeedCustomer) -> Result<u64, ApiError> {
        self.commit(|transaction| {
            let id = transaction.create_customer(NewCustomer {
                emails: seed.emails,
                first_name: seed.first_name,
                last_name: seed.last_name,
                phones: seed.phones,
                notes: seed.notes,
                photo_path: seed.photo_path,
                keep_case: seed.keep_case,
                ..NewCustomer::default()
            })?;
            transaction.events.clear();
            Ok(id)
        })
    }

    /// Stores a conversation with its history, without sending an event.
    ///
    /// # Errors
    /// 400 without a thread, 404 for an unknown customer or agent.
    pub(crate) fn seed_conversation(&self, seed: SeedConversation) -> Result<u64, ApiError> {
        self.commit(|transaction| {
            let id = transaction.seed_conversation(seed)?;
            transaction.events.clear();
            Ok(id)
        })
    }
}

impl Transaction<'_> {
    pub(crate) fn seed_conversation(&mut self, seed: SeedConversation) -> Result<u64, ApiError> {
        let mut history = seed.threads.into_iter();
        let first = history.next().ok_or_else(|| ApiError::required("threads"))?;
        let assignee = match seed.assignee.as_deref() {
            Some(name) => Some(agent_id(self.state, Some(name))?),
            None => None,
        };
        let first = self.seeded_thread(first, seed.customer_id)?;
        let id = self.create_conversation(NewConversation {
            mailbox_id: self.desk.config.mailbox_id,
            subject: seed.subject,
            customer_id: seed.customer_id,
            assignee,
            custom_fields: seed.custom_fields,
            tags: seed.tags,
            number: seed.number,
            imported: true,
            threads: vec![first],
            ..NewConversation::default()
        })?;
        for thread in history {
            if thread.kind == ThreadType::Lineitem {
                let agent = agent_id(self.state, thread.agent.as_deref())?;
                let at = self.now - thread.seconds_ago;
                self.add_lineitem(id, agent, "changed-ticket-status", &thread.body, at);
            } else {
                let thread = self.seeded_thread(thread, seed.customer_id)?;
                self.add_thread(id, thread)?;
            }
        }
        self.link_inline_images(id);
        let Some(conversation) = self.state.conversations.get_mut(&id) else { return Err(ApiError::NotFound) };
        if let Some(status) = seed.status {
            conversation.status = status;
        }
        conversation.state = seed.state.unwrap_or(ConversationState::Published);
        conversation.update_folder();
        if let Some(folder_id) = seed.folder_id {
            conversation.folder_id = folder_id;
        }
        if seed.created_by_nobody {
            conversation.created_by = None;
            conversation.source_via = crate::desk::model::Via::User;
        }
        Ok(id)
    }

    /// Puts the address of a thread's n-th file, on the help desk's own host, where its HTML says `attachment:n`.
    fn link_inline_images(&mut self, conversation_id: u64) {
        let Some(mut conversation) = self.state.conversations.remove(&conversation_id) else { return };
        for thread in &mut conversation.threads {
            let Some(body) = thread.body.as_mut().filter(|body| body.contains("\"attachment:")) else { continue };
            for (position, id) in thread.attachments.iter().enumerate() {
                if let Some(attachment) = self.state.attachments.get(id) {
                    let path = self.state.attachment_path(attachment).replace('&', "&amp;");
                    let address = format!("\"{}{path}\"", self.desk.base_url);
                    *body = body.replace(&format!("\"attachment:{position}\""), &address);
                }
            }
        }
        self.state.conversations.insert(conversation_id, conversation);
    }

    fn seeded_thread(&self, seed: SeedThread, owner: u64) -> Result<NewThread, ApiError> {
        let author = match seed.kind {
            ThreadType::Customer => Author::Customer(seed.customer_id.unwrap_or(owner)),
            _ => Author::User(agent_id(self.state, seed.agent.as_deref())?),
        };
        Ok(NewThread {
            cc: seed.cc,
            bcc: seed.bcc,
            status: seed.status,
            state: seed.state.unwrap_or(ThreadState::Published),
            created_at: Some(self.now - seed.seconds_ago),
            attachments: seed.attachments.into_iter().map(Into::into).collect(),
            imported: true,
            ..NewThread::new(seed.kind, author, seed.body)
        })
    }
}

/// The agent of this first name; without one the second, since the first stands for the portal itself.
fn agent_id(state: &State, first_name: Option<&str>) -> Result<u64, ApiError> {
    let agent = match first_name {
        Some(name) => state.agent_named(name),
        None => state.agents.get(1).or_else(|| state.agents.first()),
    };
    agent.map(|agent| agent.id).ok_or(ApiError::NotFound)
}
