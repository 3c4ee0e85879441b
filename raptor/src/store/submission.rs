//! A submission as it is kept.

use shared::{CustomerId, MessageId, ProblemCode, TicketId, Timestamp, UploadId};
use sqlx::any::AnyRow;

use super::decode::{count, get, maybe_time, param, time};
use super::idempotency::Claim;
use super::{StoreError, TicketCopy};
use crate::helpdesk::{ConversationId, ThreadId};

/// What a submission becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubmissionKind {
    /// A conversation with its first message.
    Ticket,
    /// A message of a conversation.
    Reply,
}

/// How far a submission has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubmissionState {
    /// It waits for its time and can be withdrawn.
    Queued,
    /// It is being delivered, or an earlier attempt is being looked into.
    Sending,
    /// It is there; kept until the copy of the thread shows it.
    Delivered,
    /// It was refused for good.
    Failed,
    /// The customer took it back.
    Withdrawn,
}

impl SubmissionKind {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Ticket => "ticket",
            Self::Reply => "reply",
        }
    }
}

impl SubmissionState {
    const ALL: [Self; 5] = [Self::Queued, Self::Sending, Self::Delivered, Self::Failed, Self::Withdrawn];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// A submission.
#[derive(Clone, Debug)]
pub struct PendingSubmission {
    /// The id of the message that it becomes.
    pub id: MessageId,
    /// What it becomes.
    pub kind: SubmissionKind,
    /// Who sent it.
    pub customer: CustomerId,
    /// The ticket that it opens or belongs to.
    pub ticket: TicketId,
    /// What was sent, as JSON.
    pub payload: String,
    /// How far it has come.
    pub state: SubmissionState,
    /// Why it failed.
    pub reason: Option<ProblemCode>,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When it may leave.
    pub leaves_at: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
    /// When the first attempt began that may have succeeded; absent when it is certain that there is nothing.
    pub first_attempt_at: Option<Timestamp>,
    /// When the last attempt ended.
    pub last_attempt_at: Option<Timestamp>,
}

/// Something to be accepted: all of it or nothing.
#[derive(Debug)]
pub struct Submitted<'a> {
    /// The submission.
    pub submission: &'a PendingSubmission,
    /// The ticket that it opens.
    pub new_ticket: Option<&'a TicketCopy>,
    /// Files that it takes.
    pub uploads: &'a [UploadId],
    /// The idempotency key.
    pub claim: &'a Claim,
}

/// How a submission arrived.
#[derive(Debug, Default)]
pub struct Arrival<'a> {
    /// The conversation that it opened.
    pub opened: Option<ConversationId>,
    /// The number that people say.
    pub number: Option<u32>,
    /// The thread that it became, when that is known.
    pub thread: Option<ThreadId>,
    /// A further message, with files that were lost on the way.
    pub follow_up: Option<(&'a PendingSubmission, &'a [UploadId])>,
}

/// The columns that [`submission`] reads.
pub(super) const COLUMNS: &str = "id, kind, customer_id, ticket_id, payload, state, reason, created_at, leaves_at, attempts, first_attempt_at, \
     last_attempt_at";

pub(super) fn submission(row: &AnyRow) -> Result<PendingSubmission, StoreError> {
    let kind = match get::<String>(row, "kind")?.as_str() {
        "ticket" => SubmissionKind::Ticket,
        "reply" => SubmissionKind::Reply,
        _ => return Err(StoreError::Unreadable { column: "kind" }),
    };
    let state: String = get(row, "state")?;
    let state = SubmissionState::ALL.into_iter().find(|known| known.as_str() == state);
    let reason: Option<String> = get(row, "reason")?;
    Ok(PendingSubmission {
        id: param(row, "id")?,
        kind,
        customer: param(row, "customer_id")?,
        ticket: param(row, "ticket_id")?,
        payload: get(row, "payload")?,
        state: state.ok_or(StoreError::Unreadable { column: "state" })?,
        reason: reason.and_then(|reason| ProblemCode::ALL.iter().copied().find(|known| known.as_str() == reason)),
        created_at: time(row, "created_at")?,
        leaves_at: time(row, "leaves_at")?,
        attempts: count(row, "attempts")?,
        first_attempt_at: maybe_time(row, "first_attempt_at")?,
        last_attempt_at: maybe_time(row, "last_attempt_at")?,
    })
}
