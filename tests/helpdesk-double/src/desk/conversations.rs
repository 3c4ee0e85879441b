//! Conversations: creating, changing, deleting.

use super::{
    Event, Transaction,
    input::NewConversation,
    mails::MailKind,
    model::{Conversation, ConversationState, ConversationType, Status, Via},
    state::take,
};
use crate::api::{errors::ApiError, php, render::Embed};

/// One change of a conversation; a request applies several in the order of its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ConversationChange {
    Status(Status),
    Assignee(Option<u64>),
    Mailbox(u64),
    Customer(u64),
    Subject(String),
    State(ConversationState),
}

impl Transaction<'_> {
    /// Stores a conversation with its threads.
    ///
    /// # Errors
    /// 400 without a thread; 404 when a person does not exist.
    pub(crate) fn create_conversation(&mut self, new: NewConversation) -> Result<u64, ApiError> {
        let Some(first) = new.threads.first() else { return Err(ApiError::required("threads")) };
        let customer = self.state.customers.get(&new.customer_id).ok_or(ApiError::NotFound)?;
        let customer_email = customer.email().to_owned();
        let created_at = new.created_at.or(first.created_at).unwrap_or(self.now);
        let author = first.author;
        let tags = new.tags.iter().map(|name| self.state.tag_id(name)).collect();
        let id = take(&mut self.state.next.conversation);
        let number = new.number.unwrap_or(self.state.next.number);
        self.state.next.number = self.state.next.number.max(number + 1);
        self.state.conversations.insert(
            id,
            Conversation {
                id,
                number,
                kind: new.kind,
                folder_id: 1,
                status: new.status.unwrap_or(Status::Active),
                state: new.state,
                subject: new.subject,
                preview: String::new(),
                mailbox_id: new.mailbox_id,
                assignee: new.assignee,
                created_by: Some(author),
                created_at,
                updated_at: created_at,
                closed_by: None,
                closed_at: None,
                user_updated_at: None,
                last_reply_at: created_at,
                last_reply_from: author.via(),
                source_type: first.source_type,
                source_via: author.via(),
                cc: Vec::new(),
                bcc: Vec::new(),
                customer_id: new.customer_id,
                customer_email,
                custom_fields: new.custom_fields,
                tags,
                threads: Vec::new(),
            },
        );
        let events_before = self.events.len();
        let greet = !new.imported && author.via() == Via::Customer;
        for thread in new.threads {
            self.add_thread(id, thread)?;
        }
        // One event for the whole conversation, none for its first threads.
        self.events.truncate(events_before);
        self.events.push(Event::Conversation { name: "convo.created", id });
        if let Some(conversation) = self.state.conversations.get_mut(&id) {
            if let Some(status) = new.status {
                conversation.status = status;
                if status == Status::Closed {
                    conversation.closed_at = conversation.closed_at.or(Some(conversation.updated_at));
                }
            }
            conversation.state = new.state;
            conversation.update_folder();
        }
        if greet {
            self.state.send_mail(id, MailKind::AutoReply);
        }
        Ok(id)
    }

    /// Applies changes in order, each with the agent's log line.
    ///
    /// # Errors
    /// 404 for an unknown conversation, 400 for an unknown person.
    pub(crate) fn update_conversation(
        &mut self,
        id: u64,
        by_user: Option<u64>,
        changes: Vec<ConversationChange>,
    ) -> Result<(), ApiError> {
        if !self.state.conversations.contains_key(&id) {
            return Err(ApiError::NotFound);
        }
        for change in changes {
            self.apply(id, by_user, change)?;
        }
        Ok(())
    }

    /// Removes a conversation for good.
    ///
    /// # Errors
    /// 404 for an unknown one.
    pub(crate) fn delete_conversation(&mut self, id: u64) -> Result<(), ApiError> {
        let conversation = self.state.conversations.get(&id).ok_or(ApiError::NotFound)?;
        let body = php::json_encode(&self.desk.renderer(self.state).conversation(conversation, &Embed::ALL));
        self.events.push(Event::Removed { name: "convo.deleted_forever", body });
        if let Some(conversation) = self.state.conversations.remove(&id) {
            for attachment in conversation.threads.iter().flat_map(|thread| &thread.attachments) {
                self.state.attachments.remove(attachment);
            }
        }
        Ok(())
    }

    fn apply(&mut self, id: u64, by_user: Option<u64>, change: ConversationChange) -> Result<(), ApiError> {
        let now = self.now;
        let customer_email = match change {
            ConversationChange::Customer(customer_id) => {
                let unknown = || ApiError::Invalid { path: "customerId", message: "Customer not found".to_owned() };
                self.state.customers.get(&customer_id).ok_or_else(unknown)?.email().to_owned()
            }
            _ => String::new(),
        };
        let assignee = match change {
            ConversationChange::Assignee(Some(agent_id)) => {
                let unknown = || ApiError::Invalid { path: "assignTo", message: "User not found".to_owned() };
                let agent = self.state.agent(agent_id).ok_or_else(unknown)?;
                format!("{} {}", agent.first_name, agent.last_name)
            }
            _ => "Anyone".to_owned(),
        };
        let Some(conversation) = self.state.conversations.get_mut(&id) else { return Err(ApiError::NotFound) };
        let mut lineitem = None;
        let mut event = None;
        match change {
            // Setting the same status again leaves no trace.
            ConversationChange::Status(status) if status == conversation.status => {}
            ConversationChange::Status(status) => {
                conversation.status = status;
                if status == Status::Closed {
                    conversation.closed_at = Some(now);
                    conversation.closed_by = by_user;
                }
                lineitem = Some(("changed-ticket-status", format!("marked as {}", status_label(status))));
                event = Some("convo.status");
            }
            ConversationChange::Assignee(agent) => {
                conversation.assignee = agent;
                lineitem = Some(("changed-ticket-assignee", format!("assigned to {assignee}")));
                // Taking an assignment away sends nothing.
                event = agent.map(|_| "convo.assigned");
            }
            ConversationChange::Mailbox(mailbox) => {
                conversation.mailbox_id = mailbox;
                event = Some("convo.moved");
            }
            ConversationChange::Customer(customer_id) => {
                conversation.customer_id = customer_id;
                conversation.customer_email = customer_email;
            }
            ConversationChange::Subject(subject) => conversation.subject = subject,
            ConversationChange::State(state) => {
                let before = std::mem::replace(&mut conversation.state, state);
                event = match (before, state) {
                    (_, ConversationState::Deleted) => Some("convo.deleted"),
                    (ConversationState::Deleted, _) => Some("convo.restored"),
                    _ => None,
                };
            }
        }
        conversation.update_folder();
        if lineitem.is_some() || event.is_some() {
            conversation.updated_at = conversation.updated_at.max(now);
        }
        if let (Some((action, what)), Some(agent)) = (lineitem, by_user) {
            self.add_lineitem(id, agent, action, &what, now);
        }
        if let Some(name) = event {
            self.events.push(Event::Conversation { name, id });
        }
        Ok(())
    }
}

/// The status as the agents' pages write it.
pub(crate) fn status_label(status: Status) -> &'static str {
    match status {
        Status::Active => "Active",
        Status::Pending => "Pending",
        Status::Closed => "Closed",
        Status::Spam => "Spam",
        Status::NoChange => "Not changed",
    }
}

impl Default for NewConversation {
    fn default() -> Self {
        Self {
            kind: ConversationType::Email,
            mailbox_id: 1,
            subject: String::new(),
            customer_id: 0,
            status: None,
            state: ConversationState::Published,
            assignee: None,
            custom_fields: std::collections::BTreeMap::new(),
            tags: Vec::new(),
            number: None,
            created_at: None,
            imported: false,
            threads: Vec::new(),
        }
    }
}
