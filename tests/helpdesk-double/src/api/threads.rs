//! `/api/conversations/{id}/threads`

use super::{
    ApiResult, body,
    body::Input,
    conversations::{is_imported, read_time},
    created,
    errors::ApiError,
    resource_id::ResourceId,
};
use crate::desk::{
    Desk, NewThread, Transaction,
    model::{Author, Status, ThreadState, ThreadType},
};
use axum::{body::Bytes, extract::State};
use std::sync::Arc;

/// Adds a thread. Sent twice, it is there twice.
pub(crate) async fn create(State(desk): State<Arc<Desk>>, ResourceId(id): ResourceId, body: Bytes) -> ApiResult {
    let input = Input::parse(&body);
    input.required("type")?;
    input.required("text")?;
    let thread_id = desk.commit(|transaction| {
        if !transaction.state.conversations.contains_key(&id) {
            return Err(ApiError::NotFound);
        }
        let thread = read_thread(transaction, &input, None)?;
        transaction.add_thread(id, thread)
    })?;
    desk.read(|state| {
        let thread = state
            .conversations
            .get(&id)
            .and_then(|conversation| conversation.threads.iter().find(|thread| thread.id == thread_id))
            .ok_or(ApiError::Server)?;
        Ok(created(thread_id, &desk.renderer(state).thread(thread)))
    })
}

/// Reads one thread of a request. `owner` stands in for a missing `customer` while a conversation is created.
///
/// # Errors
/// 400 when the writer is missing or unknown; 500 for an unreadable date.
pub(crate) fn read_thread(
    transaction: &mut Transaction<'_>,
    input: &Input,
    owner: Option<u64>,
) -> Result<NewThread, ApiError> {
    // An unknown type becomes the customer's own words.
    let kind = match input.text("type").as_deref().and_then(ThreadType::parse) {
        Some(kind @ (ThreadType::Message | ThreadType::Note | ThreadType::Chat)) => kind,
        Some(ThreadType::Customer | ThreadType::Lineitem) | None => ThreadType::Customer,
    };
    let author = match kind {
        ThreadType::Message | ThreadType::Note => {
            let agent_id = body::person_id(Some(input.required("user")?));
            if transaction.state.agent(agent_id).is_none() {
                return Err(ApiError::Invalid { path: "user", message: "User not found".to_owned() });
            }
            Author::User(agent_id)
        }
        ThreadType::Customer | ThreadType::Chat | ThreadType::Lineitem => match (input.get("customer"), owner) {
            // Whoever the body names is believed.
            (Some(person), _) => {
                let new = body::customer(person);
                Author::Customer(transaction.find_or_create_customer(body::person_id(Some(person)), new)?)
            }
            (None, Some(owner)) => Author::Customer(owner),
            (None, None) => return Err(ApiError::required("customer")),
        },
    };
    let status = input.text("status").filter(|status| !status.is_empty());
    Ok(NewThread {
        cc: input.addresses("cc"),
        bcc: input.addresses("bcc"),
        status: status.map(|status| Status::parse(&status).unwrap_or(Status::Active)),
        state: match input.text("state").as_deref().and_then(ThreadState::parse) {
            Some(ThreadState::Draft) => ThreadState::Draft,
            _ => ThreadState::Published,
        },
        created_at: read_time(input, "createdAt")?,
        attachments: body::attachments(transaction.desk, input.get("attachments")),
        imported: is_imported(input),
        ..NewThread::new(kind, author, input.text("text").unwrap_or_default())
    })
}
