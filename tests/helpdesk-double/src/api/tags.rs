//! `/api/tags` and the tags of a conversation.

use super::{
    ApiResult,
    body::Input,
    errors::ApiError,
    no_content, ok,
    paging::{Paging, Parameters},
    php,
    resource_id::ResourceId,
    wire,
};
use crate::desk::Desk;
use axum::{
    body::Bytes,
    extract::{Query, State},
};
use std::sync::Arc;

pub(crate) async fn list(State(desk): State<Arc<Desk>>, Query(parameters): Query<Parameters>) -> ApiResult {
    let paging = Paging::from_parameters(&parameters)?;
    let of = parameters.get("conversationId").filter(|text| php::is_given(text)).map(|text| php::id(text));
    Ok(desk.read(|state| {
        let tags: Vec<_> = state
            .tags
            .iter()
            .map(|(id, name)| {
                let tagged = || state.conversations.values().filter(|item| item.tags.contains(id));
                (tagged().count(), of.is_none_or(|of| tagged().any(|item| item.id == of)), *id, name)
            })
            .filter(|(_, wanted, ..)| *wanted)
            .map(|(counter, _, id, name)| wire::Tag {
                id,
                name: desk.canaries.mark("tag.name", id, name),
                counter,
                color: 0,
            })
            .collect();
        let total = tags.len();
        ok(&wire::Page::new("tags", paging.slice(tags), total, paging))
    }))
}

/// Replaces all tags of a conversation; unknown names are created.
pub(crate) async fn set(State(desk): State<Arc<Desk>>, ResourceId(id): ResourceId, body: Bytes) -> ApiResult {
    let input = Input::parse(&body);
    input.required("tags")?;
    let names = input.addresses("tags");
    desk.commit(|transaction| {
        let tags = names.iter().map(|name| transaction.state.tag_id(name)).collect();
        let conversation = transaction.state.conversations.get_mut(&id).ok_or(ApiError::NotFound)?;
        conversation.tags = tags;
        Ok(no_content())
    })
}
