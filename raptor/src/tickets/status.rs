//! Resolve and reopen.

use shared::ProblemCode;
use shared::endpoints::tickets::{RequestedStatus, SetStatus, TicketState, TicketStatus};

use super::thread::capabilities;
use crate::app::App;
use crate::helpdesk::{WantedStatus, WriteError};
use crate::http::{Answer, Call, Handler, Refusal};

impl Handler<SetStatus> for App {
    async fn handle(&self, call: Call<SetStatus>) -> Result<Answer<TicketState>, Refusal> {
        let customer = call.customer()?;
        let ticket = self.store.ticket(customer, call.path.ticket_id).await?.ok_or_else(Refusal::not_found)?;
        let Some(conversation) = ticket.conversation else { return Err(ProblemCode::InProgress.into()) };
        let wanted = match call.body.status {
            RequestedStatus::Resolved => WantedStatus::Closed,
            RequestedStatus::Reopened => WantedStatus::Active,
        };
        let profile = self.store.customer(customer).await?.ok_or_else(Refusal::not_found)?;
        let desk_id = profile.helpdesk_id.ok_or_else(Refusal::not_found)?;
        // Setting a status twice is setting it once, so an unknown outcome may simply be tried again, here once and then by the customer.
        let mut result = self.desk.set_status(desk_id, conversation, wanted).await;
        if matches!(result, Err(WriteError::Unknown(_))) {
            result = self.desk.set_status(desk_id, conversation, wanted).await;
        }
        match result {
            Ok(()) => {}
            Err(WriteError::Refused(crate::helpdesk::Refusal::NotFound)) => return Err(Refusal::not_found()),
            Err(error) => {
                return Err(Refusal::new(ProblemCode::HelpdeskUnavailable).retry_after(10).because(error.to_string()));
            }
        }
        if let Err(error) = self.copier.reread(customer, conversation).await {
            tracing::warn!(%error, "the ticket could not be read after its status was set");
        }
        let ticket = self.store.ticket(customer, ticket.id).await?.ok_or_else(Refusal::not_found)?;
        // Should the copy not be fresh yet, the answer says what was set.
        let resolved = wanted == WantedStatus::Closed;
        let agrees = (ticket.status == TicketStatus::Resolved) == resolved;
        let mut shown = ticket;
        if !agrees {
            shown.status = if resolved { TicketStatus::Resolved } else { TicketStatus::Working };
            shown.status_since = self.now();
        }
        Ok(Answer::new(TicketState {
            status: shown.status,
            status_since: shown.status_since,
            can: capabilities(&shown),
        }))
    }
}
