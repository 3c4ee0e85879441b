//! One step of one delivery.

use bytes::Bytes;
use shared::rich_text::compose;
use shared::{MessageId, ProblemCode, Timestamp};

use super::backoff::delay;
use super::outbox::{Outbox, later};
use super::payload::Payload;
use crate::files::{FileName, MediaType};
use crate::helpdesk::{
    self, Attempt, ConversationId, CustomFieldId, FileOutcome, NewConversation, OutgoingBody, OutgoingFile, ReadError,
    Refusal, Sighting, ThreadId, WriteError,
};
use crate::random;
use crate::store::{Arrival, PendingSubmission, StoreError, StoredUpload, SubmissionKind, SubmissionState};
use crate::tickets::RefreshError;

/// How often files that the help desk drops are sent again, in a message of their own.
const FILE_ATTEMPTS: u8 = 2;

/// What a delivery needs beside the submission.
struct Parcel {
    owner: helpdesk::CustomerId,
    payload: Payload,
    body: OutgoingBody,
    files: Vec<OutgoingFile>,
    uploads: Vec<StoredUpload>,
    /// The conversation that a reply belongs to.
    conversation: Option<ConversationId>,
}

/// What there is at the help desk.
struct Arrived {
    conversation: ConversationId,
    number: Option<u32>,
    thread: Option<ThreadId>,
    files: Vec<FileOutcome>,
}

/// What is to become of the submission.
enum Step {
    Arrived(Arrived),
    Failed(ProblemCode),
    /// Later. Whether it is certain that nothing is there.
    Later {
        absent: bool,
    },
}

impl Outbox {
    /// Takes a leased submission one step further, and writes down what came of it.
    pub(super) async fn deliver(&self, submission: PendingSubmission) -> Result<(), StoreError> {
        let parcel = match self.parcel(&submission).await? {
            Ok(parcel) => parcel,
            Err(step) => return self.note(&submission, None, step).await,
        };
        let step = match self.look(&submission, &parcel).await? {
            Some(step) => step,
            None => {
                // Durable before the call: whatever happens to this process now, the next one looks before it sends.
                self.store.begin_attempt(submission.id, self.clock.now()).await?;
                self.send(&submission, &parcel).await
            }
        };
        self.note(&submission, Some(&parcel), step).await
    }

    async fn parcel(&self, submission: &PendingSubmission) -> Result<Result<Parcel, Step>, StoreError> {
        // Whether something may be there from an earlier attempt does not change by failing to prepare another.
        let absent = submission.first_attempt_at.is_none();
        let owner = match self.copier.identify_or_introduce(submission.customer).await {
            Ok(owner) => owner,
            Err(RefreshError::Store(StoreError::Taken)) => {
                tracing::error!(customer = %submission.customer, "another customer has this identity at the help desk");
                return Ok(Err(Step::Failed(ProblemCode::Internal)));
            }
            Err(RefreshError::Store(error)) => return Err(error),
            Err(RefreshError::DeskWrite(WriteError::Refused(_))) => {
                return Ok(Err(Step::Failed(ProblemCode::Internal)));
            }
            Err(error) => {
                tracing::warn!(%error, "a delivery waits: the customer could not be looked up");
                return Ok(Err(Step::Later { absent }));
            }
        };
        let ticket = self.store.ticket(submission.customer, submission.ticket).await?;
        let conversation = ticket.and_then(|ticket| ticket.conversation);
        if submission.kind == SubmissionKind::Reply && conversation.is_none() {
            // Its ticket was refused; older submissions of a ticket always come first.
            return Ok(Err(Step::Failed(ProblemCode::NotFound)));
        }
        let payload = Payload::parse(&submission.payload);
        let uploads = self.store.uploads_of(submission.id).await?;
        let mut files = Vec::with_capacity(uploads.len());
        for upload in &uploads {
            let Some(media_type) = MediaType::parse(&upload.media_type) else { continue };
            let bytes = Bytes::from(self.store.upload_bytes(upload.id).await?);
            files.push(OutgoingFile { name: FileName::for_type(&upload.name, media_type), media_type, bytes });
        }
        let body = OutgoingBody::new(&compose(&payload.body), submission.id);
        Ok(Ok(Parcel { owner, payload, body, files, uploads, conversation }))
    }

