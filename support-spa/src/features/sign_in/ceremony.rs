//! The two ceremonies from end to end: ask for options, let the browser do its part, send what it gave.

use shared::Nothing;
use shared::endpoints::auth::{CeremonyAnswer, PasskeyOptions, PasskeySession, Session};
use web_sys::AbortController;

use crate::browser::now;
use crate::client::{self, Cause, Failure};
use crate::webauthn::{self, CeremonyError, Mediation};

/// How long a challenge is of use, in milliseconds: a little less than the five minutes for which it is accepted, since the answer travels.
/// It is measured here; the clock of a device may be wrong, so `expires_at` says little to it.
pub(super) const LIFETIME: i32 = 290_000;

/// Why somebody is not signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SignInError {
    /// The browser gave nothing.
    Ceremony(CeremonyError),
    /// We do not know the passkey, or did not accept what it said.
    Refused,
    /// The challenge is too old, which a device that slept may not have noticed.
    Late,
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
    mediation: Mediation,
    abort: Option<&AbortController>,
    tell: impl Fn(Step),
) -> Result<Session, SignInError> {
    tell(Step::Preparing);
    let began = now();
    let ceremony = client::call::<PasskeyOptions>((), (), &Nothing).await?;
    tell(Step::Waiting);
    let credential = webauthn::get(&ceremony.public_key, mediation, abort).await?;
    // A refusal would look as if the passkey were unknown.
    if now() - began >= i64::from(LIFETIME) {
        return Err(SignInError::Late);
    }
    tell(Step::Verifying);
    let answer = CeremonyAnswer { ceremony_id: ceremony.ceremony_id, credential };
    Ok(client::call::<PasskeySession>((), (), &answer).await?)
}
