//! Everything that is the customer's, as one document.

use shared::endpoints::account::{Export, ExportData, ExportedTicket};
use shared::endpoints::auth::Customer;
use shared::endpoints::tickets::{Rating, Sort, StatusFilter};
use shared::{List, ProblemCode, ResponseBody as _};

use super::copier::Freshness;
use crate::app::App;
use crate::http::{Answer, Call, Handler, Refusal};
use crate::store::{ListFilter, ListPosition};

/// Tickets that are read from the database together.
const BATCH: u32 = 100;
/// Tickets in an export at most.
const TICKETS: usize = 10_000;
/// Bytes of tickets at most; the rest of the document needs little.
const BYTES: usize = Export::MAX_BYTES - 64 * 1024;

impl Handler<ExportData> for App {
    async fn handle(&self, call: Call<ExportData>) -> Result<Answer<Export>, Refusal> {
        let signed_in = call.signed_in()?;
        let customer = signed_in.customer;
        if self.copier.freshen_list(customer).await? == Freshness::Unknown {
            // An export that is empty because nobody could be asked would be a lie.
            return Err(Refusal::new(ProblemCode::HelpdeskUnavailable).retry_after(10));
        }
        let mut filter =
            ListFilter { status: StatusFilter::All, text: None, sort: Sort::Activity, after: None, limit: BATCH };
        let (mut tickets, mut bytes, mut truncated) = (Vec::new(), 0_usize, false);
        'all: loop {
            let batch = self.store.list_tickets(customer, &filter).await?;
            for ticket in &batch {
                if ticket.revision.is_empty() {
                    // Known by its name alone so far: read it now.
                    self.copier.freshen_ticket(ticket).await?;
                }
                let Some(ticket) = self.store.ticket(customer, ticket.id).await? else { continue };
                let (thread, _) = self.thread(&ticket).await?;
                let rating = self.store.rating(ticket.id).await?;
                let exported = ExportedTicket {
                    id: ticket.id,
                    number: ticket.number,
                    subject: ticket.subject,
                    status: ticket.status,
                    created_at: ticket.created_at,
                    fields: List::fitted(thread.fields),
                    messages: List::fitted(thread.messages),
                    rating: rating.map(|rating| Rating {
                        score: rating.score,
                        comment: rating.comment,
                        rated_at: rating.rated_at,
                    }),
                };
                bytes += serde_json::to_vec(&exported).map_or(0, |json| json.len() + 1);
                if tickets.len() == TICKETS || bytes > BYTES {
                    truncated = true;
                    break 'all;
                }
                tickets.push(exported);
            }
            match batch.last() {
                Some(last) if batch.len() == BATCH as usize => {
                    filter.after = Some(ListPosition { at: last.last_activity_at, id: last.id });
                }
                _ => break,
            }
        }
        Ok(Answer::new(Export {
            generated_at: self.now(),
            customer: Customer { id: customer, name: signed_in.name.clone(), email: signed_in.email.clone() },
            tickets: List::fitted(tickets),
            truncated,
        }))
    }
}
