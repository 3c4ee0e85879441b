//! Customers: creating, finding, changing.

use super::{
    Event, Transaction,
    input::NewCustomer,
    model::{Customer, CustomerEmail},
    state::take,
};
use crate::api::errors::ApiError;

impl Transaction<'_> {
    /// Stores a customer.
    ///
    /// # Errors
    /// 400 when there is neither name nor address, an address is none, or is taken.
    pub(crate) fn create_customer(&mut self, new: NewCustomer) -> Result<u64, ApiError> {
        if new.emails.is_empty() && new.first_name.is_empty() {
            return Err(ApiError::required("emails"));
        }
        self.check_emails(&new.emails, None)?;
        let id = take(&mut self.state.next.customer);
        let created_at = new.created_at.unwrap_or(self.now);
        let emails = self.store_emails(new.emails, new.keep_case);
        let photo_url = match new.photo_path.as_str() {
            "" => String::new(),
            path => format!("{}/storage/{path}", self.desk.base_url),
        };
        self.state.customers.insert(
            id,
            Customer {
                id,
                first_name: new.first_name.chars().take(40).collect(),
                last_name: new.last_name.chars().take(40).collect(),
                emails,
                phones: new.phones,
                company: new.company,
                job_title: new.job_title,
                notes: new.notes,
                photo_url,
                created_at,
                updated_at: created_at,
            },
        );
        self.events.push(Event::Customer { name: "customer.created", id });
        Ok(id)
    }

    /// The customer that a request means: by id, else address, else telephone number, else a new one. Nobody checks
    /// whether the caller may speak for that customer.
    ///
    /// # Errors
    /// 400 when nothing identifies a customer.
    pub(crate) fn find_or_create_customer(&mut self, id: u64, new: NewCustomer) -> Result<u64, ApiError> {
        if self.state.customers.contains_key(&id) {
            return Ok(id);
        }
        let by_email = new.emails.iter().find_map(|email| self.state.customer_with_email(email));
        let by_phone =
            || self.state.customers.values().find(|own| own.phones.iter().any(|phone| new.phones.contains(phone)));
        if let Some(known) = by_email.or_else(by_phone) {
            return Ok(known.id);
        }
        if new.emails.is_empty() && new.phones.is_empty() {
            return Err(ApiError::Invalid { path: "customer", message: "Customer not found".to_owned() });
        }
        self.create_customer(new)
    }

    /// Changes a customer.
    ///
    /// # Errors
    /// 404 for an unknown id; 400 for a bad or taken address.
    pub(crate) fn update_customer(
        &mut self,
        id: u64,
        emails: Option<Vec<String>>,
        emails_add: Vec<String>,
        change: impl FnOnce(&mut Customer),
    ) -> Result<(), ApiError> {
        if !self.state.customers.contains_key(&id) {
            return Err(ApiError::NotFound);
        }
        if let Some(emails) = &emails {
            self.check_emails(emails, Some(id))?;
        }
        self.check_emails(&emails_add, Some(id))?;
        let replacement = emails.map(|emails| self.store_emails(emails, false));
        let added = self.store_emails(emails_add, false);
        let now = self.now;
        let Some(customer) = self.state.customers.get_mut(&id) else { return Err(ApiError::NotFound) };
        if let Some(emails) = replacement {
            customer.emails = emails;
        }
        for email in added {
            if !customer.has_email(&email.value) {
                customer.emails.push(email);
            }
        }
        change(customer);
        customer.updated_at = now;
        self.events.push(Event::Customer { name: "customer.updated", id });
        Ok(())
    }

    fn check_emails(&self, emails: &[String], owner: Option<u64>) -> Result<(), ApiError> {
        for email in emails {
            let plausible = email
                .split_once('@')
                .is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.') && !domain.contains('@'));
            if !plausible || email.chars().any(char::is_whitespace) {
                return Err(ApiError::Invalid { path: "emails", message: format!("Invalid email: {email}") });
            }
            if self.state.customer_with_email(email).is_some_and(|other| Some(other.id) != owner) {
                let message = "Customers with such email(s) already exist".to_owned();
                return Err(ApiError::Invalid { path: "emails", message });
            }
        }
        Ok(())
    }

    fn store_emails(&mut self, emails: Vec<String>, keep_case: bool) -> Vec<CustomerEmail> {
        emails
            .into_iter()
            .map(|email| CustomerEmail {
                id: take(&mut self.state.next.email),
                value: if keep_case { email } else { email.to_lowercase() },
                kind: "work".to_owned(),
            })
            .collect()
    }
}
