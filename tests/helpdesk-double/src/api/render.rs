//! From what is stored to what is sent, with canaries in every field that a customer must never see.

use super::wire;
use crate::{
    clock::{format_time, friendly_age},
    desk::{
        Desk, State,
        model::{Agent, Attachment, Author, Conversation, CustomField, Customer, Thread, ThreadState, ThreadType, Via},
        tie_break,
    },
};
use std::cmp::Reverse;

/// Parts that a request can ask for with `embed`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Embed {
    pub(crate) threads: bool,
    pub(crate) timelogs: bool,
    pub(crate) tags: bool,
}

impl Embed {
    /// What webhooks carry.
    pub(crate) const ALL: Self = Self { threads: true, timelogs: false, tags: true };

    /// Reads the parameter; when it is missing, `default` holds. Naming anything drops the threads unless they are named.
    pub(crate) fn from_parameter(parameter: Option<&String>, default: Self) -> Self {
        match parameter {
            None => default,
            Some(list) => {
                let has = |name| list.split(',').any(|part| part.trim() == name);
                Self { threads: has("threads"), timelogs: has("timelogs"), tags: has("tags") }
            }
        }
    }
}

/// Writes what one state holds at one time.
pub(crate) struct Renderer<'a> {
    pub(crate) desk: &'a Desk,
    pub(crate) state: &'a State,
    pub(crate) now: i64,
}

