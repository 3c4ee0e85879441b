//! The two ceremonies from end to end: ask for options, let the browser do its part, send what it gave.

use shared::Nothing;
use shared::endpoints::auth::{CeremonyAnswer, PasskeyOptions, PasskeySession, Session};
use web_sys::AbortController;

use crate::browser::now;
use crate::client::{self, Cause, Failure};
use crate::webauthn::{self, CeremonyError, Mediation};

/// Why somebody is not signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SignInError {
    /// The browser gave nothing.
    Ceremony(CeremonyError),
    /// We do not know the passkey, or did not accept what it said.
    Refused,
    /// We could not be asked.
    Failed(Failure),
}

impl From<CeremonyError> for SignInError {
    fn from(error: CeremonyError) -> Self {
        Self::Ceremony(error)
    }
}

impl From<Failure> for SignInError {
    fn from(failure: Failure) -> Self {
        match failure.cause {
            Cause::SessionEnded | Cause::NotFound | Cause::Invalid(_) => Self::Refused,
            _ => Self::Failed(failure),
        }
    }
}

/// Where a sign-in stands; told as it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The challenge is on its way.
    Preparing,
    /// The browser asks the customer.
    Waiting,
    /// The answer is being checked.
    Verifying,
}

/// Signs in.
pub(super) async fn sign_in(
    mut mediation: Mediation,
    abort: Option<AbortController>,
    tell: impl Fn(Step),
) -> Result<Session, SignInError> {
    // Once, since this device's clock may be wrong.
    let mut may_be_late = true;
    loop {
        tell(Step::Preparing);
        let ceremony = client::call::<PasskeyOptions>((), (), &Nothing).await?;
        tell(Step::Waiting);
        let credential = webauthn::get(&ceremony.public_key, mediation, abort.as_ref()).await?;
        tell(Step::Verifying);
        let answer = CeremonyAnswer { ceremony_id: ceremony.ceremony_id, credential };
        match client::call::<PasskeySession>((), (), &answer).await.map_err(SignInError::from) {
            // A page may stand open for long before its passkey is chosen. Its challenge had gone, which says nothing of the passkey.
            Err(SignInError::Refused) if may_be_late && now() >= ceremony.expires_at.millis() => {
                may_be_late = false;
                mediation = Mediation::Prompt;
            }
            answer => return answer,
        }
    }
}