    /// After an attempt that may have succeeded: looks whether it has. `None` means that it is safe to send.
    async fn look(&self, submission: &PendingSubmission, parcel: &Parcel) -> Result<Option<Step>, StoreError> {
        let Some(began_at) = submission.first_attempt_at else { return Ok(None) };
        let ended_at = submission.last_attempt_at.unwrap_or_else(|| self.clock.now());
        let attempt = Attempt { body: &parcel.body, files: &parcel.files, began_at, ended_at };
        let sighting = match (submission.kind, parcel.conversation) {
            (SubmissionKind::Reply, Some(conversation)) => {
                let claimed = self.store.delivered_threads(submission.ticket).await?;
                let found = self.desk.find_reply(parcel.owner, conversation, &attempt, &claimed).await;
                found.map(|sighting| {
                    sighting.map(|reply| Arrived {
                        conversation,
                        number: None,
                        thread: Some(reply.thread),
                        files: reply.files,
                    })
                })
            }
            (SubmissionKind::Ticket, Some(conversation)) => {
                // The copier has recognised it meanwhile.
                let files = vec![FileOutcome::Unverified; parcel.files.len()];
                Ok(Sighting::Found(Arrived { conversation, number: None, thread: None, files }))
            }
            (SubmissionKind::Ticket, None) => {
                let claimed: Vec<ConversationId> =
                    self.store.conversations_of(submission.customer).await?.into_iter().map(|(id, _)| id).collect();
                let subject = &parcel.payload.subject;
                let found = self.desk.find_conversation(parcel.owner, subject, &attempt, &claimed).await;
                found.map(|sighting| {
                    sighting.map(|opened| Arrived {
                        conversation: opened.conversation,
                        number: opened.number,
                        thread: opened.thread,
                        files: opened.files,
                    })
                })
            }
            (SubmissionKind::Reply, None) => Err(ReadError::NotFound),
        };
        Ok(match sighting {
            Ok(Sighting::Found(arrived)) => {
                self.metrics.reconciled.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                Some(Step::Arrived(arrived))
            }
            Ok(Sighting::Absent) => None,
            Ok(Sighting::NotYet) => Some(Step::Later { absent: false }),
            Err(ReadError::NotFound) => Some(Step::Failed(ProblemCode::NotFound)),
            Err(error) => {
                tracing::warn!(%error, message = %submission.id, "an attempt could not be looked into yet");
                Some(Step::Later { absent: false })
            }
        })
    }

    async fn send(&self, submission: &PendingSubmission, parcel: &Parcel) -> Step {
        let result = match parcel.conversation {
            Some(conversation) => {
                let sent = self.desk.reply(parcel.owner, conversation, &parcel.body, &parcel.files).await;
                sent.map(|reply| Arrived { conversation, number: None, thread: Some(reply.thread), files: reply.files })
            }
            None => {
                let fields: Vec<(CustomFieldId, String)> = parcel
                    .payload
                    .fields
                    .iter()
                    .filter_map(|(id, value)| Some((CustomFieldId::new(*id)?, value.clone())))
                    .collect();
                let new = NewConversation {
                    owner: parcel.owner,
                    subject: &parcel.payload.subject,
                    body: &parcel.body,
                    files: &parcel.files,
                    fields: &fields,
                };
                self.desk.create_conversation(&new).await.map(|opened| Arrived {
                    conversation: opened.conversation,
                    number: opened.number,
                    thread: opened.thread,
                    files: opened.files,
                })
            }
        };
        match result {
            Ok(arrived) => Step::Arrived(arrived),
            Err(WriteError::Refused(refusal)) => {
                tracing::warn!(message = %submission.id, %refusal, "a submission was refused for good");
                Step::Failed(match refusal {
                    Refusal::NotFound => ProblemCode::NotFound,
                    Refusal::TooLarge => ProblemCode::TooLarge,
                    Refusal::Invalid => ProblemCode::Invalid,
                    Refusal::EmailTaken | Refusal::EmailInvalid => ProblemCode::Internal,
                })
            }
            Err(WriteError::NotReached(cause)) => {
                tracing::warn!(message = %submission.id, %cause, "a submission waits");
                Step::Later { absent: true }
            }
            Err(WriteError::Unknown(cause)) => {
                tracing::warn!(message = %submission.id, %cause, "the outcome of an attempt is unknown; looking before the next");
                Step::Later { absent: false }
            }
        }
    }

