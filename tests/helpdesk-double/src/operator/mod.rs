//! The operator side: what a test, or a person in dev, does behind the help desk's back. JSON, without a key.

mod actions;
pub(crate) mod requests;

use crate::{
    api::errors::ApiError,
    demo,
    desk::{Desk, model::ConversationState},
    faults::Fault,
    webhooks::{ReleaseOrder, WebhookBehaviour},
};
use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{delete, get, post, put},
};
use requests::{AgentNote, AgentReply, SeedConversation, SeedCustomer, SeedDemo, StatusChange};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;

/// Why an operator call failed; unlike the help desk, it says so plainly.
#[derive(Debug)]
struct OperatorError(ApiError);

impl From<ApiError> for OperatorError {
    fn from(error: ApiError) -> Self {
        Self(error)
    }
}

impl IntoResponse for OperatorError {
    fn into_response(self) -> Response {
        let status = match self.0 {
            ApiError::NotFound => StatusCode::NOT_FOUND,
            _ => StatusCode::BAD_REQUEST,
        };
        (status, Json(json!({ "error": self.0.to_string() }))).into_response()
    }
}

type OperatorResult = Result<Response, OperatorError>;
type Shared = State<Arc<Desk>>;

pub(crate) fn router(desk: &Arc<Desk>) -> Router {
    Router::new()
        .route("/operator", get(overview))
        .route("/operator/conversations", get(list).post(seed_conversation))
        .route("/operator/conversations/{id}", get(show).delete(remove))
        .route("/operator/conversations/{id}/reply", post(reply))
        .route("/operator/conversations/{id}/note", post(note))
        .route("/operator/conversations/{id}/status", put(set_status))
        .route("/operator/conversations/{id}/state", put(set_state))
        .route("/operator/conversations/{id}/threads/{thread_id}/undo", post(undo))
        .route("/operator/customers", get(customers).post(seed_customer))
        .route("/operator/seed-demo", post(seed_demo))
        .route("/operator/faults", get(faults).post(inject).delete(clear_faults))
        .route("/operator/faults/{id}", delete(remove_fault))
        .route("/operator/counters", get(counters).delete(clear_counters))
        .route("/operator/webhooks", get(webhooks).put(set_webhooks))
        .route("/operator/webhooks/release", post(release_webhooks))
        .route("/operator/webhooks/{id}/redeliver", post(redeliver))
        .route("/operator/canaries", get(canaries).put(set_canaries))
        .route("/operator/clock", put(set_clock))
        .route("/operator/mails", get(mails))
        .route("/operator/state", get(dump))
        .route("/operator/reset", post(reset))
        .with_state(Arc::clone(desk))
}

async fn overview(State(desk): Shared) -> Json<serde_json::Value> {
    let (customers, conversations) = desk.read(|state| (state.customers.len(), state.conversations.len()));
    Json(json!({
        "base_url": desk.base_url,
        "mailbox_id": desk.config.mailbox_id,
        "agents": desk.config.agents.iter().map(|agent| &agent.first_name).collect::<Vec<_>>(),
        "customers": customers,
        "conversations": conversations,
        "canary": desk.canaries.enabled(),
        "faults": desk.faults.list(),
        "time": crate::clock::format_time(desk.clock.now()),
    }))
}

/// One line per conversation, for a person who looks for the one to answer.
async fn list(State(desk): Shared) -> Json<serde_json::Value> {
    Json(desk.read(|state| {
        let line = |conversation: &crate::desk::model::Conversation| {
            json!({
                "id": conversation.id,
                "number": conversation.number,
                "customer_id": conversation.customer_id,
                "customer_email": conversation.customer_email,
                "status": conversation.status,
                "state": conversation.state,
                "subject": conversation.subject,
                "threads": conversation.threads.len(),
                "updated_at": crate::clock::format_time(conversation.updated_at),
            })
        };
        state.conversations.values().rev().map(line).collect()
    }))
}

async fn show(State(desk): Shared, Path(id): Path<u64>) -> OperatorResult {
    let found = desk.read(|state| state.conversations.get(&id).cloned());
    Ok(Json(found.ok_or(ApiError::NotFound)?).into_response())
}

async fn remove(State(desk): Shared, Path(id): Path<u64>) -> OperatorResult {
    desk.commit(|transaction| transaction.delete_conversation(id))?;
    done()
}

async fn seed_conversation(State(desk): Shared, Json(seed): Json<SeedConversation>) -> OperatorResult {
    created(desk.seed_conversation(seed)?)
}

