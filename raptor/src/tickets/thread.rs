//! One ticket and its thread.

use shared::endpoints::tickets::{
    Attachment, Author, AuthorKind, Capabilities, GetTicket, MarkRead, Message, Rating, Ticket, TicketStatus,
};
use shared::rich_text::compose;
use shared::{List, MessageId, Nothing, ProblemCode};

use super::copier::Freshness;
use super::copy::ThreadCopy;
use super::cursor;
use super::list::{delivery, ticket_delivery};
use crate::app::App;
use crate::http::{Answer, Call, Handler, Refusal};
use crate::store::{PendingSubmission, StoreError, StoredTicket};
use crate::submissions::Payload;

/// Messages on a page unless the caller says otherwise.
const PAGE: u16 = 50;
/// What a thread's cursors begin with.
const CURSOR: &str = "thread";

impl Handler<GetTicket> for App {
    async fn handle(&self, call: Call<GetTicket>) -> Result<Answer<Ticket>, Refusal> {
        let customer = call.customer()?;
        let id = call.path.ticket_id;
        let before = call.query.before.as_ref().map(|cursor| {
            cursor::read("before", CURSOR, cursor, |text| MessageId::parse(text).ok()).map_err(Refusal::invalid)
        });
        let ticket = self.store.ticket(customer, id).await?.ok_or_else(Refusal::not_found)?;
        let freshness = self.copier.freshen_ticket(&ticket).await?.ok_or_else(Refusal::not_found)?;
        let (synced_at, stale) = match freshness {
            Freshness::Fresh(at) => (at, false),
            Freshness::Stale(at) => (at, true),
            Freshness::Unknown => return Err(Refusal::new(ProblemCode::HelpdeskUnavailable).retry_after(10)),
        };
        let before = before.transpose()?;
        // Read again: the refresh may have changed it, or found that it is gone.
        let ticket = self.store.ticket(customer, id).await?.ok_or_else(Refusal::not_found)?;
        let (thread, pending) = self.thread(&ticket).await?;
        let message_count = u32::try_from(thread.messages.len()).unwrap_or(u32::MAX);
        let limit = usize::from(call.query.limit.map_or(PAGE, |limit| limit.get()));
        let end = before.map_or(thread.messages.len(), |(at, id)| {
            let place = thread.messages.iter().position(|message| message.id == id);
            // Its message is gone: rather show one twice than leave one out.
            place.unwrap_or_else(|| thread.messages.partition_point(|message| message.sent_at <= at))
        });
        let start = end.saturating_sub(limit);
        let messages: Vec<Message> = thread.messages.get(start..end).unwrap_or_default().to_vec();
        let older_cursor = messages
            .first()
            .filter(|_| start > 0)
            .and_then(|first| cursor::write(CURSOR, first.sent_at, &first.id.to_string()));
        let rating = self.store.rating(id).await?;
        Ok(Answer::new(Ticket {
            id,
            number: ticket.number,
            status: ticket.status,
            status_since: ticket.status_since,
            created_at: ticket.created_at,
            fields: List::fitted(thread.fields),
            participants: List::fitted(thread.participants),
            messages: List::fitted(messages),
            older_cursor,
            message_count,
            can: capabilities(&ticket),
            rating: rating.map(|rating| Rating {
                score: rating.score,
                comment: rating.comment,
                rated_at: rating.rated_at,
            }),
            read_up_to: ticket.read_up_to,
            delivery: ticket_delivery(&pending),
            synced_at,
            stale,
            subject: ticket.subject,
        }))
    }
}

impl Handler<MarkRead> for App {
    async fn handle(&self, call: Call<MarkRead>) -> Result<Answer<Nothing>, Refusal> {
        let ticket = self.store.ticket(call.customer()?, call.path.ticket_id).await?.ok_or_else(Refusal::not_found)?;
        // A marker beyond what there is would hide what comes next.
        let newest = ticket.last_activity_at.max(ticket.last_team_at.unwrap_or_default());
        self.store.mark_read(ticket.id, call.body.up_to.min(newest)).await?;
        Ok(Answer::new(Nothing))
    }
}

impl App {
    /// The thread with what has not arrived yet, oldest first, and what that is.
    pub(super) async fn thread(
        &self,
        ticket: &StoredTicket,
    ) -> Result<(ThreadCopy, Vec<PendingSubmission>), StoreError> {
        let json = self.store.thread_of(ticket.id).await?.unwrap_or_default();
        let mut thread = ThreadCopy::parse(&json);
        let pending = self.store.pending_of(ticket.id).await?;
        for submission in &pending {
            if !thread.messages.iter().any(|message| message.id == submission.id) {
                thread.messages.push(pending_message(self, submission).await?);
            }
        }
        // Stable: within one second, which is all the help desk tells, its own numbers have given the order. Our ids say nothing of it.
        thread.messages.sort_by_key(|message| message.sent_at);
        Ok((thread, pending))
    }
}

/// A message that has not arrived yet, as its writer sees it.
pub(crate) async fn pending_message(app: &App, submission: &PendingSubmission) -> Result<Message, StoreError> {
    let payload = Payload::parse(&submission.payload);
    let uploads = app.store.uploads_of(submission.id).await?;
    let attachments = uploads
        .into_iter()
        .map(|upload| Attachment {
            id: app.ids.waiting_attachment(upload.id),
            name: upload.name,
            media_type: upload.media_type,
            size: upload.size,
            inline: false,
        })
        .collect();
    Ok(Message {
        id: submission.id,
        author: Author { kind: AuthorKind::You, name: None },
        sent_at: submission.created_at,
        body: compose(&payload.body),
        quoted: shared::rich_text::RichText::default(),
        attachments: List::fitted(attachments),
        delivery: delivery(submission),
    })
}

/// What can be done with a ticket now. One that has not arrived can be replied to, and nothing else yet.
pub(super) fn capabilities(ticket: &StoredTicket) -> Capabilities {
    let arrived = ticket.conversation.is_some();
    let resolved = ticket.status == TicketStatus::Resolved;
    Capabilities { reply: true, resolve: arrived && !resolved, reopen: arrived && resolved, rate: arrived }
}
