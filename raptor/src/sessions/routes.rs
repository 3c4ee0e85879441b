//! The routes of signing in and out.

use http::HeaderValue;
use shared::endpoints::auth::{
    Ceremony, Customer, EndSession, Enrol, EnrolmentOptions, PasskeyOptions, PasskeySession, RenewSession, Session,
};
use shared::{CustomerId, Line, Nothing, ProblemCode};

use super::enrolment::{demo_email, seed_demo};
use super::passkeys::CeremonyError;
use crate::app::App;
use crate::http::{Answer, Call, Handler, Refusal};
use crate::random;
use crate::store::{NewCustomer, NewSession};

impl From<CeremonyError> for Refusal {
    fn from(error: CeremonyError) -> Self {
        match error {
            CeremonyError::Store(error) => error.into(),
            // One answer for every cause: which part of a ceremony failed helps nobody but an attacker.
            other => Self::new(ProblemCode::Unauthenticated).because(other.to_string()),
        }
    }
}

impl Handler<PasskeyOptions> for App {
    async fn handle(&self, _: Call<PasskeyOptions>) -> Result<Answer<Ceremony>, Refusal> {
        Ok(Answer::new(self.passkeys.start_sign_in(&self.store, self.now()).await?))
    }
}

impl Handler<PasskeySession> for App {
    async fn handle(&self, call: Call<PasskeySession>) -> Result<Answer<Session>, Refusal> {
        let now = self.now();
        let customer = self.passkeys.finish_sign_in(&self.store, &call.body, now).await?;
        let profile = self.store.customer(customer).await?.ok_or(ProblemCode::Unauthenticated)?;
        let auth_time = u64::try_from(now.millis() / 1000).unwrap_or_default();
        let session = NewSession::draw(customer, now);
        self.store.begin_session(&session).await?;
        let answer = self.session(&profile.into_customer(), &session.id, auth_time)?;
        Ok(answer.by(customer))
    }
}

impl Handler<RenewSession> for App {
    async fn handle(&self, call: Call<RenewSession>) -> Result<Answer<Session>, Refusal> {
        let signed_in = call.signed_in()?;
        let customer =
            Customer { id: signed_in.customer, name: signed_in.name.clone(), email: signed_in.email.clone() };
        self.session(&customer, &signed_in.session, signed_in.auth_time)
    }
}

impl Handler<EndSession> for App {
    async fn handle(&self, call: Call<EndSession>) -> Result<Answer<Nothing>, Refusal> {
        let signed_in = call.signed_in()?;
        self.store.end_session(&signed_in.session, self.now()).await?;
        self.live.session_ended(&signed_in.session);
        let cleared = HeaderValue::from_static("\"cache\", \"storage\"");
        Ok(Answer::new(Nothing).with_header("clear-site-data", cleared))
    }
}

impl Handler<EnrolmentOptions> for App {
    async fn handle(&self, call: Call<EnrolmentOptions>) -> Result<Answer<Ceremony>, Refusal> {
        Ok(Answer::new(self.passkeys.start_enrolment(&self.store, &call.body.display_name, self.now()).await?))
    }
}

impl Handler<Enrol> for App {
    async fn handle(&self, call: Call<Enrol>) -> Result<Answer<Customer>, Refusal> {
        let now = self.now();
        let registration = self.passkeys.finish_enrolment(&self.store, &call.body, now).await?;
        let email = demo_email(&registration.display_name);
        let customer = Customer { id: registration.customer, name: registration.display_name, email };
        let new = NewCustomer { id: customer.id, name: customer.name.clone(), email: customer.email.clone() };
        self.store.enrol(&new, &registration.credential, now).await?;
        if let Some(url) = self.development.as_ref().and_then(|development| development.seed_url.as_ref()) {
            seed_demo(url, &customer.email, &customer.name).await;
        }
        Ok(Answer::new(customer).by(new.id))
    }
}

impl App {
    fn session(&self, customer: &Customer, session: &str, auth_time: u64) -> Result<Answer<Session>, Refusal> {
        let issued = self
            .authenticator
            .tokens
            .issue(customer.id, &customer.email, session, auth_time, self.now())
            .ok_or(ProblemCode::SessionExpired)?;
        Ok(Answer::new(Session {
            token: issued.token,
            expires_at: issued.expires_at,
            absolute_expires_at: issued.absolute_expires_at,
            customer: customer.clone(),
        }))
    }
}

impl NewSession {
    fn draw(customer: CustomerId, now: shared::Timestamp) -> Self {
        let lifetime = i64::try_from(shared::session::SESSION_LIFETIME * 1000).unwrap_or_default();
        Self {
            id: format!("{:032x}", random::bits()),
            customer,
            started_at: now,
            ends_at: shared::Timestamp::from_millis(now.millis() + lifetime),
        }
    }
}

impl crate::store::Profile {
    fn into_customer(self) -> Customer {
        let email: Line<3, 254> = self.email;
        Customer { id: self.id, name: self.name, email }
    }
}
