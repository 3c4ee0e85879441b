//! Passkey ceremonies (WebAuthn Level 3). The state of a ceremony stays in our database; the browser holds nothing but the challenge.

use serde::de::DeserializeOwned;
use shared::endpoints::auth::{Ceremony, CeremonyAnswer};
use shared::{CeremonyId, CustomerId, Line, OpaqueObject, Timestamp};
use uuid::Uuid;
use webauthn_rs::prelude::{DiscoverableAuthentication, Passkey, PasskeyRegistration, WebauthnError};
use webauthn_rs::{Webauthn, WebauthnBuilder};

use crate::config::PasskeyConfig;
use crate::random;
use crate::store::{CeremonyPurpose, Store, StoreError, StoredCeremony, StoredCredential};

/// How long a challenge is accepted, in milliseconds: 5 minutes.
const CHALLENGE_LIFETIME: i64 = 5 * 60 * 1000;

/// Starts and ends ceremonies.
pub struct Passkeys {
    webauthn: Webauthn,
}

/// Why a ceremony failed. The customer never learns which: all of them are one 401.
#[derive(Debug, thiserror::Error)]
pub enum CeremonyError {
    /// There is no such ceremony, it was for something else, it was used before, or its time is over.
    #[error("the ceremony is unknown, used, for another purpose, or over")]
    Unknown,
    /// What the browser sent is not what such a ceremony ends with.
    #[error("the answer has not the form of a credential")]
    Malformed,
    /// The credential is not one of ours, or not of the user that it names.
    #[error("the credential is unknown, or belongs to another user")]
    Credential,
    /// The verification failed.
    #[error("the verification failed: {0}")]
    Verification(WebauthnError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A registration that was verified.
pub struct Registration {
    /// The customer whom the ceremony was started for.
    pub customer: CustomerId,
    /// The name that was given at its start.
    pub display_name: Line<1, 80>,
    /// The new credential.
    pub credential: StoredCredential,
}

impl Passkeys {
    /// For this RP ID and these exact origins.
    ///
    /// # Errors
    /// When the library refuses the configuration.
    pub fn new(config: &PasskeyConfig) -> Result<Self, WebauthnError> {
        let (first, others) = config.origins.split_first().ok_or(WebauthnError::Configuration)?;
        let builder = WebauthnBuilder::new(&config.rp_id, first)?
            .rp_name("Raxx Support")
            .allow_subdomains(false)
            .allow_any_port(false);
        let builder = others.iter().fold(builder, |builder, origin| builder.append_allowed_origin(origin));
        Ok(Self { webauthn: builder.build()? })
    }

    /// Starts a sign-in for whoever holds a discoverable credential: no name is asked for and none is told.
    ///
    /// # Errors
    /// `CeremonyError::Verification` or `CeremonyError::Store`.
    pub async fn start_sign_in(&self, store: &Store, now: Timestamp) -> Result<Ceremony, CeremonyError> {
        let (options, state) =
            self.webauthn.start_discoverable_authentication().map_err(CeremonyError::Verification)?;
        Self::begin(store, CeremonyPurpose::SignIn, None, &options.public_key, &state, now).await
    }

    /// Ends a sign-in: whose passkey it was.
    ///
    /// # Errors
    /// `CeremonyError`.
    pub async fn finish_sign_in(
        &self,
        store: &Store,
        answer: &CeremonyAnswer,
        now: Timestamp,
    ) -> Result<CustomerId, CeremonyError> {
        let ceremony = Self::take(store, answer.ceremony_id, CeremonyPurpose::SignIn, now).await?;
        let state: DiscoverableAuthentication = read(&ceremony.state)?;
        let credential = serde_json::from_str(answer.credential.as_str()).map_err(|_| CeremonyError::Malformed)?;
        let (user, credential_id) =
            self.webauthn.identify_discoverable_authentication(&credential).map_err(|_| CeremonyError::Malformed)?;
        let stored = store.credential(credential_id).await?.ok_or(CeremonyError::Credential)?;
        if stored.customer != CustomerId::from_bits(user.as_u128()) {
            return Err(CeremonyError::Credential);
        }
        let mut passkey: Passkey = read(&stored.passkey)?;
        let result = self
            .webauthn
            .finish_discoverable_authentication_v2(&credential, state, &passkey)
            .map_err(CeremonyError::Verification)?;
        if passkey.update_credential(&result) == Some(true) {
            // Written only over the state that was verified: of two assertions with one counter, the later one loses.
            let updated = serde_json::to_string(&passkey).map_err(|_| CeremonyError::Malformed)?;
            if !store.replace_credential(&stored, &updated).await? {
                return Err(CeremonyError::Credential);
            }
        }
        Ok(stored.customer)
    }

    /// Starts a registration for a customer who does not exist yet.
    ///
    /// # Errors
    /// `CeremonyError::Verification` or `CeremonyError::Store`.
    pub async fn start_enrolment(
        &self,
        store: &Store,
        display_name: &Line<1, 80>,
        now: Timestamp,
    ) -> Result<Ceremony, CeremonyError> {
        let customer = CustomerId::from_bits(random::bits());
        let user = Uuid::from_u128(customer.bits());
        let (options, state) = self
            .webauthn
            .start_passkey_registration(user, display_name, display_name, None)
            .map_err(CeremonyError::Verification)?;
        let mut options = serde_json::to_value(&options.public_key).map_err(|_| CeremonyError::Malformed)?;
        // Sign-in names nobody, so the credential must be discoverable (section 5.4.6 of WebAuthn Level 3).
        if let Some(selection) = options.get_mut("authenticatorSelection").and_then(|value| value.as_object_mut()) {
            selection.insert("residentKey".into(), "required".into());
            selection.insert("requireResidentKey".into(), true.into());
        }
        Self::begin(store, CeremonyPurpose::Enrolment, Some((customer, display_name)), &options, &state, now).await
    }

    /// Ends a registration.
    ///
    /// # Errors
    /// `CeremonyError`.
    pub async fn finish_enrolment(
        &self,
        store: &Store,
        answer: &CeremonyAnswer,
        now: Timestamp,
    ) -> Result<Registration, CeremonyError> {
        let ceremony = Self::take(store, answer.ceremony_id, CeremonyPurpose::Enrolment, now).await?;
        let (Some(customer), Some(display_name)) = (ceremony.customer, ceremony.display_name) else {
            return Err(CeremonyError::Unknown);
        };
        let state: PasskeyRegistration = read(&ceremony.state)?;
        let credential = serde_json::from_str(answer.credential.as_str()).map_err(|_| CeremonyError::Malformed)?;
        let passkey =
            self.webauthn.finish_passkey_registration(&credential, &state).map_err(CeremonyError::Verification)?;
        let credential = StoredCredential {
            id: passkey.cred_id().to_vec(),
            customer,
            passkey: serde_json::to_string(&passkey).map_err(|_| CeremonyError::Malformed)?,
        };
        Ok(Registration { customer, display_name, credential })
    }

    async fn begin(
        store: &Store,
        purpose: CeremonyPurpose,
        user: Option<(CustomerId, &Line<1, 80>)>,
        options: &impl serde::Serialize,
        state: &impl serde::Serialize,
        now: Timestamp,
    ) -> Result<Ceremony, CeremonyError> {
        let ceremony = StoredCeremony {
            id: CeremonyId::from_bits(random::bits()),
            purpose,
            state: serde_json::to_string(state).map_err(|_| CeremonyError::Malformed)?,
            customer: user.map(|(customer, _)| customer),
            display_name: user.map(|(_, name)| name.clone()),
            expires_at: Timestamp::from_millis(now.millis() + CHALLENGE_LIFETIME),
        };
        let options = serde_json::to_string(options).map_err(|_| CeremonyError::Malformed)?;
        let public_key = OpaqueObject::parse(&options).map_err(|_| CeremonyError::Malformed)?;
        store.begin_ceremony(&ceremony, now).await?;
        Ok(Ceremony { ceremony_id: ceremony.id, public_key, expires_at: ceremony.expires_at })
    }

    /// Takes the ceremony out of the database, whatever comes of it: a challenge is used once.
    async fn take(
        store: &Store,
        id: CeremonyId,
        purpose: CeremonyPurpose,
        now: Timestamp,
    ) -> Result<StoredCeremony, CeremonyError> {
        let ceremony = store.take_ceremony(id).await?.ok_or(CeremonyError::Unknown)?;
        if ceremony.purpose == purpose && now < ceremony.expires_at {
            Ok(ceremony)
        } else {
            Err(CeremonyError::Unknown)
        }
    }
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, CeremonyError> {
    serde_json::from_str(json).map_err(|_| CeremonyError::Malformed)
}
