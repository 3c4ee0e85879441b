//! The words for the contract's closed sets. A new code does not compile until it has words.

use shared::endpoints::desk::NoticeKind;
use shared::endpoints::tickets::{DeliveryState, Score, Sort, TicketStatus};
use shared::{FieldCode, ProblemCode};

use super::{Key, keys};

impl From<ProblemCode> for Key {
    fn from(code: ProblemCode) -> Self {
        match code {
            ProblemCode::NotFound => keys::problem_not_found,
            ProblemCode::Invalid => keys::problem_invalid,
            ProblemCode::Unauthenticated => keys::problem_unauthenticated,
            ProblemCode::SessionExpired => keys::problem_session_expired,
            ProblemCode::TooLarge => keys::problem_too_large,
            ProblemCode::UnsupportedMediaType => keys::problem_unsupported_media_type,
            ProblemCode::FileRejected => keys::problem_file_rejected,
            ProblemCode::RateLimited => keys::problem_rate_limited,
            ProblemCode::IdempotencyConflict => keys::problem_idempotency_conflict,
            ProblemCode::InProgress => keys::problem_in_progress,
            ProblemCode::AcceptedUnconfirmed => keys::problem_accepted_unconfirmed,
            ProblemCode::HelpdeskUnavailable => keys::problem_helpdesk_unavailable,
            ProblemCode::ContractViolation => keys::problem_contract_violation,
            ProblemCode::Maintenance => keys::problem_maintenance,
            ProblemCode::Internal => keys::problem_internal,
        }
    }
}

impl From<FieldCode> for Key {
    fn from(code: FieldCode) -> Self {
        match code {
            FieldCode::Required => keys::field_required,
            FieldCode::TooShort => keys::field_too_short,
            FieldCode::TooLong => keys::field_too_long,
            FieldCode::TooMany => keys::field_too_many,
            FieldCode::Malformed => keys::field_malformed,
            FieldCode::Unknown => keys::field_unknown,
            FieldCode::Duplicate => keys::field_duplicate,
            FieldCode::NotAllowed => keys::field_not_allowed,
        }
    }
}

impl From<TicketStatus> for Key {
    fn from(status: TicketStatus) -> Self {
        match status {
            TicketStatus::Received => keys::status_received,
            TicketStatus::Working => keys::status_working,
            TicketStatus::WaitingForYou => keys::status_waiting,
            TicketStatus::Resolved => keys::status_resolved,
        }
    }
}

impl From<Sort> for Key {
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::Activity => keys::list_sort_activity,
            Sort::Newest => keys::list_sort_newest,
            Sort::Oldest => keys::list_sort_oldest,
        }
    }
}

impl From<Score> for Key {
    fn from(score: Score) -> Self {
        match score {
            Score::Great => keys::rating_great,
            Score::Okay => keys::rating_okay,
            Score::NotGood => keys::rating_not_good,
        }
    }
}

impl From<NoticeKind> for Key {
    fn from(kind: NoticeKind) -> Self {
        match kind {
            NoticeKind::Incident => keys::notices_incident,
            NoticeKind::Maintenance => keys::notices_maintenance,
            NoticeKind::Hours => keys::notices_hours,
        }
    }
}

impl From<DeliveryState> for Key {
    fn from(state: DeliveryState) -> Self {
        match state {
            DeliveryState::Delivered => keys::delivery_announced_sent,
            DeliveryState::Queued => keys::delivery_queued,
            DeliveryState::Sending => keys::delivery_sending,
            DeliveryState::Failed => keys::delivery_failed,
        }
    }
}

/// Who moves next, in words that follow the status.
#[must_use]
pub const fn next_move(status: TicketStatus) -> Key {
    match status {
        TicketStatus::Received => keys::status_received_next,
        TicketStatus::Working => keys::status_working_next,
        TicketStatus::WaitingForYou => keys::status_waiting_next,
        TicketStatus::Resolved => keys::status_resolved_next,
    }
}

/// Why a message was not delivered, in words that follow "Not sent:".
#[must_use]
pub const fn undelivered(reason: ProblemCode) -> Key {
    match reason {
        ProblemCode::NotFound => keys::delivery_reason_not_found,
        ProblemCode::Invalid | ProblemCode::UnsupportedMediaType | ProblemCode::FileRejected => {
            keys::delivery_reason_refused
        }
        ProblemCode::Unauthenticated | ProblemCode::SessionExpired => keys::delivery_reason_session,
        ProblemCode::TooLarge => keys::delivery_reason_too_large,
        ProblemCode::RateLimited => keys::delivery_reason_rate_limited,
        ProblemCode::IdempotencyConflict => keys::delivery_reason_changed,
        ProblemCode::HelpdeskUnavailable | ProblemCode::Maintenance => keys::delivery_reason_unavailable,
        ProblemCode::InProgress
        | ProblemCode::AcceptedUnconfirmed
        | ProblemCode::ContractViolation
        | ProblemCode::Internal => keys::delivery_reason_internal,
    }
}
