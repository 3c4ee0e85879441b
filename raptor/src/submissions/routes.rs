//! The routes of writing.

use std::time::Duration;

use shared::endpoints::tickets::{CreateTicket, Message, Reply, TicketSummary, WithdrawReply};
use shared::rich_text::compose;
use shared::{CustomerId, MessageId, Nothing, ProblemCode, ResponseBody as _, TicketId, Timestamp};

use super::accept::{Accepted, Draft, claim};
use super::payload::Payload;
use crate::app::App;
use crate::http::{Answer, Call, Handler, Refusal};
use crate::store::{Claim, StoreError, SubmissionKind, SubmissionState};
use crate::tickets::{first_copy, pending_message, summary};

impl Handler<CreateTicket> for App {
    async fn handle(&self, call: Call<CreateTicket>) -> Result<Answer<TicketSummary>, Refusal> {
        let customer = call.customer()?;
        let busy_until = after(self.now(), self.timing.delivery_wait + Duration::from_secs(2));
        let claim = claim::<CreateTicket>(customer, call.key()?, &call.path, &call.body, None, busy_until);
        let accepted = match self.accepted_before(&claim).await? {
            Some(accepted) => accepted,
            None => {
                let new = &call.body;
                let fields = self.topics.check(new.topic_id, &new.fields).await.map_err(Refusal::invalid)?;
                let fields = fields.into_iter().map(|(id, value)| (id.get(), value)).collect();
                let body = compose(&new.body);
                let draft = Draft {
                    kind: SubmissionKind::Ticket,
                    customer,
                    payload: Payload {
                        subject: new.subject.as_str().to_owned(),
                        body: new.body.as_str().to_owned(),
                        fields,
                        files_lost: 0,
                    },
                    uploads: &new.uploads,
                    new_ticket: Some(first_copy(claim.ticket, customer, new.subject.clone(), &body, self.now())),
                    leaves_at: self.now(),
                };
                self.accept(draft, &claim).await?
            }
        };
        match accepted {
            Accepted::New(submission) => {
                self.outbox.wake();
                self.outbox.wait_for(submission.id, self.timing.delivery_wait).await?;
                let answer = self.opened(customer, submission.ticket, submission.id).await;
                self.settle(&claim, answer.as_ref().ok()).await?;
                answer.map(|answer| Answer::new(answer).about(submission.ticket))
            }
            Accepted::Replay { message, ticket, answer } => {
                let first = answer.and_then(|json| TicketSummary::decode(json.as_bytes()).ok());
                let answer = match first {
                    Some(answer) => answer,
                    None => self.opened(customer, ticket, message).await?,
                };
                Ok(Answer::new(answer).about(ticket))
            }
        }
    }
}

impl Handler<Reply> for App {
    async fn handle(&self, call: Call<Reply>) -> Result<Answer<Message>, Refusal> {
        let customer = call.customer()?;
        let ticket = self.store.ticket(customer, call.path.ticket_id).await?.ok_or_else(Refusal::not_found)?;
        let now = self.now();
        let claim = claim::<Reply>(customer, call.key()?, &call.path, &call.body, Some(ticket.id), now);
        let accepted = match self.accepted_before(&claim).await? {
            Some(accepted) => accepted,
            None => {
                let draft = Draft {
                    kind: SubmissionKind::Reply,
                    customer,
                    payload: Payload { body: call.body.body.as_str().to_owned(), ..Payload::default() },
                    uploads: &call.body.uploads,
                    new_ticket: None,
                    leaves_at: after(now, self.timing.undo),
                };
                self.accept(draft, &claim).await?
            }
        };
        match accepted {
            Accepted::New(submission) => {
                let message = pending_message(self, &submission).await?;
                self.settle(&claim, Some(&message)).await?;
                self.outbox.wake();
                self.live
                    .ticket_changed(customer, ticket.id, now, shared::endpoints::tickets::AuthorKind::You, now)
                    .await?;
                Ok(Answer::new(message))
            }
            Accepted::Replay { message, answer, .. } => {
                let first = answer.and_then(|json| Message::decode(json.as_bytes()).ok());
                let answer = match (first, self.store.pending(message).await?) {
                    (Some(answer), _) => answer,
                    (None, Some(submission)) => pending_message(self, &submission).await?,
                    (None, None) => return Err(Refusal::not_found()),
                };
                Ok(Answer::new(answer))
            }
        }
    }
}

impl Handler<WithdrawReply> for App {
    async fn handle(&self, call: Call<WithdrawReply>) -> Result<Answer<Nothing>, Refusal> {
        let customer = call.customer()?;
        let ticket = self.store.ticket(customer, call.path.ticket_id).await?.ok_or_else(Refusal::not_found)?;
        let submission = self.store.pending(call.path.message_id).await?;
        let submission = submission
            .filter(|found| {
                found.customer == customer && found.ticket == ticket.id && found.kind == SubmissionKind::Reply
            })
            .ok_or_else(Refusal::not_found)?;
        if self.store.withdraw(submission.id).await? {
            let author = ticket.last_author.kind;
            self.live.ticket_changed(customer, ticket.id, ticket.last_activity_at, author, self.now()).await?;
            return Ok(Answer::new(Nothing));
        }
        Err(ProblemCode::InProgress.into())
    }
}

impl App {
    /// What a customer is told about a ticket that they opened: that it has arrived, that it will, or that it cannot.
    async fn opened(
        &self,
        customer: CustomerId,
        ticket: TicketId,
        message: MessageId,
    ) -> Result<TicketSummary, Refusal> {
        let pending = self.store.pending(message).await?;
        let state = pending.as_ref().map_or(SubmissionState::Delivered, |pending| pending.state);
        match state {
            SubmissionState::Queued | SubmissionState::Sending => Err(Refusal::accepted_unconfirmed(ticket)),
            SubmissionState::Failed => {
                let reason = pending.and_then(|pending| pending.reason).unwrap_or(ProblemCode::Internal);
                Err(Refusal::new(reason))
            }
            SubmissionState::Delivered | SubmissionState::Withdrawn => {
                let stored = self.store.ticket(customer, ticket).await?.ok_or_else(Refusal::not_found)?;
                Ok(summary(&stored, &self.store.pending_of(ticket).await?))
            }
        }
    }

    async fn settle<T: serde::Serialize>(&self, claim: &Claim, answer: Option<&T>) -> Result<(), StoreError> {
        let json = answer.and_then(|answer| serde_json::to_string(answer).ok());
        self.store.settle_claim(claim, json.as_deref()).await
    }
}

fn after(now: Timestamp, duration: Duration) -> Timestamp {
    Timestamp::from_millis(now.millis() + i64::try_from(duration.as_millis()).unwrap_or_default())
}
