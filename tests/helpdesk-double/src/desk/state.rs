//! Everything a help desk stores.

use super::mails::Mail;
use super::model::{
    Agent, Attachment, Conversation, CustomField, Customer, Status, Thread, ThreadType, WebhookRegistration,
};
use crate::{canary::random_hex, config::Config};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything a help desk stores, by id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// Key of the tokens in files' addresses. Kept, so that old addresses stay valid over a restart.
    pub app_key: String,
    /// Customers.
    pub customers: BTreeMap<u64, Customer>,
    /// Conversations.
    pub conversations: BTreeMap<u64, Conversation>,
    /// Files of all threads.
    pub attachments: BTreeMap<u64, Attachment>,
    /// Agents.
    pub agents: Vec<Agent>,
    /// Custom fields of the mailbox.
    pub custom_fields: Vec<CustomField>,
    /// Names of tags by id.
    pub tags: BTreeMap<u64, String>,
    /// Receivers registered through the API.
    pub webhooks: BTreeMap<u64, WebhookRegistration>,
    /// Mails sent, the last thousand.
    #[serde(default)]
    pub mails: Vec<Mail>,
    pub(crate) next: NextIds,
}

/// The database's counters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NextIds {
    pub(crate) conversation: u64,
    pub(crate) number: u64,
    pub(crate) thread: u64,
    pub(crate) customer: u64,
    pub(crate) email: u64,
    pub(crate) attachment: u64,
    pub(crate) tag: u64,
    pub(crate) webhook: u64,
}

/// Takes the next id of a counter.
pub(crate) fn take(counter: &mut u64) -> u64 {
    let id = *counter;
    *counter += 1;
    id
}

impl State {
    pub(crate) fn new(config: &Config) -> Self {
        let first = config.first_id.max(1);
        Self {
            app_key: random_hex(32),
            customers: BTreeMap::new(),
            conversations: BTreeMap::new(),
            attachments: BTreeMap::new(),
            agents: config.agents.clone(),
            custom_fields: config.custom_fields.clone(),
            tags: BTreeMap::new(),
            webhooks: BTreeMap::new(),
            mails: Vec::new(),
            next: NextIds {
                conversation: first,
                number: config.first_number,
                thread: first,
                customer: first,
                email: first,
                attachment: first,
                tag: 1,
                webhook: 1,
            },
        }
    }

    /// The agent with this id.
    #[must_use]
    pub fn agent(&self, id: u64) -> Option<&Agent> {
        self.agents.iter().find(|agent| agent.id == id)
    }

    /// The agent with this first name.
    #[must_use]
    pub fn agent_named(&self, first_name: &str) -> Option<&Agent> {
        self.agents.iter().find(|agent| agent.first_name.eq_ignore_ascii_case(first_name))
    }

    /// The customer who owns this address.
    #[must_use]
    pub fn customer_with_email(&self, email: &str) -> Option<&Customer> {
        self.customers.values().find(|customer| customer.has_email(email))
    }

    /// All conversations that belong to this customer now.
    pub fn conversations_of(&self, customer_id: u64) -> impl Iterator<Item = &Conversation> {
        self.conversations.values().filter(move |conversation| conversation.customer_id == customer_id)
    }

    /// All threads that customers wrote, with their conversation: what exactly-once tests count.
    pub fn customer_threads(&self) -> impl Iterator<Item = (&Conversation, &Thread)> {
        self.conversations.values().flat_map(|conversation| {
            conversation
                .threads
                .iter()
                .filter(|thread| thread.kind == ThreadType::Customer)
                .map(move |thread| (conversation, thread))
        })
    }

    /// How many threads by customers contain this text.
    #[must_use]
    pub fn count_customer_threads_containing(&self, text: &str) -> usize {
        self.customer_threads()
            .filter(|(_, thread)| thread.body.as_deref().is_some_and(|body| body.contains(text)))
            .count()
    }

    pub(crate) fn tag_id(&mut self, name: &str) -> u64 {
        if let Some((id, _)) = self.tags.iter().find(|(_, own)| own.as_str() == name) {
            return *id;
        }
        let id = take(&mut self.next.tag);
        self.tags.insert(id, name.to_owned());
        id
    }
}

/// Name and type number of the mailbox's folders, by id.
pub(crate) const FOLDERS: [(u64, &str, u64); 7] = [
    (1, "Unassigned", 1),
    (2, "Mine", 20),
    (3, "Assigned", 40),
    (4, "Closed", 60),
    (5, "Spam", 80),
    (6, "Deleted", 70),
    (7, "Drafts", 30),
];

impl Conversation {
    /// Sorts the conversation into the folder that its status, state and assignee ask for.
    pub(crate) fn update_folder(&mut self) {
        use super::model::ConversationState;
        self.folder_id = match (self.state, self.status, self.assignee) {
            (ConversationState::Deleted, _, _) => 6,
            (ConversationState::Draft, _, _) => 7,
            (ConversationState::Published, Status::Spam, _) => 5,
            (ConversationState::Published, Status::Closed, _) => 4,
            (ConversationState::Published, _, Some(_)) => 3,
            (ConversationState::Published, _, None) => 1,
        };
    }
}
