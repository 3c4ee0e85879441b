//! Filters of the conversation list: exact, AND-ed, and silently dropped when they look empty or unknown.

use super::{errors::ApiError, paging::Parameters, php};
use crate::{
    clock::parse_time,
    desk::{
        State,
        model::{Author, Conversation, ConversationState, ConversationType, Status},
        tie_break,
    },
};
use std::cmp::{Ordering, Reverse};

/// What the list was asked for, after the vendor dropped what it did not understand.
#[derive(Debug, Default)]
pub(crate) struct ConversationFilters {
    mailbox_ids: Option<Vec<u64>>,
    folder_id: Option<u64>,
    statuses: Option<Vec<Status>>,
    state: Option<ConversationState>,
    kind: Option<ConversationType>,
    /// Outer `None`: no filter. Inner `None`: unassigned.
    assigned_to: Option<Option<u64>>,
    customer_email: Option<String>,
    customer_phone: Option<String>,
    customer_id: Option<u64>,
    number: Option<u64>,
    subject: Option<String>,
    tag: Option<String>,
    created_by: Option<Author>,
    created_since: Option<i64>,
    updated_since: Option<i64>,
    sort: Sort,
    ascending: bool,
}

#[derive(Clone, Copy, Debug, Default)]
enum Sort {
    #[default]
    CreatedAt,
    MailboxId,
    Number,
    Subject,
    UpdatedAt,
    WaitingSince,
}

impl ConversationFilters {
    /// # Errors
    /// A date that cannot be read is a server error.
    pub(crate) fn from_parameters(parameters: &Parameters) -> Result<Self, ApiError> {
        let given = |name: &str| parameters.get(name).filter(|text| php::is_given(text));
        let id = |name: &str| given(name).map(|text| php::id(text));
        let time = |name: &str| given(name).map(|text| parse_time(text).ok_or(ApiError::Server)).transpose();
        let created_by_user = id("createdByUserId").map(Author::User);
        Ok(Self {
            mailbox_ids: given("mailboxId").map(|list| list.split(',').map(php::id).collect()),
            folder_id: id("folderId"),
            // One unknown name among several, and the whole filter is gone.
            statuses: given("status").and_then(|list| {
                list.split(',').map(|name| Status::parse(name).filter(|s| *s != Status::NoChange)).collect()
            }),
            state: given("state").and_then(|name| ConversationState::parse(name)),
            kind: given("type").and_then(|name| ConversationType::parse(name)),
            assigned_to: parameters.get("assignedTo").map(|text| Some(php::id(text)).filter(|id| *id != 0)),
            customer_email: given("customerEmail").cloned(),
            customer_phone: given("customerPhone").cloned(),
            customer_id: id("customerId"),
            number: id("number"),
            subject: given("subject").map(|text| text.to_lowercase()),
            tag: given("tag").cloned(),
            created_by: id("createdByCustomerId").map(Author::Customer).or(created_by_user),
            created_since: time("createdSince")?,
            updated_since: time("updatedSince")?,
            sort: match parameters.get("sortField").map(String::as_str) {
                Some("mailboxId") => Sort::MailboxId,
                Some("number") => Sort::Number,
                Some("subject") => Sort::Subject,
                Some("updatedAt") => Sort::UpdatedAt,
                Some("waitingSince") => Sort::WaitingSince,
                _ => Sort::CreatedAt,
            },
            ascending: parameters.get("sortOrder").is_some_and(|order| order.eq_ignore_ascii_case("asc")),
        })
    }

    /// All matches in the asked order; equals among them in a senseless one.
    pub(crate) fn apply<'a>(&self, state: &'a State) -> Vec<&'a Conversation> {
        let mut found: Vec<&Conversation> =
            state.conversations.values().filter(|conversation| self.matches(state, conversation)).collect();
        found.sort_by(|left, right| {
            let order = self.compare(left, right);
            let order = if self.ascending { order } else { order.reverse() };
            order.then_with(|| tie_break(left.id).cmp(&tie_break(right.id)))
        });
        found
    }

    fn matches(&self, state: &State, conversation: &Conversation) -> bool {
        fn passes<T>(filter: Option<&T>, test: impl FnOnce(&T) -> bool) -> bool {
            filter.is_none_or(test)
        }
        let has_phone = |phone: &String| {
            state.customers.get(&conversation.customer_id).is_some_and(|owner| owner.phones.contains(phone))
        };
        let has_tag = |tag: &String| {
            conversation.tags.iter().any(|id| state.tags.get(id).is_some_and(|name| name.eq_ignore_ascii_case(tag)))
        };
        passes(self.mailbox_ids.as_ref(), |ids| ids.contains(&conversation.mailbox_id))
            && passes(self.folder_id.as_ref(), |id| *id == conversation.folder_id)
            && passes(self.statuses.as_ref(), |statuses| statuses.contains(&conversation.status))
            && passes(self.state.as_ref(), |state| *state == conversation.state)
            && passes(self.kind.as_ref(), |kind| *kind == conversation.kind)
            && passes(self.assigned_to.as_ref(), |agent| *agent == conversation.assignee)
            // The address of the last customer message, not the customer's others; the collation ignores case.
            && passes(self.customer_email.as_ref(), |email| email.eq_ignore_ascii_case(&conversation.customer_email))
            && passes(self.customer_phone.as_ref(), has_phone)
            && passes(self.customer_id.as_ref(), |id| *id == conversation.customer_id)
            && passes(self.number.as_ref(), |number| *number == conversation.number)
            && passes(self.subject.as_ref(), |text| conversation.subject.to_lowercase().contains(text.as_str()))
            && passes(self.tag.as_ref(), has_tag)
            && passes(self.created_by.as_ref(), |author| conversation.created_by == Some(*author))
            && passes(self.created_since.as_ref(), |since| conversation.created_at >= *since)
            && passes(self.updated_since.as_ref(), |since| conversation.updated_at >= *since)
    }

    fn compare(&self, left: &Conversation, right: &Conversation) -> Ordering {
        match self.sort {
            Sort::CreatedAt => left.created_at.cmp(&right.created_at),
            Sort::MailboxId => left.mailbox_id.cmp(&right.mailbox_id),
            Sort::Number => left.number.cmp(&right.number),
            Sort::Subject => left.subject.to_lowercase().cmp(&right.subject.to_lowercase()),
            Sort::UpdatedAt => left.updated_at.cmp(&right.updated_at),
            Sort::WaitingSince => Reverse(left.last_reply_at).cmp(&Reverse(right.last_reply_at)),
        }
    }
}
