//! Customers: found by id or by an e-mail address that has been verified, made when there is none.

use http::Method;
use serde_json::json;
use serde_json::value::RawValue;

use super::HelpDesk;
use super::counters::{Dropped, Operation};
use super::error::{Cause, ReadError, Refusal, WriteError};
use super::id::CustomerId;
use super::model::{Customer, Email};
use super::transport::Call;
use super::wire;

/// Longest first or last name, in characters.
const MAX_NAME: usize = 40;

/// A customer to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCustomer {
    /// The verified address.
    pub email: Email,
    /// First name; may be empty. Cut after 40 characters.
    pub first_name: String,
    /// Last name; may be empty. Cut after 40 characters.
    pub last_name: String,
}

impl HelpDesk {
    /// The customer with this address among theirs, in whatever case the help desk spells it.
    ///
    /// # Errors
    /// [`ReadError::Unavailable`].
    pub async fn find_customer(&self, email: &Email) -> Result<Option<Customer>, ReadError> {
        let mut url = self.transport.settings.base.resource(&["customers"]);
        url.query_pairs_mut()
            .append_pair("email", email.as_str())
            .append_pair("page", "1")
            .append_pair("pageSize", "10");
        let envelope = self.envelope(Operation::FindCustomer, url).await?;
        let (mut found, mut foreign) = (Vec::new(), 0);
        for raw in &envelope.embedded.customers {
            match read(raw) {
                // A filter that the help desk does not understand is no filter: it then answers with everybody.
                Some(customer) if customer.emails.contains(email) => found.push(customer),
                _ => foreign += 1,
            }
        }
        self.transport.drop_and_warn(Operation::FindCustomer, Dropped::Foreign, foreign);
        // The help desk keeps addresses unique. Should it hold two that differ in case, the older one has the history.
        Ok(found.into_iter().min_by_key(|customer| customer.id))
    }

    /// The customer with this id.
    ///
    /// # Errors
    /// [`ReadError::NotFound`], [`ReadError::Unavailable`].
    pub async fn get_customer(&self, id: CustomerId) -> Result<Customer, ReadError> {
        let url = self.transport.settings.base.resource(&["customers", &id.to_string()]);
        let answer = self.transport.read(Operation::GetCustomer, url).await?;
        let wire: wire::Customer = answer.decode().map_err(ReadError::Unavailable)?;
        customer(wire).filter(|customer| customer.id == id).ok_or(ReadError::Unavailable(Cause::Malformed))
    }

    /// Finds the customer with this address, or makes one. Safe to repeat: the help desk keeps addresses unique.
    ///
    /// # Errors
    /// [`WriteError::Refused`] with [`Refusal::EmailInvalid`], and the others.
    pub async fn find_or_create_customer(&self, new: &NewCustomer) -> Result<Customer, WriteError> {
        if let Some(customer) = self.find_customer(&new.email).await? {
            return Ok(customer);
        }
        match self.create_customer(new).await {
            // Somebody else was faster, another request of the same customer's perhaps.
            Err(WriteError::Refused(Refusal::EmailTaken)) => {
                self.find_customer(&new.email).await?.ok_or(WriteError::Refused(Refusal::EmailTaken))
            }
            other => other,
        }
    }

    async fn create_customer(&self, new: &NewCustomer) -> Result<Customer, WriteError> {
        let cut = |name: &str| name.chars().filter(|c| !c.is_control()).take(MAX_NAME).collect::<String>();
        let (first_name, last_name) = (cut(&new.first_name), cut(&new.last_name));
        let body = json!({
            "firstName": first_name,
            "lastName": last_name,
            "emails": [{ "value": new.email.as_str(), "type": "work" }],
        });
        let answer = self
            .transport
            .write(Call {
                operation: Operation::CreateCustomer,
                method: Method::POST,
                url: self.transport.settings.base.resource(&["customers"]),
                body: Some(body.to_string().into()),
            })
            .await?;
        let id = answer
            .resource_id
            .and_then(|id| CustomerId::new(id.get()))
            .or_else(|| answer.decode::<wire::Customer>().ok().and_then(|wire| CustomerId::new(wire.id)))
            .ok_or(WriteError::Unknown(Cause::Malformed))?;
        Ok(Customer { id, first_name, last_name, emails: vec![new.email.clone()] })
    }
}

fn read(raw: &RawValue) -> Option<Customer> {
    customer(serde_json::from_str(raw.get()).ok()?)
}

fn customer(wire: wire::Customer) -> Option<Customer> {
    let emails = wire.embedded.emails.iter();
    let emails = emails.filter_map(|raw| serde_json::from_str::<wire::EmailValue>(raw.get()).ok());
    Some(Customer {
        id: CustomerId::new(wire.id)?,
        first_name: wire.first_name,
        last_name: wire.last_name,
        emails: emails.filter_map(|email| Email::parse(&email.value)).collect(),
    })
}
