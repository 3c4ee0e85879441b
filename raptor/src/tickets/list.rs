//! The list of tickets.

use shared::endpoints::tickets::{Delivery, DeliveryState, ListTickets, Sort, StatusFilter, TicketPage, TicketSummary};
use shared::{List, ProblemCode, TicketId};

use super::copier::Freshness;
use super::cursor;
use crate::app::App;
use crate::http::{Answer, Call, Handler, Refusal};
use crate::store::{ListFilter, ListPosition, PendingSubmission, StoredTicket, SubmissionKind, SubmissionState};

/// Tickets on a page unless the caller says otherwise.
const PAGE: u16 = 25;

impl Handler<ListTickets> for App {
    async fn handle(&self, call: Call<ListTickets>) -> Result<Answer<TicketPage>, Refusal> {
        let customer = call.customer()?;
        let query = &call.query;
        let sort = query.sort.unwrap_or(Sort::Activity);
        let after = query.cursor.as_ref().map(|cursor| {
            let (at, id) = cursor::read("cursor", sort.as_str(), cursor, |text| TicketId::parse(text).ok())?;
            Ok(ListPosition { at, id })
        });
        let after = after.transpose().map_err(Refusal::invalid)?;
        let freshness = self.copier.freshen_list(customer).await?;
        let limit = query.limit.map_or(PAGE, |limit| limit.get());
        let filter = ListFilter {
            status: query.status.unwrap_or(StatusFilter::All),
            text: query.q.as_ref().map(|text| text.trim().to_lowercase()).filter(|text| !text.is_empty()),
            sort,
            after,
            // One more than is shown tells whether there is a next page.
            limit: u32::from(limit) + 1,
        };
        let mut tickets = self.store.list_tickets(customer, &filter).await?;
        let counts = self.store.status_counts(customer).await?;
        let total = counts.received + counts.working + counts.waiting_for_you + counts.resolved;
        let (synced_at, stale) = match freshness {
            Freshness::Fresh(at) => (at, false),
            Freshness::Stale(at) => (at, true),
            Freshness::Unknown if total > 0 => (self.now(), true),
            Freshness::Unknown => return Err(Refusal::new(ProblemCode::HelpdeskUnavailable).retry_after(10)),
        };
        let has_more = tickets.len() > usize::from(limit);
        tickets.truncate(usize::from(limit));
        let next_cursor = tickets.last().filter(|_| has_more).and_then(|last| {
            let at = if sort == Sort::Activity { last.last_activity_at } else { last.created_at };
            cursor::write(sort.as_str(), at, &last.id.to_string())
        });
        let mut items = Vec::with_capacity(tickets.len());
        for ticket in &tickets {
            let pending = self.store.pending_of(ticket.id).await?;
            items.push(summary(ticket, &pending));
        }
        Ok(Answer::new(TicketPage { items: List::fitted(items), next_cursor, counts, synced_at, stale }))
    }
}

/// A ticket in a list.
pub(crate) fn summary(ticket: &StoredTicket, pending: &[PendingSubmission]) -> TicketSummary {
    let read = ticket.read_up_to;
    TicketSummary {
        id: ticket.id,
        number: ticket.number,
        subject: ticket.subject.clone(),
        status: ticket.status,
        created_at: ticket.created_at,
        last_activity_at: ticket.last_activity_at,
        last_author: ticket.last_author.clone(),
        snippet: ticket.snippet.clone(),
        message_count: ticket.message_count,
        attachment_count: ticket.attachment_count,
        unread: ticket.last_team_at.is_some_and(|team| read.is_none_or(|read| read < team)),
        delivery: ticket_delivery(pending),
    }
}

/// How far the ticket itself has come.
pub(super) fn ticket_delivery(pending: &[PendingSubmission]) -> Delivery {
    pending.iter().find(|submission| submission.kind == SubmissionKind::Ticket).map_or(Delivery::DELIVERED, delivery)
}

/// How far a submission has come.
pub(super) fn delivery(submission: &PendingSubmission) -> Delivery {
    let state = match submission.state {
        SubmissionState::Queued => DeliveryState::Queued,
        SubmissionState::Sending => DeliveryState::Sending,
        SubmissionState::Delivered => DeliveryState::Delivered,
        SubmissionState::Failed | SubmissionState::Withdrawn => DeliveryState::Failed,
    };
    Delivery {
        state,
        leaves_at: (state == DeliveryState::Queued).then_some(submission.leaves_at),
        reason: submission.reason.filter(|_| state == DeliveryState::Failed),
    }
}