    async fn note(
        &self,
        submission: &PendingSubmission,
        parcel: Option<&Parcel>,
        step: Step,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        match step {
            Step::Arrived(arrived) => {
                let lost = parcel.map(|parcel| lost_files(parcel, &arrived.files)).unwrap_or_default();
                let ids: Vec<_> = lost.iter().map(|upload| upload.id).collect();
                let next = (!lost.is_empty()).then(|| follow_up(submission, parcel, &lost, now));
                let arrival = Arrival {
                    opened: (submission.kind == SubmissionKind::Ticket).then_some(arrived.conversation),
                    number: arrived.number,
                    thread: arrived.thread,
                    follow_up: next.as_ref().map(|next| (next, ids.as_slice())),
                };
                self.store.delivered(submission, &arrival).await?;
                self.metrics.delivered.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                if let Err(error) = self.copier.reread(submission.customer, arrived.conversation).await {
                    tracing::warn!(%error, "what was delivered could not be read back yet");
                }
            }
            Step::Failed(reason) => {
                self.store.failed(submission.id, reason).await?;
                self.metrics.failed.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                self.copier.tell(submission.customer, submission.ticket).await?;
            }
            Step::Later { absent } => {
                let wait = delay(submission.attempts, self.timing.retry_first, self.timing.retry_longest);
                self.store.put_off(submission.id, later(now, wait), absent, now).await?;
            }
        }
        Ok(())
    }
}

/// The files that the help desk did not keep.
fn lost_files<'a>(parcel: &'a Parcel, outcomes: &[FileOutcome]) -> Vec<&'a StoredUpload> {
    let lost = parcel.uploads.iter().zip(outcomes).filter(|(_, outcome)| **outcome == FileOutcome::Missing);
    lost.map(|(upload, _)| upload).collect()
}

/// A message of its own for files that were lost; after too many tries one that says that they could not be delivered.
fn follow_up(
    submission: &PendingSubmission,
    parcel: Option<&Parcel>,
    lost: &[&StoredUpload],
    now: Timestamp,
) -> PendingSubmission {
    let files_lost = parcel.map_or(0, |parcel| parcel.payload.files_lost) + 1;
    let names: Vec<&str> = lost.iter().map(|upload| upload.name.as_str()).collect();
    let given_up = files_lost > FILE_ATTEMPTS;
    tracing::warn!(message = %submission.id, files = lost.len(), given_up, "the help desk dropped files");
    let payload = Payload { body: format!("Attached: {}", names.join(", ")), files_lost, ..Payload::default() };
    PendingSubmission {
        id: MessageId::from_bits(random::bits()),
        kind: SubmissionKind::Reply,
        customer: submission.customer,
        ticket: submission.ticket,
        payload: payload.to_json(),
        state: if given_up { SubmissionState::Failed } else { SubmissionState::Queued },
        reason: given_up.then_some(ProblemCode::FileRejected),
        created_at: now,
        leaves_at: now,
        attempts: 0,
        first_attempt_at: None,
        last_attempt_at: None,
    }
}

impl<T> Sighting<T> {
    fn map<U>(self, change: impl FnOnce(T) -> U) -> Sighting<U> {
        match self {
            Self::Found(found) => Sighting::Found(change(found)),
            Self::NotYet => Sighting::NotYet,
            Self::Absent => Sighting::Absent,
        }
    }
}
