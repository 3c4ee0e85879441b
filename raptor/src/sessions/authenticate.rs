//! Who is asking? The JWT alone says so.

use http::{HeaderMap, header};
use shared::{CustomerId, Line, ProblemCode, Timestamp};

use super::tokens::{TokenRefusal, Tokens};
use crate::http::Refusal;
use crate::store::Store;

/// A customer with a valid session.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who.
    pub customer: CustomerId,
    /// The session that the token belongs to.
    pub session: String,
    /// When the passkey was proven, in seconds since the epoch.
    pub auth_time: u64,
    /// When the token stops being accepted.
    pub expires_at: Timestamp,
    /// Verified e-mail address.
    pub email: Line<3, 254>,
    /// First and last name.
    pub name: Line<1, 80>,
}

/// Reads tokens and asks whether their session still exists.
pub struct Authenticator {
    /// Issues and reads tokens.
    pub tokens: Tokens,
}

impl Authenticator {
    /// The customer whose token the request carries.
    ///
    /// # Errors
    /// `unauthenticated`, or `session_expired` when the token was good once.
    pub async fn authenticate(&self, store: &Store, headers: &HeaderMap, now: Timestamp) -> Result<SignedIn, Refusal> {
        let token = bearer(headers).ok_or(ProblemCode::Unauthenticated)?;
        let verified = self.tokens.verify(token, now).map_err(|refusal| match refusal {
            TokenRefusal::Invalid => ProblemCode::Unauthenticated,
            TokenRefusal::Expired => ProblemCode::SessionExpired,
        })?;
        // The signature says that we issued it; only the database says that nobody signed out since.
        let session = store.live_session(&verified.session, now).await?.ok_or(ProblemCode::SessionExpired)?;
        if session.customer != verified.customer {
            return Err(ProblemCode::Unauthenticated.into());
        }
        Ok(SignedIn {
            customer: session.customer,
            session: verified.session,
            auth_time: verified.auth_time,
            expires_at: verified.expires_at,
            email: session.email,
            name: session.name,
        })
    }
}

/// The one `Authorization: Bearer` value (RFC 6750). Two headers are none: who knows which one a proxy looked at.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (value, more) = (values.next()?, values.next());
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    (more.is_none() && scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_one_bearer_and_nothing_else() {
        let headers = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::AUTHORIZATION, value.parse().unwrap());
            }
            headers
        };
        assert_eq!(bearer(&headers(&["bearer a.b.c"])), Some("a.b.c"));
        for bad in [&[][..], &["Bearer "], &["Bearer"], &["Basic a"], &["Bearer a", "Bearer a"]] {
            assert_eq!(bearer(&headers(bad)), None, "{bad:?}");
        }
    }
}
