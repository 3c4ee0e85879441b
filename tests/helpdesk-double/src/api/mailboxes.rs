//! `/api/mailboxes`

use super::{
    ApiResult,
    errors::ApiError,
    ok,
    paging::{Paging, Parameters},
    resource_id::ResourceId,
    wire,
};
use crate::{
    clock::format_time,
    desk::{Desk, FOLDERS, model::Status},
};
use axum::extract::{Query, State};
use std::sync::Arc;

pub(crate) async fn list(State(desk): State<Arc<Desk>>, Query(parameters): Query<Parameters>) -> ApiResult {
    let paging = Paging::from_parameters(&parameters)?;
    let id = desk.config.mailbox_id;
    // The day on which the agents joined will do.
    let founded = desk.config.agents.first().map_or(0, |agent| agent.created_at);
    let mailbox = wire::Mailbox {
        id,
        name: desk.canaries.mark("mailbox.name", id, "Raxx Support"),
        email: desk.canaries.mark_email("mailbox.email", id, "support@desk.raxx.test"),
        created_at: format_time(founded),
        updated_at: format_time(founded),
    };
    Ok(ok(&wire::Page::new("mailboxes", paging.slice(vec![mailbox]), 1, paging)))
}

pub(crate) async fn custom_fields(
    State(desk): State<Arc<Desk>>,
    ResourceId(id): ResourceId,
    Query(parameters): Query<Parameters>,
) -> ApiResult {
    let paging = Paging::from_parameters(&parameters)?;
    check(&desk, id)?;
    Ok(desk.read(|state| {
        let renderer = desk.renderer(state);
        let fields: Vec<_> = state.custom_fields.iter().map(|field| renderer.custom_field(field)).collect();
        let total = fields.len();
        ok(&wire::Page::new("custom_fields", paging.slice(fields), total, paging))
    }))
}

pub(crate) async fn folders(
    State(desk): State<Arc<Desk>>,
    ResourceId(id): ResourceId,
    Query(parameters): Query<Parameters>,
) -> ApiResult {
    let paging = Paging::from_parameters(&parameters)?;
    check(&desk, id)?;
    Ok(desk.read(|state| {
        let folders: Vec<_> = FOLDERS
            .into_iter()
            .map(|(id, name, kind)| {
                let inside = || state.conversations.values().filter(move |item| item.folder_id == id);
                wire::Folder {
                    id,
                    name: name.to_owned(),
                    kind,
                    user_id: None,
                    total_count: inside().count(),
                    active_count: inside().filter(|item| item.status == Status::Active).count(),
                    meta: None,
                }
            })
            .collect();
        let total = folders.len();
        ok(&wire::Page::new("folders", paging.slice(folders), total, paging))
    }))
}

fn check(desk: &Desk, id: u64) -> Result<(), ApiError> {
    if id == desk.config.mailbox_id { Ok(()) } else { Err(ApiError::NotFound) }
}
