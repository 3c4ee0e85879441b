//! A customer with realistic tickets, for dev and for end-to-end tests.

mod big;
mod files;
mod tickets;

use crate::{
    api::errors::ApiError,
    desk::{Desk, NewCustomer},
    operator::requests::{SeedDemo, SeededDemo},
};

/// Stores the customer, if it is new, and its tickets, in one change and without events.
///
/// # Errors
/// 400 for a bad address.
pub(crate) fn seed(desk: &Desk, demo: &SeedDemo) -> Result<SeededDemo, ApiError> {
    let or = |text: &str, default: &str| if text.is_empty() { default.to_owned() } else { text.to_owned() };
    desk.commit(|transaction| {
        let customer_id = transaction.find_or_create_customer(
            0,
            NewCustomer {
                emails: vec![demo.email.clone()],
                first_name: or(&demo.first_name, "Dana"),
                last_name: or(&demo.last_name, "Whitfield"),
                notes: Some("Pays late, threatened to leave in March. Handle with care.".to_owned()),
                photo_path: "customers/c41d90.jpg".to_owned(),
                created_at: Some(transaction.now - 90 * tickets::DAY),
                ..NewCustomer::default()
            },
        )?;
        let mut conversation_ids = Vec::new();
        for ticket in tickets::all(customer_id) {
            conversation_ids.push(transaction.seed_conversation(ticket)?);
        }
        let long_conversation_id = match demo.messages {
            Some(messages) => Some(transaction.seed_conversation(big::long_ticket(customer_id, messages))?),
            None => None,
        };
        let small_tickets = demo.tickets.unwrap_or(0);
        for index in 0..small_tickets {
            transaction.seed_conversation(big::small_ticket(customer_id, index))?;
        }
        transaction.events.clear();
        Ok(SeededDemo { customer_id, conversation_ids, long_conversation_id, small_tickets })
    })
}