impl Renderer<'_> {
    pub(crate) fn conversation(&self, conversation: &Conversation, embed: &Embed) -> wire::Conversation {
        let id = conversation.id;
        let canaries = &self.desk.canaries;
        let replies = conversation
            .threads
            .iter()
            .filter(|thread| matches!(thread.kind, ThreadType::Customer | ThreadType::Message))
            .filter(|thread| thread.state == ThreadState::Published);
        wire::Conversation {
            id,
            number: conversation.number,
            threads_count: replies.count(),
            kind: conversation.kind,
            folder_id: conversation.folder_id,
            status: conversation.status,
            state: conversation.state,
            subject: conversation.subject.clone(),
            preview: canaries.mark("conversation.preview", id, &conversation.preview),
            mailbox_id: conversation.mailbox_id,
            assignee: self.agent(conversation.assignee),
            created_by: conversation.created_by.and_then(|author| self.author(author)),
            created_at: format_time(conversation.created_at),
            updated_at: format_time(conversation.updated_at),
            closed_by: conversation.closed_by,
            closed_by_user: self.agent(conversation.closed_by),
            closed_at: conversation.closed_at.map(format_time),
            user_updated_at: conversation.user_updated_at.map(format_time),
            customer_waiting_since: wire::WaitingSince {
                time: format_time(conversation.last_reply_at),
                friendly: friendly_age(self.now, conversation.last_reply_at),
                latest_reply_from: conversation.last_reply_from,
            },
            source: wire::Source { kind: conversation.source_type, via: conversation.source_via },
            cc: conversation.cc.clone(),
            bcc: self.bcc("conversation.bcc", id, &conversation.bcc),
            customer: self.customer_person(conversation.customer_id),
            custom_fields: self.custom_field_values(conversation),
            embedded: wire::ConversationEmbedded {
                threads: if embed.threads { self.threads(conversation) } else { Vec::new() },
                timelogs: embed.timelogs.then(Vec::new),
                tags: embed.tags.then(|| self.tags(conversation)),
            },
        }
    }

    pub(crate) fn thread(&self, thread: &Thread) -> wire::Thread {
        let id = thread.id;
        let canaries = &self.desk.canaries;
        let body = thread.body.as_deref().map(|body| match thread.kind {
            ThreadType::Customer | ThreadType::Message => body.to_owned(),
            ThreadType::Note | ThreadType::Lineitem | ThreadType::Chat => {
                canaries.mark("thread.internal.body", id, body)
            }
        });
        let action_text = match thread.action_text.as_str() {
            "" => String::new(),
            text => canaries.mark("thread.action.text", id, text),
        };
        wire::Thread {
            id,
            kind: thread.kind,
            status: thread.status,
            state: thread.state,
            action: wire::Action {
                kind: thread.action_type.clone(),
                text: action_text,
                associated_entities: Vec::new(),
            },
            body,
            source: wire::Source { kind: thread.source_type, via: thread.created_by.via() },
            customer: self.customer_person(thread.customer_id),
            created_by: self.author(thread.created_by),
            assigned_to: self.agent(thread.assigned_to),
            to: thread.to.clone(),
            cc: thread.cc.clone(),
            bcc: self.bcc("thread.bcc", id, &thread.bcc),
            created_at: format_time(thread.created_at),
            opened_at: thread.opened_at.map(format_time),
            embedded: wire::ThreadEmbedded {
                attachments: thread
                    .attachments
                    .iter()
                    .filter_map(|id| self.state.attachments.get(id))
                    .map(|attachment| self.attachment(attachment))
                    .collect(),
            },
        }
    }

    pub(crate) fn customer(&self, customer: &Customer, single: bool) -> wire::Customer {
        let id = customer.id;
        let canaries = &self.desk.canaries;
        let notes = match (&customer.notes, canaries.enabled()) {
            (None, false) => None,
            (notes, _) => Some(canaries.mark("customer.notes", id, notes.as_deref().unwrap_or(""))),
        };
        wire::Customer {
            id,
            first_name: customer.first_name.clone(),
            last_name: customer.last_name.clone(),
            job_title: customer.job_title.clone(),
            company: customer.company.clone(),
            photo_type: "unknown",
            photo_url: self.photo("customer.photoUrl", id, &customer.photo_url),
            created_at: format_time(customer.created_at),
            updated_at: format_time(customer.updated_at),
            notes,
            customer_fields: single.then(Vec::new),
            embedded: wire::CustomerEmbedded {
                emails: customer
                    .emails
                    .iter()
                    .map(|email| wire::IdentifiedValue {
                        id: email.id,
                        value: email.value.clone(),
                        kind: email.kind.clone(),
                    })
                    .collect(),
                phones: customer
                    .phones
                    .iter()
                    .zip(1..)
                    .map(|(phone, id)| wire::IdentifiedValue { id, value: phone.clone(), kind: "work".to_owned() })
                    .collect(),
                social_profiles: Vec::new(),
                websites: Vec::new(),
                address: wire::Address::default(),
            },
        }
    }

    pub(crate) fn user(&self, agent: &Agent) -> wire::User {
        let person = self.agent_person(agent);
        wire::User {
            id: agent.id,
            first_name: person.first_name,
            last_name: person.last_name,
            email: person.email,
            role: agent.role.clone(),
            alternate_emails: None,
            job_title: None,
            phone: None,
            timezone: "UTC",
            photo_url: person.photo_url,
            language: None,
            created_at: format_time(agent.created_at),
            updated_at: format_time(agent.updated_at),
        }
    }

    pub(crate) fn custom_field(&self, field: &CustomField) -> wire::CustomField {
        wire::CustomField {
            id: field.id,
            name: field.name.clone(),
            kind: field.kind.clone(),
            options: match (field.options.is_empty(), field.internal) {
                (false, _) => wire::FieldOptions::Dropdown(field.options.clone()),
                (true, false) => wire::FieldOptions::Empty(""),
                (true, true) => wire::FieldOptions::Null,
            },
            required: field.required,
            sort_order: field.sort_order,
        }
    }

    /// Published threads of every kind, newest first, those of one second in a senseless order.
    fn threads(&self, conversation: &Conversation) -> Vec<wire::Thread> {
        let mut threads: Vec<&Thread> =
            conversation.threads.iter().filter(|thread| thread.state == ThreadState::Published).collect();
        threads.sort_by_key(|thread| (Reverse(thread.created_at), tie_break(thread.id)));
        threads.into_iter().map(|thread| self.thread(thread)).collect()
    }

    fn tags(&self, conversation: &Conversation) -> Vec<wire::TagReference> {
        conversation
            .tags
            .iter()
            .filter_map(|id| self.state.tags.get(id).map(|name| (*id, name)))
            .map(|(id, name)| wire::TagReference { id, name: self.desk.canaries.mark("tag.name", id, name) })
            .collect()
    }

    fn attachment(&self, attachment: &Attachment) -> wire::Attachment {
        let token = self.state.attachment_token(attachment);
        self.desk.canaries.register("attachment.fileUrl.token", attachment.id, &token);
        wire::Attachment {
            id: attachment.id,
            file_name: attachment.file_name.clone(),
            file_url: format!("{}{}", self.desk.base_url, self.state.attachment_path(attachment)),
            mime_type: attachment.mime_type.clone(),
            size: attachment.bytes.len(),
        }
    }

    fn custom_field_values(&self, conversation: &Conversation) -> Option<Vec<wire::CustomFieldValue>> {
        if self.state.custom_fields.is_empty() {
            return None;
        }
        let canaries = &self.desk.canaries;
        let values = self.state.custom_fields.iter().map(|field| {
            let value = conversation.custom_fields.get(&field.id).cloned().unwrap_or_default();
            let text =
                value.parse().ok().and_then(|key: u32| field.options.get(&key)).map_or_else(String::new, Clone::clone);
            let (value, text) = match field.internal && canaries.enabled() {
                true if field.options.is_empty() => {
                    (canaries.mark("customField.value", conversation.id * 1_000 + field.id, &value), text)
                }
                true => (value, canaries.mark("customField.text", conversation.id * 1_000 + field.id, &text)),
                false => (value, text),
            };
            wire::CustomFieldValue { id: field.id, name: field.name.clone(), value, text }
        });
        Some(values.collect())
    }

    fn author(&self, author: Author) -> Option<wire::Person> {
        match author {
            Author::Customer(id) => self.customer_person(id),
            Author::User(id) => self.agent(Some(id)),
        }
    }

    fn agent(&self, id: Option<u64>) -> Option<wire::Person> {
        id.and_then(|id| self.state.agent(id)).map(|agent| self.agent_person(agent))
    }

    fn agent_person(&self, agent: &Agent) -> wire::Person {
        let canaries = &self.desk.canaries;
        let photo = match agent.photo_path.as_str() {
            "" => String::new(),
            path => format!("{}/storage/{path}", self.desk.base_url),
        };
        wire::Person {
            id: agent.id,
            kind: Via::User,
            first_name: agent.first_name.clone(),
            last_name: canaries.mark("agent.lastName", agent.id, &agent.last_name),
            photo_url: self.photo("agent.photoUrl", agent.id, &photo),
            email: canaries.mark_email("agent.email", agent.id, &agent.email),
        }
    }

    fn customer_person(&self, id: u64) -> Option<wire::Person> {
        self.state.customers.get(&id).map(|customer| wire::Person {
            id,
            kind: Via::Customer,
            first_name: customer.first_name.clone(),
            last_name: customer.last_name.clone(),
            photo_url: self.photo("customer.photoUrl", id, &customer.photo_url),
            email: customer.email().to_owned(),
        })
    }

    fn photo(&self, field: &'static str, id: u64, url: &str) -> String {
        match self.desk.canaries.token(field, id) {
            Some(token) => format!("{}/storage/users/{token}.jpg", self.desk.base_url),
            None => url.to_owned(),
        }
    }

    fn bcc(&self, field: &'static str, id: u64, addresses: &[String]) -> Vec<String> {
        let canaries = &self.desk.canaries;
        match (addresses, canaries.enabled()) {
            ([], true) => vec![canaries.mark_email(field, id, "blind@desk.raxx.test")],
            (addresses, true) => addresses.iter().map(|address| canaries.mark_email(field, id, address)).collect(),
            (addresses, false) => addresses.to_vec(),
        }
    }
}
