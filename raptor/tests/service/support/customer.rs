//! Customers with a session, made without a ceremony; `passkeys.rs` tests ceremonies.

use helpdesk_double::SeedDemo;
use raptor::store::{NewCustomer, NewSession, StoredCredential};
use shared::{CustomerId, Line, Timestamp};

use super::World;

#[derive(Debug, Clone)]
pub(crate) struct TestCustomer {
    pub(crate) id: CustomerId,
    pub(crate) email: String,
    pub(crate) token: String,
    pub(crate) session: String,
}

impl World {
    /// A customer whom the help desk does not know yet.
    pub(crate) async fn stranger(&self, name: &str) -> TestCustomer {
        let app = self.app();
        let id = CustomerId::from_bits(raptor::random::bits());
        let email = format!("{}@demo.example", name.to_lowercase());
        let new = NewCustomer { id, name: Line::new(name).unwrap(), email: Line::new(email.clone()).unwrap() };
        let credential = StoredCredential { id: id.bits().to_be_bytes().to_vec(), customer: id, passkey: "{}".into() };
        app.store.enrol(&new, &credential, app.now()).await.unwrap();
        self.sign_in(id, &email).await
    }

    /// A customer with a handful of tickets in every state.
    pub(crate) async fn customer(&self, name: &str) -> TestCustomer {
        let customer = self.stranger(name).await;
        let demo = SeedDemo { email: customer.email.clone(), first_name: name.to_owned(), ..SeedDemo::default() };
        self.desk.seed_demo(&demo).unwrap();
        customer
    }

    pub(crate) async fn sign_in(&self, id: CustomerId, email: &str) -> TestCustomer {
        let app = self.app();
        let now = app.now();
        let session = NewSession {
            id: format!("{:032x}", raptor::random::bits()),
            customer: id,
            started_at: now,
            ends_at: Timestamp::from_millis(now.millis() + 12 * 3_600_000),
        };
        app.store.begin_session(&session).await.unwrap();
        let auth_time = u64::try_from(now.millis() / 1000).unwrap();
        let tokens = &app.authenticator.tokens;
        let issued = tokens.issue(id, &Line::new(email).unwrap(), &session.id, auth_time, now).unwrap();
        TestCustomer { id, email: email.to_owned(), token: issued.token.into_string(), session: session.id }
    }

    /// The ids of a customer's tickets, as they stand in their list.
    pub(crate) async fn ticket_ids(&self, customer: &TestCustomer) -> Vec<String> {
        let page = self.get(customer, "/api/v1/support/tickets?limit=50").await.expect(200).json();
        page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    }
}
