//! Accepting a submission: idempotency, files, and the outbox in one transaction.

use sha2::{Digest as _, Sha256};
use shared::{
    CustomerId, Endpoint, FieldCode, FieldError, IdempotencyKey, MessageId, ProblemCode, RequestBody as _, TicketId,
    Timestamp, UploadId,
};

use super::payload::Payload;
use crate::app::App;
use crate::files::Limits;
use crate::http::Refusal;
use crate::random;
use crate::store::{Claim, ClaimOutcome, PendingSubmission, SubmissionKind, SubmissionState, Submitted, TicketCopy};

/// What is to be accepted.
pub(super) struct Draft<'a> {
    pub(super) kind: SubmissionKind,
    pub(super) customer: CustomerId,
    pub(super) payload: Payload,
    pub(super) uploads: &'a [UploadId],
    pub(super) new_ticket: Option<TicketCopy>,
    pub(super) leaves_at: Timestamp,
}

/// What became of it.
pub(super) enum Accepted {
    /// It is in the outbox.
    New(PendingSubmission),
    /// It was accepted before.
    Replay { message: MessageId, ticket: TicketId, answer: Option<String> },
}

/// A claim for the request of a route: the same key with another route, path or body is a conflict.
pub(super) fn claim<E: Endpoint>(
    customer: CustomerId,
    key: &IdempotencyKey,
    path: &E::Path,
    body: &E::Request,
    ticket: Option<TicketId>,
    busy_until: Timestamp,
) -> Claim {
    use shared::PathParams as _;
    let mut hash = Sha256::new();
    for part in [E::ID.as_bytes(), path.segments().join("/").as_bytes(), &body.encode()] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let request_hash = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Claim {
        customer,
        key: key.clone(),
        request_hash,
        message: MessageId::from_bits(random::bits()),
        ticket: ticket.unwrap_or_else(|| TicketId::from_bits(random::bits())),
        busy_until,
    }
}

impl App {
    /// Accepts a draft, or says what became of the same request before.
    pub(super) async fn accept(&self, draft: Draft<'_>, claim: &Claim) -> Result<Accepted, Refusal> {
        let now = self.now();
        self.check_uploads(draft.customer, draft.uploads).await?;
        let submission = PendingSubmission {
            id: claim.message,
            kind: draft.kind,
            customer: draft.customer,
            ticket: claim.ticket,
            payload: draft.payload.to_json(),
            state: SubmissionState::Queued,
            reason: None,
            created_at: now,
            leaves_at: draft.leaves_at,
            attempts: 0,
            first_attempt_at: None,
            last_attempt_at: None,
        };
        let submitted =
            Submitted { submission: &submission, new_ticket: draft.new_ticket.as_ref(), uploads: draft.uploads, claim };
        match self.store.accept(&submitted, now).await? {
            ClaimOutcome::New => Ok(Accepted::New(submission)),
            outcome => replayed(outcome),
        }
    }

    /// What became of the same request before, if there was one.
    pub(super) async fn accepted_before(&self, claim: &Claim) -> Result<Option<Accepted>, Refusal> {
        self.store.earlier_claim(claim, self.now()).await?.map(replayed).transpose()
    }

    /// The files together must fit into one message.
    async fn check_uploads(&self, customer: CustomerId, uploads: &[UploadId]) -> Result<(), Refusal> {
        let mut sizes = Vec::with_capacity(uploads.len());
        for (place, id) in uploads.iter().enumerate() {
            if uploads.iter().take(place).any(|earlier| earlier == id) {
                return Err(upload_refused(place, FieldCode::Duplicate.into()));
            }
            let upload = self.store.waiting_upload(customer, *id, self.now()).await?;
            let upload = upload.ok_or_else(|| upload_refused(place, not_there()))?;
            sizes.push(upload.size as usize);
        }
        Limits::STANDARD.check(sizes).map_err(|_| {
            Refusal::new(ProblemCode::TooLarge)
                .with_error(FieldError::new("uploads", &FieldCode::TooLong.because("the files are too large together")))
        })
    }
}

fn replayed(outcome: ClaimOutcome) -> Result<Accepted, Refusal> {
    match outcome {
        ClaimOutcome::Replay { message, ticket, answer } => Ok(Accepted::Replay { message, ticket, answer }),
        ClaimOutcome::Busy => Err(Refusal::new(ProblemCode::InProgress).retry_after(2)),
        ClaimOutcome::Conflict => Err(ProblemCode::IdempotencyConflict.into()),
        ClaimOutcome::UploadUnknown { place } => Err(upload_refused(place, not_there())),
        ClaimOutcome::New => Err(ProblemCode::Internal.into()),
    }
}

fn not_there() -> shared::Violation {
    FieldCode::NotAllowed.because("this file is not there any more; upload it again")
}

fn upload_refused(place: usize, violation: shared::Violation) -> Refusal {
    Refusal::invalid(FieldError::new(&format!("uploads[{place}]"), &violation))
}
