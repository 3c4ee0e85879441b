//! `/api/users`

use super::{
    ApiResult,
    errors::ApiError,
    ok,
    paging::{Paging, Parameters},
    php,
    resource_id::ResourceId,
    wire,
};
use crate::desk::Desk;
use axum::extract::{Query, State};
use std::sync::Arc;

pub(crate) async fn list(State(desk): State<Arc<Desk>>, Query(parameters): Query<Parameters>) -> ApiResult {
    let paging = Paging::from_parameters(&parameters)?;
    let email = parameters.get("email").filter(|text| php::is_given(text));
    Ok(desk.read(|state| {
        let found: Vec<_> = state
            .agents
            .iter()
            .filter(|agent| email.is_none_or(|email| email.eq_ignore_ascii_case(&agent.email)))
            .collect();
        let total = found.len();
        let renderer = desk.renderer(state);
        let page = paging.slice(found).into_iter().map(|agent| renderer.user(agent)).collect();
        ok(&wire::Page::new("users", page, total, paging))
    }))
}

pub(crate) async fn get(State(desk): State<Arc<Desk>>, ResourceId(id): ResourceId) -> ApiResult {
    desk.read(|state| {
        let agent = state.agent(id).ok_or(ApiError::NotFound)?;
        Ok(ok(&desk.renderer(state).user(agent)))
    })
}
