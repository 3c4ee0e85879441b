//! A software authenticator: enrols a demo customer and signs in, as a browser would.

use passkey::authenticator::{Authenticator, UiHint, UserCheck, UserValidationMethod};
use passkey::client::{Client, DefaultClientData};
use passkey::crypto::rust_crypto::RustCryptoBackend;
use passkey::types::Passkey;
use passkey::types::ctap2::{Aaguid, Ctap2Error};
use passkey::types::webauthn::{CredentialCreationOptions, CredentialRequestOptions};
use public_suffix::PublicSuffixList;
use shared::endpoints::auth::{
    CeremonyAnswer, EnrolmentOptions, EnrolmentStart, PasskeyOptions, PasskeySession, Session,
};
use shared::{Line, Nothing, OpaqueObject};
use url::Url;

use crate::caller::{Caller, CallerError};

/// What kept a passkey from being made or used.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// The call failed.
    #[error(transparent)]
    Call(#[from] CallerError),
    /// The options do not have WebAuthn's form.
    #[error("the options are not WebAuthn's: {0}")]
    Options(#[from] serde_json::Error),
    /// The authenticator refused.
    #[error("the authenticator refused: {0}")]
    Refused(String),
}

/// One authenticator, which holds one passkey.
pub struct Device {
    client: Client<Option<Passkey>, Present, RustCryptoBackend, PublicSuffixList, ()>,
    origin: Url,
}

/// Somebody who is always there and always agrees.
struct Present;

#[async_trait::async_trait]
impl UserValidationMethod for Present {
    type PasskeyItem = Passkey;

    async fn check_user<'a>(&self, _: UiHint<'a, Passkey>, _: bool, _: bool) -> Result<UserCheck, Ctap2Error> {
        Ok(UserCheck { presence: true, verification: true })
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        Some(true)
    }
}

impl Device {
    /// An authenticator for pages of `origin`, the one that Raptor expects.
    #[must_use]
    pub fn new(origin: Url) -> Self {
        let authenticator = Authenticator::new(Aaguid::new_empty(), None, Present, RustCryptoBackend);
        Self { client: Client::new(authenticator).allows_insecure_localhost(true), origin }
    }

    /// Enrols a demo customer. Only where demo enrolment is switched on.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub async fn enrol(&mut self, caller: &Caller, name: &str) -> Result<(), DeviceError> {
        let display_name = Line::fitted(name).unwrap_or_default();
        let ceremony = caller.call::<EnrolmentOptions>(&(), &(), &EnrolmentStart { display_name }, None).await?;
        let options = CredentialCreationOptions { public_key: serde_json::from_str(ceremony.public_key.as_str())? };
        let created = self.client.register(&self.origin, options, DefaultClientData).await;
        let created = created.map_err(|error| DeviceError::Refused(format!("{error:?}")))?;
        let answer = answer(ceremony.ceremony_id, &serde_json::to_string(&created)?)?;
        caller.call::<shared::endpoints::auth::Enrol>(&(), &(), &answer, None).await?;
        Ok(())
    }

    /// Signs in with the passkey that was enrolled.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub async fn sign_in(&mut self, caller: &Caller) -> Result<Session, DeviceError> {
        let ceremony = caller.call::<PasskeyOptions>(&(), &(), &Nothing, None).await?;
        let options = CredentialRequestOptions { public_key: serde_json::from_str(ceremony.public_key.as_str())? };
        let found = self.client.authenticate(&self.origin, options, DefaultClientData).await;
        let found = found.map_err(|error| DeviceError::Refused(format!("{error:?}")))?;
        let answer = answer(ceremony.ceremony_id, &serde_json::to_string(&found)?)?;
        Ok(caller.call::<PasskeySession>(&(), &(), &answer, None).await?)
    }
}

fn answer(ceremony_id: shared::CeremonyId, credential: &str) -> Result<CeremonyAnswer, DeviceError> {
    let credential =
        OpaqueObject::parse(credential).map_err(|violation| DeviceError::Refused(violation.to_string()))?;
    Ok(CeremonyAnswer { ceremony_id, credential })
}
