//! The vendor's JSON, key by key in the recorded order.

use crate::desk::model::{ConversationState, ConversationType, SourceType, Status, ThreadState, ThreadType, Via};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Conversation {
    pub(crate) id: u64,
    pub(crate) number: u64,
    pub(crate) threads_count: usize,
    #[serde(rename = "type")]
    pub(crate) kind: ConversationType,
    pub(crate) folder_id: u64,
    pub(crate) status: Status,
    pub(crate) state: ConversationState,
    pub(crate) subject: String,
    pub(crate) preview: String,
    pub(crate) mailbox_id: u64,
    pub(crate) assignee: Option<Person>,
    pub(crate) created_by: Option<Person>,
    pub(crate) created_at: String,
    pub(crate) updated_at: String,
    pub(crate) closed_by: Option<u64>,
    pub(crate) closed_by_user: Option<Person>,
    pub(crate) closed_at: Option<String>,
    pub(crate) user_updated_at: Option<String>,
    pub(crate) customer_waiting_since: WaitingSince,
    pub(crate) source: Source,
    pub(crate) cc: Vec<String>,
    pub(crate) bcc: Vec<String>,
    pub(crate) customer: Option<Person>,
    /// Missing when the custom fields module is off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) custom_fields: Option<Vec<CustomFieldValue>>,
    #[serde(rename = "_embedded")]
    pub(crate) embedded: ConversationEmbedded,
}

#[derive(Serialize)]
pub(crate) struct ConversationEmbedded {
    pub(crate) threads: Vec<Thread>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) timelogs: Option<Vec<()>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tags: Option<Vec<TagReference>>,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Person {
    pub(crate) id: u64,
    #[serde(rename = "type")]
    pub(crate) kind: Via,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) photo_url: String,
    pub(crate) email: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WaitingSince {
    pub(crate) time: String,
    pub(crate) friendly: String,
    pub(crate) latest_reply_from: Via,
}

#[derive(Serialize)]
pub(crate) struct Source {
    #[serde(rename = "type")]
    pub(crate) kind: SourceType,
    pub(crate) via: Via,
}

#[derive(Serialize)]
pub(crate) struct CustomFieldValue {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) text: String,
}

#[derive(Serialize)]
pub(crate) struct TagReference {
    pub(crate) id: u64,
    pub(crate) name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Thread {
    pub(crate) id: u64,
    #[serde(rename = "type")]
    pub(crate) kind: ThreadType,
    pub(crate) status: Status,
    pub(crate) state: ThreadState,
    pub(crate) action: Action,
    pub(crate) body: Option<String>,
    pub(crate) source: Source,
    pub(crate) customer: Option<Person>,
    pub(crate) created_by: Option<Person>,
    pub(crate) assigned_to: Option<Person>,
    pub(crate) to: Vec<String>,
    pub(crate) cc: Vec<String>,
    pub(crate) bcc: Vec<String>,
    pub(crate) created_at: String,
    pub(crate) opened_at: Option<String>,
    #[serde(rename = "_embedded")]
    pub(crate) embedded: ThreadEmbedded,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Action {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) text: String,
    pub(crate) associated_entities: Vec<()>,
}

#[derive(Serialize)]
pub(crate) struct ThreadEmbedded {
    pub(crate) attachments: Vec<Attachment>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Attachment {
    pub(crate) id: u64,
    pub(crate) file_name: String,
    pub(crate) file_url: String,
    pub(crate) mime_type: String,
    pub(crate) size: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Customer {
    pub(crate) id: u64,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) job_title: Option<String>,
    pub(crate) company: Option<String>,
    pub(crate) photo_type: &'static str,
    pub(crate) photo_url: String,
    pub(crate) created_at: String,
    pub(crate) updated_at: String,
    pub(crate) notes: Option<String>,
    /// Only on a single customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) customer_fields: Option<Vec<()>>,
    #[serde(rename = "_embedded")]
    pub(crate) embedded: CustomerEmbedded,
}

#[derive(Serialize)]
pub(crate) struct CustomerEmbedded {
    pub(crate) emails: Vec<IdentifiedValue>,
    pub(crate) phones: Vec<IdentifiedValue>,
    pub(crate) social_profiles: Vec<()>,
    pub(crate) websites: Vec<()>,
    pub(crate) address: Address,
}

#[derive(Serialize)]
pub(crate) struct IdentifiedValue {
    pub(crate) id: u64,
    pub(crate) value: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
}

#[derive(Default, Serialize)]
pub(crate) struct Address {
    pub(crate) city: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) zip: Option<String>,
    pub(crate) country: Option<String>,
    pub(crate) address: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User {
    pub(crate) id: u64,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) email: String,
    pub(crate) role: String,
    pub(crate) alternate_emails: Option<String>,
    pub(crate) job_title: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) timezone: &'static str,
    pub(crate) photo_url: String,
    pub(crate) language: Option<String>,
    pub(crate) created_at: String,
    pub(crate) updated_at: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Mailbox {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) created_at: String,
    pub(crate) updated_at: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Folder {
    pub(crate) id: u64,
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) kind: u64,
    pub(crate) user_id: Option<u64>,
    pub(crate) total_count: usize,
    pub(crate) active_count: usize,
    pub(crate) meta: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CustomField {
    pub(crate) id: u64,
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) options: FieldOptions,
    pub(crate) required: bool,
    pub(crate) sort_order: u32,
}

/// The vendor writes an object for dropdowns, and for everything else an empty string or null, whichever was stored.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum FieldOptions {
    Dropdown(BTreeMap<u32, String>),
    Empty(&'static str),
    Null,
}

#[derive(Serialize)]
pub(crate) struct Tag {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) counter: usize,
    pub(crate) color: u8,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Webhook {
    pub(crate) id: u64,
    pub(crate) url: String,
    pub(crate) events: Vec<String>,
    pub(crate) mailboxes: Vec<u64>,
    pub(crate) last_run_time: Option<String>,
    pub(crate) last_run_error: Option<String>,
}

/// `{"_embedded":{"<name>":[…]},"page":{…}}`
#[derive(Serialize)]
pub(crate) struct Page<T: Serialize> {
    #[serde(rename = "_embedded")]
    pub(crate) embedded: BTreeMap<&'static str, Vec<T>>,
    pub(crate) page: PageInfo,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PageInfo {
    pub(crate) size: usize,
    pub(crate) total_elements: usize,
    pub(crate) total_pages: usize,
    pub(crate) number: usize,
}

impl<T: Serialize> Page<T> {
    pub(crate) fn new(name: &'static str, items: Vec<T>, total: usize, paging: super::paging::Paging) -> Self {
        Self {
            embedded: BTreeMap::from([(name, items)]),
            page: PageInfo {
                size: paging.size,
                total_elements: total,
                total_pages: total.div_ceil(paging.size).max(1),
                number: paging.number,
            },
        }
    }
}