async fn reply(State(desk): Shared, Path(id): Path<u64>, Json(reply): Json<AgentReply>) -> OperatorResult {
    created(desk.reply_as_agent(id, reply)?)
}

async fn note(State(desk): Shared, Path(id): Path<u64>, Json(note): Json<AgentNote>) -> OperatorResult {
    created(desk.add_note(id, note)?)
}

async fn set_status(State(desk): Shared, Path(id): Path<u64>, Json(change): Json<StatusChange>) -> OperatorResult {
    desk.set_status(id, &change)?;
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StateChange {
    state: ConversationState,
}

async fn set_state(State(desk): Shared, Path(id): Path<u64>, Json(change): Json<StateChange>) -> OperatorResult {
    desk.set_state(id, change.state)?;
    done()
}

async fn undo(State(desk): Shared, Path((id, thread_id)): Path<(u64, u64)>) -> OperatorResult {
    desk.undo_message(id, thread_id)?;
    done()
}

async fn customers(State(desk): Shared) -> Json<serde_json::Value> {
    Json(desk.read(|state| json!(state.customers.values().collect::<Vec<_>>())))
}

async fn seed_customer(State(desk): Shared, Json(seed): Json<SeedCustomer>) -> OperatorResult {
    created(desk.seed_customer(seed)?)
}

async fn seed_demo(State(desk): Shared, Json(seed): Json<SeedDemo>) -> OperatorResult {
    Ok((StatusCode::CREATED, Json(demo::seed(&desk, &seed)?)).into_response())
}

async fn faults(State(desk): Shared) -> Response {
    Json(desk.faults.list()).into_response()
}

async fn inject(State(desk): Shared, Json(fault): Json<Fault>) -> OperatorResult {
    created(desk.faults.inject(fault))
}

async fn clear_faults(State(desk): Shared) -> OperatorResult {
    desk.faults.clear();
    done()
}

async fn remove_fault(State(desk): Shared, Path(id): Path<u64>) -> OperatorResult {
    if desk.faults.remove(id) { done() } else { Err(ApiError::NotFound.into()) }
}

async fn counters(State(desk): Shared) -> Response {
    Json(desk.counters.snapshot()).into_response()
}

async fn clear_counters(State(desk): Shared) -> OperatorResult {
    desk.counters.clear();
    done()
}

#[derive(Serialize)]
struct WebhookOverview {
    behaviour: WebhookBehaviour,
    deliveries: Vec<crate::webhooks::DeliveryRecord>,
}

async fn webhooks(State(desk): Shared) -> Response {
    let overview = WebhookOverview { behaviour: desk.webhooks.behaviour(), deliveries: desk.webhooks.records() };
    Json(overview).into_response()
}

async fn set_webhooks(State(desk): Shared, Json(behaviour): Json<WebhookBehaviour>) -> OperatorResult {
    desk.webhooks.set_behaviour(behaviour);
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Release {
    #[serde(default)]
    order: ReleaseOrder,
}

async fn release_webhooks(State(desk): Shared, Json(release): Json<Release>) -> Response {
    Json(json!({ "released": desk.webhooks.release(release.order) })).into_response()
}

async fn redeliver(State(desk): Shared, Path(id): Path<u64>) -> OperatorResult {
    if desk.webhooks.redeliver(id) { done() } else { Err(ApiError::NotFound.into()) }
}

async fn canaries(State(desk): Shared) -> Response {
    Json(desk.canaries.planted()).into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CanarySwitch {
    enabled: bool,
}

async fn set_canaries(State(desk): Shared, Json(switch): Json<CanarySwitch>) -> OperatorResult {
    desk.set_canary_mode(switch.enabled);
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockSetting {
    /// Unix seconds; `null` follows the system again.
    now: Option<i64>,
}

async fn set_clock(State(desk): Shared, Json(setting): Json<ClockSetting>) -> OperatorResult {
    desk.clock.set(setting.now);
    done()
}

async fn mails(State(desk): Shared) -> Response {
    Json(desk.read(|state| state.mails.clone())).into_response()
}

async fn dump(State(desk): Shared) -> Response {
    Json(desk.read(Clone::clone)).into_response()
}

async fn reset(State(desk): Shared) -> OperatorResult {
    desk.reset();
    done()
}

fn created(id: u64) -> OperatorResult {
    Ok((StatusCode::CREATED, Json(json!({ "id": id }))).into_response())
}

fn done() -> OperatorResult {
    Ok(StatusCode::NO_CONTENT.into_response())
}
