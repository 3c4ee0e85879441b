//! `/api/webhooks`

use super::{ApiResult, body::Input, created, errors::ApiError, no_content, php, resource_id::ResourceId, wire};
use crate::desk::{Desk, model::WebhookRegistration, take_id};
use axum::{body::Bytes, extract::State};
use std::sync::Arc;

pub(crate) async fn create(State(desk): State<Arc<Desk>>, body: Bytes) -> ApiResult {
    let input = Input::parse(&body);
    let url = php::text(input.required("url")?).unwrap_or_default();
    input.required("events")?;
    let events = input.addresses("events");
    desk.commit(|transaction| {
        let id = take_id(&mut transaction.state.next.webhook);
        let registration = WebhookRegistration { id, url: url.clone(), events: events.clone() };
        transaction.state.webhooks.insert(id, registration);
        Ok(created(
            id,
            &wire::Webhook { id, url, events, mailboxes: Vec::new(), last_run_time: None, last_run_error: None },
        ))
    })
}

pub(crate) async fn delete(State(desk): State<Arc<Desk>>, ResourceId(id): ResourceId) -> ApiResult {
    desk.commit(|transaction| transaction.state.webhooks.remove(&id).map(drop).ok_or(ApiError::NotFound))?;
    Ok(no_content())
}
