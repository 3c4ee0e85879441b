//! Signing in and out. Passkeys are the only way in.

use serde::{Deserialize, Serialize};

use crate::body::{json_requests, json_responses};
use crate::bounded::Line;
use crate::endpoint::endpoint;
use crate::id::{CeremonyId, CustomerId};
use crate::json::OpaqueObject;
use crate::timestamp::Timestamp;

endpoint! {
    /// Asks for a challenge.
    PasskeyOptions = "passkeyOptions": Post "/api/v1/auth/passkey/options", Public, SignIn => 200, response Ceremony;
    "Starts a sign-in: a challenge for one passkey ceremony, usable once, for five minutes."
}

endpoint! {
    /// Trades an assertion for a session.
    PasskeySession = "passkeySession": Post "/api/v1/auth/passkey/session", Public, SignIn => 201, request CeremonyAnswer, response Session;
    "Ends a sign-in: an assertion for a session."
}

endpoint! {
    /// Slides the session's end.
    RenewSession = "renewSession": Post "/api/v1/auth/session/renew", Bearer, Write => 200, response Session;
    "Renews the session; never past its absolute end."
}

endpoint! {
    /// Signs out.
    EndSession = "endSession": Delete "/api/v1/auth/session", Bearer, Write => 204;
    "Signs out: the token is revoked at once."
}

endpoint! {
    /// Asks for the options of a demo passkey.
    EnrolmentOptions = "enrolmentOptions": Post "/api/v1/auth/enrolment/options", Development, SignIn => 200, request EnrolmentStart, response Ceremony;
    "Starts the enrolment of a demo customer. Development only."
}

endpoint! {
    /// Creates a demo customer with a passkey.
    Enrol = "enrol": Post "/api/v1/auth/enrolment", Development, SignIn => 201, request CeremonyAnswer, response Customer;
    "Ends the enrolment of a demo customer. Development only."
}

/// A passkey ceremony that has begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Ceremony {
    /// Names the ceremony when it is answered.
    pub ceremony_id: CeremonyId,
    /// WebAuthn's `PublicKeyCredentialRequestOptionsJSON` or `PublicKeyCredentialCreationOptionsJSON`, for the browser alone to read.
    pub public_key: OpaqueObject,
    /// When the challenge stops being accepted.
    pub expires_at: Timestamp,
}

/// What the authenticator said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CeremonyAnswer {
    /// The ceremony that is answered.
    pub ceremony_id: CeremonyId,
    /// WebAuthn's `AuthenticationResponseJSON` or `RegistrationResponseJSON`, as the browser's `toJSON()` gives it.
    pub credential: OpaqueObject,
}

/// Who the demo customer is to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EnrolmentStart {
    /// First and last name.
    pub display_name: Line<1, 80>,
}

/// A session.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Session {
    /// The JWT, to be sent as `Authorization: Bearer`.
    pub token: Line<1, 4096>,
    /// When the token stops being accepted, unless it is renewed before.
    pub expires_at: Timestamp,
    /// When the session ends whatever happens.
    pub absolute_expires_at: Timestamp,
    /// Who is signed in.
    pub customer: Customer,
}

/// Leaves the token out, so that no log can hold one.
impl std::fmt::Debug for Session {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Session").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// The customer, as they know themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Customer {
    /// Opaque id; the `sub` of the JWT.
    pub id: CustomerId,
    /// First and last name.
    pub name: Line<1, 80>,
    /// Verified e-mail address.
    pub email: Line<3, 254>,
}

json_requests! {
    CeremonyAnswer: 20 * 1024;
    EnrolmentStart: 1024;
}

json_responses! {
    Ceremony: 20 * 1024;
    Session: 8 * 1024;
    Customer: 2 * 1024;
}
