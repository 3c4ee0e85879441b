//! `/api/conversations`

use super::{
    ApiResult, body,
    body::Input,
    conversation_filters::ConversationFilters,
    created,
    errors::ApiError,
    no_content, ok,
    paging::{Paging, Parameters},
    php,
    render::Embed,
    resource_id::ResourceId,
    threads::read_thread,
    wire,
};
use crate::{
    clock::parse_time,
    desk::{
        ConversationChange, Desk, NewConversation,
        model::{ConversationState, ConversationType, Status},
    },
};
use axum::{
    body::Bytes,
    extract::{Query, State},
};
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};

pub(crate) async fn list(State(desk): State<Arc<Desk>>, Query(parameters): Query<Parameters>) -> ApiResult {
    let paging = Paging::from_parameters(&parameters)?;
    let filters = ConversationFilters::from_parameters(&parameters)?;
    let embed = Embed::from_parameter(parameters.get("embed"), Embed::default());
    Ok(desk.read(|state| {
        let found = filters.apply(state);
        let total = found.len();
        let renderer = desk.renderer(state);
        let page = paging.slice(found).into_iter().map(|item| renderer.conversation(item, &embed)).collect();
        ok(&wire::Page::new("conversations", page, total, paging))
    }))
}

pub(crate) async fn get(
    State(desk): State<Arc<Desk>>,
    ResourceId(id): ResourceId,
    Query(parameters): Query<Parameters>,
) -> ApiResult {
    let threads_only = Embed { threads: true, ..Embed::default() };
    let embed = Embed::from_parameter(parameters.get("embed"), threads_only);
    desk.read(|state| {
        let conversation = state.conversations.get(&id).ok_or(ApiError::NotFound)?;
        Ok(ok(&desk.renderer(state).conversation(conversation, &embed)))
    })
}

pub(crate) async fn create(State(desk): State<Arc<Desk>>, body: Bytes) -> ApiResult {
    let input = Input::parse(&body);
    let subject = php::text(input.required("subject")?).unwrap_or_default();
    let kind = php::text(input.required("type")?).unwrap_or_default();
    let mailbox_id = body::person_id(Some(input.required("mailboxId")?));
    let customer = input.required("customer")?;
    let Value::Array(threads) = input.required("threads")? else {
        let message = "'threads' parameter must be an array".to_owned();
        return Err(ApiError::Invalid { path: "threads", message });
    };
    if mailbox_id != desk.config.mailbox_id {
        return Err(ApiError::Invalid { path: "mailboxId", message: "Mailbox not found".to_owned() });
    }
    // Unknown values become the default, without a word.
    let kind = ConversationType::parse(&kind).unwrap_or(ConversationType::Email);
    let status = input.text("status").map(|status| Status::parse(&status).unwrap_or(Status::Active));
    let created_at = read_time(&input, "createdAt")?;

    let id = desk.commit(|transaction| {
        let customer_id =
            transaction.find_or_create_customer(body::person_id(Some(customer)), body::customer(customer))?;
        let mut new_threads = Vec::with_capacity(threads.len());
        for thread in threads {
            let input: Input = serde_json::from_value(thread.clone()).unwrap_or_default();
            let mut thread = read_thread(transaction, &input, Some(customer_id))?;
            thread.created_at = thread.created_at.or(created_at);
            new_threads.push(thread);
        }
        transaction.create_conversation(NewConversation {
            kind,
            mailbox_id,
            subject,
            customer_id,
            status,
            state: ConversationState::Published,
            assignee: Some(body::person_id(input.get("assignTo"))).filter(|id| *id != 0),
            custom_fields: read_custom_fields(input.get("customFields")),
            created_at,
            imported: is_imported(&input),
            threads: new_threads,
            ..NewConversation::default()
        })
    })?;
    desk.read(|state| {
        let conversation = state.conversations.get(&id).ok_or(ApiError::Server)?;
        let embed = Embed { threads: true, ..Embed::default() };
        Ok(created(id, &desk.renderer(state).conversation(conversation, &embed)))
    })
}

pub(crate) async fn update(State(desk): State<Arc<Desk>>, ResourceId(id): ResourceId, body: Bytes) -> ApiResult {
    let input = Input::parse(&body);
    let by_user = Some(body::person_id(input.get("byUser"))).filter(|id| *id != 0);
    let mut changes = Vec::new();
    for (key, value) in input.entries() {
        let text = php::text(value).unwrap_or_default();
        let change = match key {
            "status" => ConversationChange::Status(Status::parse(&text).unwrap_or(Status::Active)),
            "assignTo" => ConversationChange::Assignee(Some(php::id(&text)).filter(|id| *id != 0)),
            "mailboxId" => ConversationChange::Mailbox(php::id(&text)),
            "customerId" => ConversationChange::Customer(php::id(&text)),
            "subject" => ConversationChange::Subject(text),
            _ => continue,
        };
        if matches!(key, "status" | "assignTo" | "mailboxId") && by_user.is_none() {
            return Err(ApiError::required("byUser"));
        }
        changes.push(change);
    }
    desk.commit(|transaction| transaction.update_conversation(id, by_user, changes))?;
    Ok(no_content())
}

pub(crate) async fn delete(State(desk): State<Arc<Desk>>, ResourceId(id): ResourceId) -> ApiResult {
    desk.commit(|transaction| transaction.delete_conversation(id))?;
    Ok(no_content())
}

pub(crate) async fn set_custom_fields(
    State(desk): State<Arc<Desk>>,
    ResourceId(id): ResourceId,
    body: Bytes,
) -> ApiResult {
    let input = Input::parse(&body);
    let values = read_custom_fields(Some(input.required("customFields")?));
    desk.commit(|transaction| {
        let conversation = transaction.state.conversations.get_mut(&id).ok_or(ApiError::NotFound)?;
        conversation.custom_fields.extend(values);
        Ok(no_content())
    })
}

pub(crate) async fn timelogs(
    State(desk): State<Arc<Desk>>,
    ResourceId(id): ResourceId,
    Query(parameters): Query<Parameters>,
) -> ApiResult {
    let paging = Paging::from_parameters(&parameters)?;
    desk.read(|state| state.conversations.contains_key(&id).then_some(()).ok_or(ApiError::NotFound))?;
    Ok(ok(&wire::Page::<()>::new("timelogs", Vec::new(), 0, paging)))
}

/// `imported: true` keeps the help desk from sending mail.
pub(crate) fn is_imported(input: &Input) -> bool {
    input.text("imported").is_some_and(|text| php::is_given(&text))
}

/// # Errors
/// A date that cannot be read is a server error.
pub(crate) fn read_time(input: &Input, name: &str) -> Result<Option<i64>, ApiError> {
    match input.text(name).filter(|text| !text.is_empty()) {
        Some(text) => parse_time(&text).map(Some).ok_or(ApiError::Server),
        None => Ok(None),
    }
}

fn read_custom_fields(value: Option<&Value>) -> BTreeMap<u64, String> {
    let Some(Value::Array(items)) = value else { return BTreeMap::new() };
    items
        .iter()
        .filter_map(Value::as_object)
        .map(|item| (body::person_id(item.get("id")), item.get("value").and_then(php::text).unwrap_or_default()))
        .filter(|(id, _)| *id != 0)
        .collect()
}
